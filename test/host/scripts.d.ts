/** A script for a page, bundled into one expression: see vite.config.ts. */
declare module '*?script' {
  const source: string;
  export default source;
}
