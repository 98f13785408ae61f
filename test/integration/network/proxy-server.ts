import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { type HttpServerOptions, Server } from 'proxy-chain';
import { testTls } from '../../support/tls/certificate.ts';

/** A third-party forwarding proxy. */
export interface ProxyServer {
  readonly url: string;
  /** `host:port` of each requested server, with the mode: `tunnel` or `forward`. */
  readonly requests: string[];
  close(): Promise<void>;
}

/** Starts a proxy on this machine, optionally over TLS. With `login` (`user:password`) it requires authentication. */
export async function startProxy(login: string | null = null, scheme: 'http' | 'https' = 'http'): Promise<ProxyServer> {
  const requests: string[] = [];
  const options: HttpServerOptions = {
    port: 0,
    host: '127.0.0.1',
    prepareRequestFunction: ({ username, password, hostname, port, isHttp }) => {
      const isWelcome = login === null || `${username}:${password}` === login;
      if (isWelcome) requests.push(`${isHttp ? 'forward' : 'tunnel'} ${hostname}:${port}`);
      return { requestAuthentication: !isWelcome };
    },
  };
  const server = new Server(scheme === 'http' ? options : { ...options, serverType: scheme, httpsOptions: testTls });
  await server.listen();
  return { url: `${scheme}://127.0.0.1:${server.port}`, requests, close: () => server.close(true) };
}

/** Starts microsocks, a third-party SOCKS 5 server, with user and password. */
export async function startSocks(user: string, password: string): Promise<Pick<ProxyServer, 'url' | 'close'>> {
  const port = await freePort();
  const args = ['-i', '127.0.0.1', '-p', String(port), '-u', user, '-P', password];
  const server = spawn('microsocks', args, { stdio: 'ignore' });
  await listens(port, server);
  const close = async (): Promise<void> => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, 'exit');
    server.kill();
    await ended;
  };
  return { url: `socks5://127.0.0.1:${port}`, close };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Resolves when it accepts connections; rejects if it exits first. */
async function listens(port: number, server: ChildProcess): Promise<void> {
  while (server.exitCode === null) {
    const socket = connect(port, '127.0.0.1');
    const [answered] = await Promise.race([
      once(socket, 'connect').then(() => [true]),
      once(socket, 'close').then(() => [false]),
    ]).catch(() => [false]);
    socket.destroy();
    if (answered === true) return;
    await setTimeout(20);
  }
  throw new Error(`microsocks ended with ${server.exitCode}`);
}
