import { connect as connectPlain, isIP, type OnReadOpts, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { InterimReplies } from '../interim-replies.ts';
import { BLOCK_BYTES, CONNECT_TIMEOUT_MS, STALL_TIMEOUT_MS } from '../limits.ts';
import { trustOption } from '../trust.ts';
import { lost } from './lost.ts';
import { type ReplyHead, ReplyParser } from './reply-parser.ts';

/** The server to connect to. */
export interface RawOrigin {
  readonly isSecure: boolean;
  /** Without the brackets of an IPv6 address. */
  readonly host: string;
  readonly port: number;
  /** Certificate authorities (PEM) to trust instead of those set by trust(). */
  readonly ca?: string | readonly string[] | undefined;
  /** Longest silence of the server, in milliseconds. Default: 30 s. */
  readonly stallTimeoutMs?: number | undefined;
}

/** A request, serialised. */
export interface RawRequest {
  /** Request line and headers, in ASCII. */
  readonly head: string;
  readonly body: NextBytes | null;
  /** Longest wait for the whole head of the reply, in milliseconds. Default: the longest silence. */
  readonly answerTimeoutMs?: number | undefined;
}

/** Returns the next bytes of a request body, null at its end. They must stay unchanged until the next call. */
export type NextBytes = () => Promise<Uint8Array | null>;

interface Reader {
  /** Null: the server has ended the connection. */
  readonly resolve: (bytes: Buffer | null) => void;
  readonly reject: (error: Error) => void;
}

/**
 * The plaintext of a TLS record (RFC 8446, 5.1). Whether the socket is paused or not, Node hands over the records of all
 * that it has read from the network, 64 KiB at most, one after the other: so each must leave the buffer that is read
 * into. See TLSWrap::ClearOut, https://github.com/nodejs/node/blob/v20.x/src/crypto/crypto_tls.cc
 */
const TLS_RECORD_BYTES = 16 * 1024;

/**
 * An HTTP/1.1 connection for large bodies, one request at a time (RFC 9112). Everything is read into one buffer of 1
 * MiB: a client that builds streams of 64 KiB chunks takes three times the processor time.
 */
export class RawConnection {
  /** Whether another request may be sent on this connection. */
  isOpen = true;
  /** Whether any bytes have arrived since the last request was sent. */
  hasAnswered = false;
  readonly #stallTimeoutMs: number;
  readonly #buffer = Buffer.allocUnsafeSlow(BLOCK_BYTES);
  /** What the buffer holds that nobody has read yet. Before it lies what was read last, and is still in use. */
  #unread = { start: 0, end: 0 };
  readonly #socket: Socket;
  readonly #connected: Promise<void>;
  #parser: ReplyParser | null = null;
  #reader: Reader | null = null;
  #lost: Error | null = null;
  /** The server sends nothing more. */
  #isEnded = false;
  /** This side is busy; don't count idle time as a stall. */
  #isBusy = false;
  #deadline: NodeJS.Timeout | null = null;
  #onClosed: () => void = () => undefined;

  /** `readBytes` returns the most bytes to read at once, for a bandwidth limit. */
  constructor(origin: RawOrigin, readBytes: (largest: number) => number = (largest) => largest) {
    const { isSecure, host, port, ca, stallTimeoutMs = STALL_TIMEOUT_MS } = origin;
    this.#stallTimeoutMs = stallTimeoutMs;
    const into = isSecure ? Buffer.allocUnsafeSlow(TLS_RECORD_BYTES) : this.#buffer;
    const onread: OnReadOpts = {
      buffer: () => into.subarray(0, readBytes(into.length)),
      callback: (count) => {
        if (isSecure) this.#buffer.set(into.subarray(0, count), this.#unread.end);
        return this.#receive(count);
      },
    };
    const trust = ca === undefined ? trustOption() : { ca };
    // TLS knows no addresses as server names (RFC 6066, 3).
    const name = isIP(host) === 0 ? { servername: host } : {};
    const security = { rejectUnauthorized: true, ALPNProtocols: ['http/1.1'], ...name, ...trust };
    this.#socket = isSecure
      ? connectTls({ host, port, onread, ...security } as object)
      : connectPlain({ host, port, onread });
    this.#startDeadline(CONNECT_TIMEOUT_MS);
    this.#connected = new Promise((resolve, reject) => {
      this.#socket
        .once(isSecure ? 'secureConnect' : 'connect', resolve)
        .once('close', () => reject(this.#lost ?? lost('ECONNRESET')));
    });
    this.#connected.catch(() => undefined);
    this.#socket
      .setNoDelay(true)
      .setTimeout(stallTimeoutMs)
      .on('timeout', () => {
        if (!this.#isBusy) this.#socket.destroy(lost('ETIMEDOUT'));
        // 'timeout' fires once per setTimeout(): rearm it for silence that begins later.
        else this.#socket.setTimeout(stallTimeoutMs);
      })
      .on('end', () => this.#end())
      .on('error', (error) => this.#lose(error))
      .on('close', () => this.#lose(lost('ECONNRESET')));
  }

  /** Whether the server or the network has closed the connection. */
  get isLost(): boolean {
    return this.#lost !== null || this.#isEnded;
  }

  /**
   * Sends a request and returns the head of its reply, whose body is then read with next().
   * @throws Error of the socket, of `body`, or of the reply
   */
  async send({ head, body, answerTimeoutMs = this.#stallTimeoutMs }: RawRequest): Promise<ReplyHead> {
    this.hasAnswered = false;
    this.#parser?.free();
    this.#parser = new ReplyParser(new InterimReplies(this.#stallTimeoutMs));
    await this.#connected;
    this.#clearDeadline();
    let isSent = body === null;
    const answer = this.#readHead(this.#parser, answerTimeoutMs, () => isSent);
    answer.catch(() => undefined);
    this.#socket.write(head, 'latin1');
    if (body !== null) isSent = await Promise.race([this.#sendBody(body), answer.then(() => false)]);
    this.#isBusy = false;
    if (this.#parser.head === null) this.#startDeadline(answerTimeoutMs);
    const result = await answer;
    // The server replied before it read the whole body; it would take the remainder for the next request.
    if (!isSent) this.isOpen = false;
    return result;
  }

  /** The next bytes of the reply's body, null at its end. Valid until the next call. @throws Error */
  async next(): Promise<Buffer | null> {
    const parser = this.#parser;
    while (parser !== null && !parser.isComplete) {
      const bytes = await this.#read();
      if (bytes === null) {
        parser.end();
        continue;
      }
      const { body, hasExcess } = parser.readBody(bytes);
      // Bytes beyond the end would be taken for the next reply.
      if (hasExcess) this.isOpen = false;
      if (body.length > 0) return body;
    }
    parser?.free();
    return null;
  }

  /**
   * Call after the reply was read: from now on only watches for the connection to close, so that it isn't reused then.
   */
  rest(onClosed: () => void): void {
    this.#onClosed = onClosed;
    this.#isBusy = true;
    this.#socket.resume();
  }

  /** Closes the connection. Whoever reads or sends fails with `cause`. */
  destroy(cause?: Error): void {
    this.isOpen = false;
    this.#parser?.free();
    this.#socket.destroy(cause);
  }

  /** The next bytes received, at least one; null if the server has ended the connection. Valid until the next call. */
  async #read(): Promise<Buffer | null> {
    this.#isBusy = false;
    if (this.#unread.start < this.#unread.end) return this.#takeUnread();
    this.#unread = { start: 0, end: 0 };
    if (this.#isEnded) return null;
    if (this.#lost !== null) throw this.#lost;
    const bytes = await new Promise<Buffer | null>((resolve, reject) => {
      this.#reader = { resolve, reject };
      this.#socket.resume();
    });
    this.#isBusy = true;
    return bytes;
  }

  #takeUnread(): Buffer {
    const { start, end } = this.#unread;
    this.#unread = { start: end, end };
    return this.#buffer.subarray(start, end);
  }

  /** Returns whether the socket should go on reading. */
  #receive(count: number): boolean {
    const reader = this.#reader;
    this.#reader = null;
    this.hasAnswered = true;
    this.#unread.end += count;
    if (reader !== null) reader.resolve(this.#takeUnread());
    else if (!this.#isInReply) this.destroy();
    return false;
  }

  /** Whether bytes are still to come for the last request. Others are unsolicited, which is a protocol error. */
  get #isInReply(): boolean {
    return this.#parser !== null && !this.#parser.isComplete;
  }

  #end(): void {
    this.isOpen = false;
    this.#isEnded = true;
    this.#reader?.resolve(null);
    this.#reader = null;
  }

  #lose(error: Error): void {
    this.isOpen = false;
    this.#lost ??= error;
    this.#clearDeadline();
    this.#reader?.reject(this.#lost);
    this.#reader = null;
    this.#onClosed();
  }

  async #readHead(parser: ReplyParser, timeoutMs: number, isSent: () => boolean): Promise<ReplyHead> {
    for (;;) {
      const bytes = await this.#read();
      if (bytes === null) throw lost('ECONNRESET');
      const found = parser.readHead(bytes);
      if (found === null) {
        // An interim reply is over, and the body goes on: the silence timeout watches over that.
        if (!parser.isInHead && !isSent()) this.#clearDeadline();
        else if (this.#deadline === null) this.#startDeadline(timeoutMs);
        continue;
      }
      this.#clearDeadline();
      const { head, rest } = found;
      if (rest.length > 0 && parser.isComplete) this.isOpen = false;
      else this.#unread.start -= rest.length;
      if (!head.isKeepAlive) this.isOpen = false;
      return head;
    }
  }

  /** Sends the body until its end (true), or until the server replies (false). */
  async #sendBody(next: NextBytes): Promise<boolean> {
    while (this.#parser?.head === null) {
      this.#isBusy = true;
      const bytes = await next();
      this.#isBusy = false;
      if (bytes === null) return true;
      const error = await new Promise<Error | null | undefined>((done) => this.#socket.write(bytes, done));
      if (error) break;
    }
    return false;
  }

  /** Ends the connection unless clearDeadline() comes first. */
  #startDeadline(ms: number): void {
    this.#clearDeadline();
    this.#deadline = setTimeout(() => this.#socket.destroy(lost('ETIMEDOUT')), ms);
  }

  #clearDeadline(): void {
    if (this.#deadline !== null) clearTimeout(this.#deadline);
    this.#deadline = null;
  }
}
