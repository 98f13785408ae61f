import { connect as connectPlain, type OnReadOpts, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { malformedReply } from '../../failure.ts';
import { parseReplyHead, type ReplyHead } from './reply-head.ts';
import { CONNECT_TIMEOUT_MS, STALL_TIMEOUT_MS } from '../timeouts.ts';
import { trustOption } from '../trust.ts';

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

/** Returns the next bytes of a request body, null at its end. They must stay unchanged until the next call. */
export type NextBytes = () => Promise<Uint8Array | null>;

/** Most bytes per read from a socket. */
const BUFFER_BYTES = 1024 * 1024;

/** Longest head of a reply. */
const MAX_HEAD_BYTES = 64 * 1024;

/**
 * An HTTP/1.1 connection for large bodies, one request at a time (RFC 9112). Everything is read into one buffer of 1
 * MiB: a client that builds streams of 64 KiB chunks takes three times the processor time.
 */
export class RawConnection {
  /** Whether another request may be sent on this connection. */
  isOpen = true;
  /** Whether any bytes have arrived since the last request was sent. */
  hasAnswered = false;
  readonly #buffer = Buffer.allocUnsafeSlow(BUFFER_BYTES);
  readonly #socket: Socket;
  /** Bytes received but not read yet: the start of a body that arrived with its head. */
  #unread: Buffer | null = null;
  #reader: { readonly resolve: (bytes: Buffer) => void; readonly reject: (error: Error) => void } | null = null;
  #lost: Error | null = null;
  /** This side is busy; don't count idle time as a stall. */
  #isBusy = false;

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
        if (!this.#isBusy) this.#socket.destroy(lost('ETIMEDOUT'));
        // 'timeout' fires once per setTimeout(): rearm it for silence that begins later.
        else this.#socket.setTimeout(stallTimeoutMs);
      })
      .on('error', (error) => this.#lose(error))
      .on('close', () => this.#lose(lost('ECONNRESET')));
  }

  /** Whether the server or the network has closed the connection. */
  get isLost(): boolean {
    return this.#lost !== null;
  }

  /**
   * Sends a request and returns the head of its reply, whose body is then read with next().
   * @throws Error of the socket, or of `body`
   */
  async send(head: string, body: NextBytes | null): Promise<ReplyHead> {
    this.hasAnswered = false;
    const answer = this.#readHead();
    answer.catch(() => undefined);
    this.#socket.write(head, 'latin1');
    const sent = body === null || (await Promise.race([this.#sendBody(body), answer.then(() => false)]));
    this.#isBusy = false;
    const result = await answer;
    // The server replied before it read the whole body; it would take the remainder for the next request.
    if (!sent) this.isOpen = false;
    return result;
  }

  /** The next bytes received, at least one. Valid until the next call. */
  async next(): Promise<Buffer> {
    this.#isBusy = false;
    const idle = this.#unread;
    this.#unread = null;
    if (idle !== null) return idle;
    if (this.#lost !== null) throw this.#lost;
    const bytes = await new Promise<Buffer>((resolve, reject) => {
      this.#reader = { resolve, reject };
      this.#socket.resume();
    });
    this.#isBusy = true;
    return bytes;
  }

  /**
   * Call after the reply was read: from now on only watches for the connection to close, so that it isn't reused then.
   */
  rest(): void {
    if (this.#unread !== null) this.destroy();
    this.#isBusy = true;
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
    // Unsolicited data: protocol error, close the connection.
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
      if (end < 0 && text.length >= MAX_HEAD_BYTES) throw malformedReply(0, 'the head of the reply is too long');
      if (end < 0) continue;
      const bodyStart = bytes.subarray(end + 4 - from);
      this.#unread = bodyStart.length === 0 ? null : bodyStart;
      const head = parseReplyHead(text.slice(0, end));
      text = '';
      // An interim response (1xx) is followed by the actual reply.
      if (head.status < 200) continue;
      if (!head.isKeepAlive) this.isOpen = false;
      return head;
    }
  }

  /** Sends the body until its end (true), or until the server replies (false). */
  async #sendBody(next: NextBytes): Promise<boolean> {
    while (!this.hasAnswered) {
      this.#isBusy = true;
      const bytes = await next();
      this.#isBusy = false;
      if (bytes === null) return true;
      const error = await new Promise<Error | null | undefined>((done) => this.#socket.write(bytes, done));
      if (error) break;
    }
    return false;
  }
}

/** An error with the code of a Node socket, which networkFailure() classifies. */
function lost(code: 'ETIMEDOUT' | 'ECONNRESET'): Error {
  return Object.assign(new Error(`the connection was lost: ${code}`), { code });
}
