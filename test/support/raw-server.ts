import { type AddressInfo, createServer, type Socket } from 'node:net';

/** A server that answers with bytes of its own, right or wrong. */
export interface RawServer {
  readonly origin: string;
  /** Connections that were accepted so far. */
  readonly connections: () => number;
  close(): Promise<void>;
}

/** Starts one. `onRequest` is called each time that a whole head has arrived, with what came after it so far. */
export async function startRawServer(
  onRequest: (socket: Socket, head: string, start: Buffer) => void,
): Promise<RawServer> {
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    let seen = Buffer.alloc(0);
    socket
      .on('error', () => undefined)
      .on('close', () => sockets.delete(socket))
      .on('data', (bytes: Buffer) => {
        seen = Buffer.concat([seen, bytes]);
        const end = seen.indexOf('\r\n\r\n');
        if (end < 0) return;
        const head = seen.toString('latin1', 0, end);
        const start = seen.subarray(end + 4);
        seen = Buffer.alloc(0);
        onRequest(socket, head, start);
      });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    connections: () => connections,
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
