import type { Socket } from 'node:net';
import { SocksClient } from 'socks';
import { Agent, buildConnector } from 'undici';
import { WaybillError } from '../failure.ts';
import { agentOptions, connectOptions, type DispatcherOptions } from './dispatcher.ts';
import { CONNECT_TIMEOUT_MS } from './limits.ts';
import type { Proxy } from './proxy.ts';

/**
 * Connections through a SOCKS 5 proxy (RFC 1928, RFC 1929), which resolves host names itself. Failures to reach the
 * proxy, and its refusals, are `network` `proxy` or `proxy-password`.
 */
export function makeSocksDispatcher(proxy: Proxy, options: DispatcherOptions = {}): Agent {
  const secure = buildConnector(connectOptions(options));
  return new Agent({
    ...agentOptions(options),
    connect: (target, callback) => {
      tunnel(proxy, target).then(
        (socket) => {
          if (target.protocol === 'https:') secure({ ...target, httpSocket: socket }, callback);
          else callback(null, socket);
        },
        (error: unknown) => {
          callback(proxyFailure(proxy, error), null);
        },
      );
    },
  });
}

async function tunnel({ url, credentials }: Proxy, target: buildConnector.Options): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const { socket } = await SocksClient.createConnection({
    command: 'connect',
    proxy: {
      type: 5,
      host: withoutBrackets(hostname),
      port: Number(port === '' ? 1080 : port),
      ...(credentials === null ? {} : { userId: credentials.user, password: credentials.password }),
    },
    destination: {
      host: withoutBrackets(target.hostname),
      port: Number(target.port) || (target.protocol === 'https:' ? 443 : 80),
    },
    timeout: CONNECT_TIMEOUT_MS,
    set_tcp_nodelay: true,
  });
  return socket;
}

/** URLs put brackets around an IPv6 address, sockets don't. */
function withoutBrackets(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '');
}

/** Classifies the library's errors, which differ only in their messages. */
function proxyFailure({ url, onUnreachable }: Proxy, error: unknown): WaybillError {
  const message = error instanceof Error ? error.message : '';
  const { host } = new URL(url);
  if (/authentication/i.test(message)) {
    return new WaybillError({ kind: 'network', reason: 'proxy-password', host }, { cause: error });
  }
  if (!/rejected/i.test(message)) onUnreachable?.();
  return new WaybillError({ kind: 'network', reason: 'proxy', host }, { cause: error });
}
