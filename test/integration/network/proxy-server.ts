import { Server } from 'proxy-chain';

/** A forwarding proxy that is not ours. */
export interface ProxyServer {
  readonly url: string;
  /** `host:port` of what was asked for, with the way: `tunnel` or `forward`. */
  readonly requests: string[];
  close(): Promise<void>;
}

/** Starts one on this machine; with `login` (`user:password`) for those who know it alone. */
export async function startProxy(login: string | null = null): Promise<ProxyServer> {
  const requests: string[] = [];
  const server = new Server({
    port: 0,
    host: '127.0.0.1',
    prepareRequestFunction: ({ username, password, hostname, port, isHttp }) => {
      const isWelcome = login === null || `${username}:${password}` === login;
      if (isWelcome) requests.push(`${isHttp ? 'forward' : 'tunnel'} ${hostname}:${port}`);
      return { requestAuthentication: !isWelcome };
    },
  });
  await server.listen();
  return { url: `http://127.0.0.1:${server.port}`, requests, close: () => server.close(true) };
}
