import { setImmediate } from 'node:timers/promises';
import { IDLE_MS } from '../limits.ts';
import type { RawConnection, RawOrigin } from './raw-connection.ts';

/** Keep-alive connections waiting for their next request, by origin. */
export class IdleConnections {
  readonly #waiting = new Map<string, Map<RawConnection, NodeJS.Timeout>>();

  /** The most recently used open connection to the origin; null if there is none. */
  async acquire(origin: RawOrigin): Promise<RawConnection | null> {
    const key = keyOf(origin);
    for (;;) {
      const connection = [...(this.#waiting.get(key)?.keys() ?? [])].at(-1);
      if (connection === undefined) return null;
      this.#forget(key, connection);
      // Bytes that nobody asked for, or its end, may have arrived already: let them be read before the next request is
      // sent, or they would be taken for its reply.
      await setImmediate();
      if (connection.isOpen) return connection;
      connection.destroy();
    }
  }

  /** Keeps a connection for reuse, or destroys it if it can't be reused. */
  release(origin: RawOrigin, connection: RawConnection): void {
    if (!connection.isOpen) {
      connection.destroy();
      return;
    }
    const key = keyOf(origin);
    const waiting = this.#waiting.get(key) ?? new Map<RawConnection, NodeJS.Timeout>();
    this.#waiting.set(key, waiting);
    waiting.set(connection, setTimeout(() => connection.destroy(), IDLE_MS).unref());
    // A connection that is forgotten frees its buffer.
    connection.rest(() => this.#forget(key, connection));
  }

  #forget(key: string, connection: RawConnection): void {
    const waiting = this.#waiting.get(key);
    clearTimeout(waiting?.get(connection));
    waiting?.delete(connection);
    if (waiting?.size === 0) this.#waiting.delete(key);
  }
}

function keyOf({ isSecure, host, port }: RawOrigin): string {
  return `${isSecure ? 'https' : 'http'}://${host}:${port}`;
}
