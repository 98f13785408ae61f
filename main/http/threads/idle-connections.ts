import type { RawConnection, RawOrigin } from './raw-connection.ts';

/**
 * How long an idle connection is kept, in milliseconds. Servers close idle ones, so an old one would fail its next
 * request.
 */
const IDLE_MS = 4_000;

/** Keep-alive connections waiting for their next request, by origin. */
export class IdleConnections {
  readonly #waiting = new Map<string, { readonly connection: RawConnection; readonly timer: NodeJS.Timeout }[]>();

  /** The most recently used open connection to the origin; null if there is none. */
  acquire(origin: RawOrigin): RawConnection | null {
    const waiting = this.#waiting.get(keyOf(origin)) ?? [];
    for (let last = waiting.pop(); last !== undefined; last = waiting.pop()) {
      clearTimeout(last.timer);
      if (last.connection.isOpen) return last.connection;
    }
    return null;
  }

  /** Keeps a connection for reuse, or destroys it if it can't be reused. */
  release(origin: RawOrigin, connection: RawConnection): void {
    if (!connection.isOpen) {
      connection.destroy();
      return;
    }
    connection.rest();
    const timer = setTimeout(() => connection.destroy(), IDLE_MS).unref();
    const key = keyOf(origin);
    const waiting = (this.#waiting.get(key) ?? []).filter((one) => one.connection.isOpen);
    this.#waiting.set(key, [...waiting, { connection, timer }]);
  }
}

function keyOf({ isSecure, host, port }: RawOrigin): string {
  return `${isSecure ? 'https' : 'http'}://${host}:${port}`;
}
