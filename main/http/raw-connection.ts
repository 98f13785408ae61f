import { connect as connectPlain, type OnReadOpts, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { malformedReply } from '../failure.ts';
import { parseReplyHead, type ReplyHead } from './reply-head.ts';
import { CONNECT_TIMEOUT_MS, STALL_TIMEOUT_MS } from './timeouts.ts';
import { trustOption } from './trust.ts';

/** Where a connection leads. */
export interface RawOrigin {
  readonly isSecure: boolean;
  /** Without the brackets of an IPv6 address. */
  readonly host: string;
  readonly port: number;
  /** Certificate authorities (PEM) in place of those that are trusted. */
  readonly ca?: string | readonly string[] | undefined;
  /** Longest silence of the other side, in milliseconds; 30 s unless said. */
  readonly stallTimeoutMs?: number | undefined;
}

/** Gives the next bytes of a request's body, null at its end. They stay as they are until it is called again. */
export type NextBytes = () => Promise<Uint8Array | null>;

/** Bytes that are read from a socket at once. */
const BUFFER_BYTES = 1024 * 1024;

const MAX_HEAD_BYTES = 64 * 1024;

/**
 * One connection of HTTP/1.1 for large bodies, one request at a time. A single buffer of 1 MiB serves all that is read:
 * a client that makes a stream of 64 KiB pieces costs three times the processor time.
 */
export class RawConnection {
  /** Whether another request may be sent. */
  isOpen = true;
  /** Whether anything came since the last request was sent. */
  hasAnswered = false;
  readonly #buffer = Buffer.allocUnsafeSlow(BUFFER_BYTES);
  readonly #socket: Socket;
  /** What came and nobody asked for yet: the beginning of a body that came with its head. */
  #rest: Buffer | null = null;
  #reader: { readonly resolve: (bytes: Buffer) => void; readonly reject: (error: Error) => void } | null = null;
  #lost: Error | null = null;
  /** It is our turn, so silence is no stall. */
  #isOurTurn = false;

  constructor({ isSecure, host, port, ca, stallTimeoutMs = STALL_TIMEOUT_MS }: RawOrigin) {
    const onread: OnReadOpts = {
      buffer: this.#buffer,
      callback: (count) => this.#receive(this.#buffer.subarray(0, count)),
    };
    const trust = ca === undefined ? trustOption() : { ca };
    this.#socket = isSecure
      ? connectTls({ host, port, onread, servername: host, ALPNProtocols: ['http/1.1'], ...trust } as object)
      : connectPlain({ host, port, onread });
    this.#socket
      .setNoDelay(true)
      .setTimeout(CONNECT_TIMEOUT_MS)
      .once(isSecure ? 'secureConnect' : 'connect', () => this.#socket.setTimeout(stallTimeoutMs))
      .on('timeout', () => {
        if (!this.#isOurTurn) this.#socket.destroy(lost('ETIMEDOUT'));
        // It tells only once: a silence that begins after our turn counts too.
        else this.#socket.setTimeout(stallTimeoutMs);
      })
      .on('error', (error) => this.#lose(error))
      .on('close', () => this.#lose(lost('ECONNRESET')));
  }

  /** Whether the other side, or the network, has ended it. */
  get isLost(): boolean {
    return this.#lost !== null;
  }

  /**
   * Sends a request and gives the head of its answer, whose body is read with next().
   * @throws Error of the socket, or what `body` throws
   */
  async send(head: string, body: NextBytes | null): Promise<ReplyHead> {
    this.hasAnswered = false;
    const answer = this.#readHead();
    answer.catch(() => undefined);
    this.#socket.write(head, 'latin1');
    const sent = body === null || (await Promise.race([this.#sendBody(body), answer.then(() => false)]));
    this.#isOurTurn = false;
    const result = await answer;
    // A server that refuses answers before it has read all, and would take the rest for another request.
    if (!sent) this.isOpen = false;
    return result;
  }

  /** The next bytes that come, at least one. They are good until the next call. */
  async next(): Promise<Buffer> {
    this.#isOurTurn = false;
    const idle = this.#rest;
    this.#rest = null;
    if (idle !== null) return idle;
    if (this.#lost !== null) throw this.#lost;
    const bytes = await new Promise<Buffer>((resolve, reject) => {
      this.#reader = { resolve, reject };
      this.#socket.resume();
    });
    this.#isOurTurn = true;
    return bytes;
  }

  /** The answer was read: listens only for the connection's end, so that a closed one is not used again. */
  rest(): void {
    if (this.#rest !== null) this.destroy();
    this.#isOurTurn = true;
    this.#socket.resume();
  }

  destroy(): void {
    this.isOpen = false;
    this.#socket.destroy();
  }

  #receive(bytes: Buffer): boolean {
    const reader = this.#reader;
    this.#reader = null;
    this.hasAnswered = true;
    // What nobody asked for is the answer to no request.
    if (reader === null) this.destroy();
    else reader.resolve(bytes);
    return false;
  }

  #lose(error: Error): void {
    this.isOpen = false;
    this.#lost ??= error;
    this.#reader?.reject(this.#lost);
    this.#reader = null;
  }

  async #readHead(): Promise<ReplyHead> {
    let text = '';
    for (;;) {
      const bytes = await this.next();
      const from = text.length;
      text += bytes.toString('latin1', 0, MAX_HEAD_BYTES);
      const end = text.indexOf('\r\n\r\n');
      if (end < 0 && text.length >= MAX_HEAD_BYTES) throw malformedReply(0, 'the head of the answer does not end');
      if (end < 0) continue;
      const rest = bytes.subarray(end + 4 - from);
      this.#rest = rest.length === 0 ? null : rest;
      const head = parseReplyHead(text.slice(0, end));
      text = '';
      // 100 Continue, which nobody asked for, is followed by the answer.
      if (head.status < 200) continue;
      if (!head.isKeepAlive) this.isOpen = false;
      return head;
    }
  }

  /** True when all was sent. */
  async #sendBody(next: NextBytes): Promise<boolean> {
    while (!this.hasAnswered) {
      this.#isOurTurn = true;
      const bytes = await next();
      this.#isOurTurn = false;
      if (bytes === null) return true;
      const error = await new Promise<Error | null | undefined>((done) => this.#socket.write(bytes, done));
      if (error) break;
    }
    return false;
  }
}

/** An error as Node's sockets have it: networkFailure() knows its code. */
function lost(code: 'ETIMEDOUT' | 'ECONNRESET'): Error {
  return Object.assign(new Error(`the connection was lost: ${code}`), { code });
}
