// Chrome DevTools Protocol over a pair of pipes: JSON messages, each ended by a NUL.
import { EventEmitter } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import type { CDPSession } from 'playwright';
// Playwright ships these types, and exports them only through CDPSession.
import type { Protocol } from '../../node_modules/playwright-core/types/protocol.js';

type Send = CDPSession['send'];
type On = CDPSession['on'];

/** The browser as a whole, or one page. Types of methods and events are Playwright's. */
export interface CdpSession {
  readonly send: Send;
  /** Sends, and does not care whether it worked: the page may be going away. */
  readonly post: (...args: Parameters<Send>) => void;
  readonly on: On;
  /** The page is gone. */
  readonly onceDetached: (listener: () => void) => void;
}

/** What a listener of the event `Name` is called with. */
export type CdpEvent<Name extends keyof Protocol.Events> = Protocol.Events[Name];

interface Incoming {
  readonly id?: number;
  readonly sessionId?: string;
  readonly method: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly message: string; readonly data?: string };
}

interface Pending {
  readonly method: string;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

export class CdpConnection {
  readonly browser: CdpSession;
  readonly #events = new Map<string, EventEmitter>();
  readonly #pending = new Map<number, Pending>();
  readonly #out: Writable;
  readonly #onClose: () => void;
  #lastId = 0;
  #closed = false;

  constructor(out: Writable, input: Readable, onClose: () => void) {
    this.#out = out;
    this.#onClose = onClose;
    this.browser = this.#makeSession('');
    let parts: Buffer[] = [];
    input.on('data', (bytes: Buffer) => {
      let from = 0;
      for (let end = bytes.indexOf(0); end !== -1; end = bytes.indexOf(0, from)) {
        parts.push(bytes.subarray(from, end));
        this.#receive(JSON.parse(Buffer.concat(parts).toString()) as Incoming);
        parts = [];
        from = end + 1;
      }
      if (from < bytes.length) parts.push(bytes.subarray(from));
    });
    for (const [stream, event] of [
      [input, 'close'],
      [input, 'error'],
      [out, 'error'],
    ] as const) {
      stream.on(event, () => this.#close());
    }
  }

  /** The session of a page that has just been attached. */
  session(sessionId: string): CdpSession {
    return this.#makeSession(sessionId);
  }

  detach(sessionId: string): void {
    this.#events.get(sessionId)?.emit('detached');
    this.#events.delete(sessionId);
  }

  #makeSession(sessionId: string): CdpSession {
    const events = new EventEmitter().setMaxListeners(0);
    this.#events.set(sessionId, events);
    const send = ((method: string, params: object = {}) => this.#send(method, params, sessionId)) as Send;
    return {
      send,
      post: (...args) => {
        send(...args).catch(() => undefined);
      },
      on: events.on.bind(events) as unknown as On,
      onceDetached: (listener) => events.once('detached', listener),
    };
  }

  #send(method: string, params: object, sessionId: string): Promise<unknown> {
    if (this.#closed) return Promise.reject(new Error('The browser is closed'));
    const id = ++this.#lastId;
    this.#out.write(`${JSON.stringify({ id, method, params, ...(sessionId === '' ? {} : { sessionId }) })}\0`);
    return new Promise((resolve, reject) => this.#pending.set(id, { method, resolve, reject }));
  }

  #receive(message: Incoming): void {
    if (message.id === undefined) {
      this.#events.get(message.sessionId ?? '')?.emit(message.method, message.params);
      return;
    }
    const pending = this.#pending.get(message.id);
    this.#pending.delete(message.id);
    if (message.error === undefined) pending?.resolve(message.result);
    else pending?.reject(new Error(`${pending.method}: ${message.error.message} ${message.error.data ?? ''}`.trim()));
  }

  #close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const { reject } of this.#pending.values()) reject(new Error('The browser is closed'));
    this.#pending.clear();
    this.#onClose();
  }
}
