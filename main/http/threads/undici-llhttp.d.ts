/** The parser of undici, which it ships without types. */
declare module 'undici/lib/llhttp/llhttp-wasm.js' {
  /** The WebAssembly module. */
  const program: Uint8Array<ArrayBuffer>;
  export default program;
}
