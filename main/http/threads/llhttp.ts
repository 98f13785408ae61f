import program from 'undici/lib/llhttp/llhttp-wasm.js';

/** What a callback returns. PAUSED makes execute() return before the next byte. */
export const CONTINUE = 0;
/** For onHeadersComplete() alone: the message has no body. */
export const NO_BODY = 1;
export const PAUSED = 21;
export const FAILED = -1;

/** What llhttp reports about one message. Bytes are valid during the call only; each part may come in pieces. */
export interface LlhttpEvents {
  onMessageBegin(): number;
  onHeaderField(bytes: Buffer): number;
  onHeaderValue(bytes: Buffer): number;
  onHeadersComplete(status: number, isUpgrade: boolean, isKeepAlive: boolean): number;
  /** A piece of the body: `length` bytes of what was passed to execute(), from `start`. */
  onBody(start: number, length: number): number;
  onMessageComplete(): number;
}

/** The functions of the WebAssembly module that are used here. Addresses are those of its memory. */
interface LlhttpExports {
  readonly memory: WebAssembly.Memory;
  readonly malloc: (bytes: number) => number;
  readonly llhttp_alloc: (type: number) => number;
  readonly llhttp_free: (parser: number) => void;
  readonly llhttp_execute: (parser: number, start: number, length: number) => number;
  readonly llhttp_finish: (parser: number) => number;
  readonly llhttp_resume: (parser: number) => void;
  readonly llhttp_get_error_pos: (parser: number) => number;
  readonly llhttp_get_error_reason: (parser: number) => number;
}

const TYPE_RESPONSE = 2;

/** Most bytes given to the module at once. */
const INPUT_BYTES = 64 * 1024;

let shared: { readonly llhttp: LlhttpExports; readonly input: number } | null = null;
/** The parser that is running, and where the bytes in the module's memory are in those passed to execute(). */
let running: { readonly events: LlhttpEvents; readonly offset: number } | null = null;

/**
 * llhttp, Node's parser of HTTP/1, in strict mode, for one response: the module that undici uses, so that a reply means
 * the same on both ways. Call free() afterwards.
 * @see https://github.com/nodejs/llhttp
 */
export class Llhttp {
  readonly #events: LlhttpEvents;
  readonly #llhttp: LlhttpExports;
  readonly #input: number;
  #parser: number;

  constructor(events: LlhttpEvents) {
    shared ??= load();
    this.#events = events;
    this.#llhttp = shared.llhttp;
    this.#input = shared.input;
    this.#parser = this.#llhttp.llhttp_alloc(TYPE_RESPONSE);
  }

  /** Parses bytes until they end (code 0), a callback pauses, or they are wrong. `used`: how many were parsed. */
  execute(bytes: Uint8Array): { readonly code: number; readonly used: number } {
    const { memory, llhttp_execute: execute, llhttp_get_error_pos: errorPosition } = this.#llhttp;
    let used = 0;
    if (this.#parser === 0) return { code: FAILED, used };
    do {
      const piece = bytes.subarray(used, used + INPUT_BYTES);
      new Uint8Array(memory.buffer, this.#input, piece.length).set(piece);
      running = { events: this.#events, offset: used - this.#input };
      const code = execute(this.#parser, this.#input, piece.length);
      running = null;
      if (code !== 0) return { code, used: used + errorPosition(this.#parser) - this.#input };
      used += piece.length;
    } while (used < bytes.length);
    return { code: 0, used };
  }

  /** Continues after PAUSED. */
  resume(): void {
    this.#llhttp.llhttp_resume(this.#parser);
  }

  /** Tells that the connection has ended, which completes some messages. */
  finish(): void {
    running = { events: this.#events, offset: 0 };
    this.#llhttp.llhttp_finish(this.#parser);
    running = null;
  }

  /** What was wrong. */
  get reason(): string {
    const start = this.#llhttp.llhttp_get_error_reason(this.#parser);
    if (start === 0) return '';
    const bytes = Buffer.from(this.#llhttp.memory.buffer, start);
    return bytes.toString('latin1', 0, bytes.indexOf(0));
  }

  /** Frees its memory; what is executed afterwards fails. */
  free(): void {
    if (this.#parser !== 0) this.#llhttp.llhttp_free(this.#parser);
    this.#parser = 0;
  }
}

/** Compiles the module, once a thread. */
function load(): { readonly llhttp: LlhttpExports; readonly input: number } {
  const call = (report: (events: LlhttpEvents) => number): number =>
    running === null ? FAILED : report(running.events);
  const bytes = (start: number, length: number): Buffer => Buffer.from(llhttp.memory.buffer, start, length);
  const env = {
    wasm_on_url: () => CONTINUE,
    wasm_on_status: () => CONTINUE,
    wasm_on_message_begin: () => call((events) => events.onMessageBegin()),
    wasm_on_header_field: (_parser: number, start: number, length: number) =>
      call((events) => events.onHeaderField(bytes(start, length))),
    wasm_on_header_value: (_parser: number, start: number, length: number) =>
      call((events) => events.onHeaderValue(bytes(start, length))),
    wasm_on_headers_complete: (_parser: number, status: number, upgrade: number, keepAlive: number) =>
      call((events) => events.onHeadersComplete(status, upgrade === 1, keepAlive === 1)),
    wasm_on_body: (_parser: number, start: number, length: number) =>
      call((events) => events.onBody(start + (running?.offset ?? 0), length)),
    wasm_on_message_complete: () => call((events) => events.onMessageComplete()),
  };
  const instance = new WebAssembly.Instance(new WebAssembly.Module(program), { env });
  const llhttp = instance.exports as unknown as LlhttpExports;
  return { llhttp, input: llhttp.malloc(INPUT_BYTES) };
}
