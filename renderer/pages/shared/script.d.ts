/** A program of its own as text: see scriptText() in .ci/pages.mjs. */
declare module '*?script' {
  const code: string;
  export default code;
}
