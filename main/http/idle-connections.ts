import type { RawConnection, RawOrigin } from './raw-connection.ts';

/** How long a connection may wait for its next request, in milliseconds: servers close idle ones sooner or later. */
const IDLE_MS = 4_000;

/** Connections that were used and wait for another request. */
export class IdleConnections {
  readonly #waiting = new Map<string, { readonly connection: RawConnection; readonly timer: NodeJS.Timeout }[]>();

  /** The one that was used last, null where there is none. */
  acquire(origin: RawOrigin): RawConnection | null {
    const waiting = this.#waiting.get(keyOf(origin)) ?? [];
    for (let last = waiting.pop(); last !== undefined; last = waiting.pop()) {
      clearTimeout(last.timer);
      if (last.connection.isOpen) return last.connection;
    }
    return null;
  }

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
