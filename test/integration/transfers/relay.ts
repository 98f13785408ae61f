import { connect, createServer, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

/** A network between a client and a server on this machine, to be unplugged, or to damage what passes. */
export interface Relay {
  readonly port: number;
  /** All connections break, and new ones are refused. */
  unplug(): Promise<void>;
  plug(): Promise<void>;
  /** Turns this byte of what a connection sends, once. */
  damage(atByte: number): void;
  /** A connection that sent or received this many bytes falls silent without an end, once. */
  freeze(direction: 'up' | 'down', afterBytes: number): void;
  /** Whether one is still to fall silent. */
  isFreezing(): boolean;
  /** Whether a byte is still to be turned. */
  isDamaging(): boolean;
  close(): Promise<void>;
}

export async function makeRelay(targetPort: number): Promise<Relay> {
  const sockets = new Set<Socket>();
  let damageAt: number | null = null;
  let freezeAt: { readonly direction: 'up' | 'down'; readonly afterBytes: number } | null = null;
  let server = await listen(0);
  const { port } = server.address() as AddressInfo;

  async function listen(on: number): Promise<Server> {
    const made = createServer((near) => {
      const far = connect(targetPort, '127.0.0.1');
      let seen = 0;
      let given = 0;
      let isFrozen = false;
      const mayPass = (): boolean => {
        if (freezeAt !== null && (freezeAt.direction === 'up' ? seen : given) >= freezeAt.afterBytes) {
          isFrozen = true;
          freezeAt = null;
        }
        return !isFrozen;
      };
      near.on('data', (bytes: Buffer) => {
        if (damageAt !== null && damageAt >= seen && damageAt < seen + bytes.length) {
          bytes[damageAt - seen] = (bytes[damageAt - seen] ?? 0) ^ 0xff;
          damageAt = null;
        }
        seen += bytes.length;
        if (mayPass() && !far.write(bytes)) near.pause();
      });
      far.on('drain', () => near.resume());
      far.on('data', (bytes: Buffer) => {
        given += bytes.length;
        if (mayPass() && !near.write(bytes)) far.pause();
      });
      near.on('drain', () => far.resume());
      far.on('end', () => near.end());
      near.on('end', () => far.end());
      for (const socket of [near, far]) {
        sockets.add(socket);
        socket
          .on('error', () => undefined)
          .on('close', () => {
            sockets.delete(socket);
            near.destroy();
            far.destroy();
          });
      }
    });
    made.listen(on, '127.0.0.1');
    await once(made, 'listening');
    return made;
  }

  async function unplug(): Promise<void> {
    const closed = once(server, 'close');
    server.close();
    for (const socket of sockets) socket.resetAndDestroy();
    await closed;
  }

  return {
    port,
    unplug,
    async plug() {
      if (!server.listening) server = await listen(port);
    },
    damage: (atByte) => void (damageAt = atByte),
    freeze: (direction, afterBytes) => void (freezeAt = { direction, afterBytes }),
    isFreezing: () => freezeAt !== null,
    isDamaging: () => damageAt !== null,
    close: async () => {
      if (server.listening) await unplug();
    },
  };
}
