import { malformedReply } from '../../failure.ts';
import type { InterimReplies } from '../interim-replies.ts';
import { MAX_HEAD_BYTES } from '../limits.ts';
import { CONTINUE, FAILED, Llhttp, type LlhttpEvents, NO_BODY, PAUSED } from './llhttp.ts';
import { lost } from './lost.ts';

/** The head of a reply. */
export interface ReplyHead {
  readonly status: number;
  /** As received, in order, names in lower case. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Length of the body in bytes, if the head tells; null: the body marks its own end. */
  readonly lengthBytes: number | null;
  /** Whether the connection may be reused. */
  readonly isKeepAlive: boolean;
}

const NONE = Buffer.alloc(0);

/**
 * Reads one reply, after any number of interim ones: first its head, then its body. Accepts what undici accepts (both
 * use llhttp in strict mode), and fails as undici does.
 */
export class ReplyParser implements LlhttpEvents {
  /** The head of the reply, once it has arrived. */
  head: ReplyHead | null = null;
  /** Whether a head has begun and not ended. */
  isInHead = false;
  /** Whether the body has been read to its end. */
  isComplete = false;
  readonly #interim: InterimReplies;
  readonly #llhttp = new Llhttp(this);
  #fields: { name: Buffer; value: Buffer | null }[] = [];
  #fieldBytes = 0;
  /** Bytes missing of a body of known length, which needs no parsing; null for another. */
  #missing: number | null = null;
  /** The Content-Length as written. */
  #contentLength = '';
  #bodyBytes = 0;
  /** What is being parsed, and how much of the body is already moved to its start. */
  #bytes: Buffer = NONE;
  #decoded = 0;
  #error: Error | null = null;

  constructor(interim: InterimReplies) {
    this.#interim = interim;
  }

  /**
   * Reads on in a head. Returns null if it isn't complete yet; `rest` is what follows it.
   * @throws WaybillError `oss` MalformedReply if it isn't HTTP/1; Error `ECONNRESET` where undici reports that
   */
  readHead(bytes: Buffer): { readonly head: ReplyHead; readonly rest: Buffer } | null {
    const { code, used } = this.#llhttp.execute(bytes);
    const { head } = this;
    if (head === null || code !== PAUSED) {
      if (code === 0) return null;
      throw this.#failure();
    }
    this.#llhttp.resume();
    // Lets llhttp notice that there is no body.
    if (this.#missing === null) this.readBody(NONE);
    return { head, rest: bytes.subarray(used) };
  }

  /**
   * Reads on in the body. The decoded bytes are at the start of `bytes`, whose content they replace. `hasExcess`:
   * something follows the end of the body.
   * @throws as readHead()
   */
  readBody(bytes: Buffer): { readonly body: Buffer; readonly hasExcess: boolean } {
    if (this.#missing !== null) {
      const body = bytes.subarray(0, this.#missing);
      this.#missing -= body.length;
      this.isComplete = this.#missing === 0;
      return { body, hasExcess: body.length < bytes.length };
    }
    this.#bytes = bytes;
    this.#decoded = 0;
    const { code, used } = this.#llhttp.execute(bytes);
    if (code !== 0 && !this.isComplete) throw this.#failure();
    return { body: bytes.subarray(0, this.#decoded), hasExcess: this.isComplete && used < bytes.length };
  }

  /** The connection has ended, which ends a body of unknown length. @throws Error `ECONNRESET` elsewhere */
  end(): void {
    if (this.#missing === null) this.#llhttp.finish();
    if (!this.isComplete) throw this.#error ?? lost('ECONNRESET');
  }

  /** Frees the parser's memory: call when done, also with part of a reply. */
  free(): void {
    this.#llhttp.free();
  }

  onMessageBegin(): number {
    this.isInHead = true;
    return CONTINUE;
  }

  onHeaderField(bytes: Buffer): number {
    const last = this.#fields.at(-1);
    if (last?.value === null) last.name = Buffer.concat([last.name, bytes]);
    else this.#fields.push({ name: Buffer.from(bytes), value: null });
    return this.#track(bytes.length);
  }

  onHeaderValue(bytes: Buffer): number {
    const last = this.#fields.at(-1);
    if (last === undefined) return FAILED;
    last.value = Buffer.concat([last.value ?? NONE, bytes]);
    if (last.name.toString('latin1').toLowerCase() === 'content-length') {
      this.#contentLength += bytes.toString('latin1');
    }
    return this.#track(bytes.length);
  }

  onHeadersComplete(status: number, isUpgrade: boolean, isKeepAlive: boolean): number {
    const headers = this.#takeFields();
    this.isInHead = false;
    // Nothing was upgraded: 101 answers no request of ours.
    if (isUpgrade) return this.#fail(lost('ECONNRESET'));
    if (status < 100) return this.#fail(malformedReply(0, 'a status below 100'));
    if (status < 200) return this.#skip();
    const hasBody = status !== 204 && status !== 304;
    // llhttp has refused a length beside a Transfer-Encoding, and anything but digits.
    const lengthBytes = hasBody && this.#contentLength !== '' ? Number(this.#contentLength) : null;
    this.#missing = lengthBytes === 0 ? null : lengthBytes;
    this.head = { status, headers, lengthBytes, isKeepAlive };
    return PAUSED;
  }

  onBody(start: number, length: number): number {
    this.#bytes.copyWithin(this.#decoded, start, start + length);
    this.#decoded += length;
    this.#bodyBytes += length;
    return CONTINUE;
  }

  onMessageComplete(): number {
    if (this.head === null) {
      this.#contentLength = '';
      return CONTINUE;
    }
    // As undici: also where a status that has no body comes with a length.
    if (this.#hasWrongLength()) return this.#fail(lost('ECONNRESET'));
    this.isComplete = true;
    return PAUSED;
  }

  #skip(): number {
    try {
      this.#interim.note();
      return NO_BODY;
    } catch (error) {
      return this.#fail(error as Error);
    }
  }

  /** Bounds a head, and what may follow a chunked body, as undici does. */
  #track(bytes: number): number {
    this.#fieldBytes += bytes;
    if (this.#fieldBytes < MAX_HEAD_BYTES) return CONTINUE;
    return this.#fail(malformedReply(0, 'the head of the reply is too long'));
  }

  #takeFields(): ReplyHead['headers'] {
    const headers = this.#fields.map(
      ({ name, value }) => [name.toString('latin1').toLowerCase(), (value ?? NONE).toString('latin1')] as const,
    );
    this.#fields = [];
    this.#fieldBytes = 0;
    return headers;
  }

  #hasWrongLength(): boolean {
    return this.#contentLength !== '' && this.#bodyBytes !== Number.parseInt(this.#contentLength, 10);
  }

  #fail(error: Error): number {
    this.#error ??= error;
    return FAILED;
  }

  #failure(): Error {
    if (this.#error !== null) return this.#error;
    // undici takes any fault in a reply that announced a length for one that was cut short.
    if (this.#hasWrongLength()) return lost('ECONNRESET');
    return malformedReply(0, `the reply is not HTTP: ${this.#llhttp.reason}`);
  }
}
