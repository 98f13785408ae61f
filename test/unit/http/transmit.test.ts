import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { Bandwidth } from '../../../main/http/bandwidth.ts';
import { makeDispatcher } from '../../../main/http/dispatcher.ts';
import { transmitByPool } from '../../../main/http/transmit.ts';

test.each(['stream', 'file'] as const)(
  'a reply (%s) that breaks before anybody reads it fails its reader, and nothing else',
  async (expects) => {
    let socket: Socket | null = null;
    const server = createServer((opened) => {
      socket = opened.on('error', () => undefined);
      opened.once('data', () => opened.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nfirst'));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const pool = makeDispatcher();
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const request = { origin, path: '/', method: 'GET', headers: {}, expects } as const;
    const { body } = await transmitByPool(pool, request, new Bandwidth());
    const closed = once(body, 'close').catch(() => undefined);
    (socket as Socket | null)?.resetAndDestroy();
    await closed;
    await expect(body.toArray()).rejects.toThrow();
    await pool.close();
    server.close();
  },
);
