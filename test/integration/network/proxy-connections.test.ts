// What connections to proxies have in common with those to servers.
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import { toFailure } from '../../../main/failure.ts';
import { RoutedDispatcher } from '../../../main/http/routed-dispatcher.ts';
import { sendUnsigned } from '../../../main/oss/exchange/request.ts';
import { testCa, testTls } from '../../support/tls/certificate.ts';
import { startProxy, startSocks } from './proxy-server.ts';

const STALL_MS = 300;

async function startSilentServer(): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => sockets.add(socket.on('error', () => undefined)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
}

test.each([
  ['an HTTP proxy', () => startProxy()],
  ['a SOCKS proxy', () => startSocks('wei', 'word')],
])('a server that falls silent is given up as soon behind %s as without one', async (_kind, start) => {
  const [origin, proxy] = await Promise.all([startSilentServer(), start()]);
  const dispatcher = new RoutedDispatcher({ stallTimeoutMs: STALL_MS });
  onTestFinished(async () => {
    await dispatcher.destroy();
    await proxy.close();
  });
  dispatcher.reroute(() => ({ url: proxy.url, credentials: { user: 'wei', password: 'word' } }));
  const failure = await sendUnsigned(`${origin}/k`, { method: 'GET' }, dispatcher).then(() => null, toFailure);
  expect(failure).toMatchObject({ kind: 'network', reason: 'timeout' });
});

test.each([
  ['localhost', 'localhost'],
  ['127.0.0.1', false],
])('a proxy over TLS at %s is named %j', async (host, expected) => {
  const names: unknown[] = [];
  const server = createTlsServer(testTls, (socket) => {
    names.push('servername' in socket && socket.servername);
    socket.on('error', () => undefined).end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const dispatcher = new RoutedDispatcher({ ca: testCa });
  onTestFinished(async () => {
    await dispatcher.destroy();
    server.close();
  });
  const url = `https://${host}:${String((server.address() as AddressInfo).port)}`;
  dispatcher.reroute(() => ({ url, credentials: null }));
  await expect(sendUnsigned('https://files.example.com/k', { method: 'GET' }, dispatcher)).rejects.toThrow();
  expect(names).toEqual([expected]);
});
