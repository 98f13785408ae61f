import { isIP } from 'node:net';
import { type buildConnector, type Dispatcher, Pool, ProxyAgent } from 'undici';
import { WaybillError } from '../failure.ts';
import { agentOptions, connectOptions, type DispatcherOptions } from './dispatcher.ts';

/** An HTTP proxy (over TLS for https:) or a SOCKS 5 proxy. */
export interface Proxy {
  /** `http://`, `https://` or `socks5://`, host and port; no user name or password. */
  readonly url: string;
  readonly credentials: ProxyCredentials | null;
  /** Called when the proxy can't be reached. */
  readonly onUnreachable?: () => void;
}

/** Sent as Basic authentication (RFC 7617), or as SOCKS 5 user name and password (RFC 1929). */
export interface ProxyCredentials {
  readonly user: string;
  readonly password: string;
}

type Connector = buildConnector.connector;

/**
 * Connections through an HTTP proxy. https goes through a CONNECT tunnel, so the proxy sees only the host name. An
 * unreachable proxy fails as `network` `proxy`, to tell it apart from an unreachable server.
 */
export function makeProxyDispatcher(proxy: Proxy, options: DispatcherOptions = {}): Dispatcher {
  const { host, origin } = new URL(proxy.url);
  const toProxy =
    (connect: Connector): Connector =>
    (target, callback) =>
      connect(withoutAddress(target), (...[error, socket]) => {
        if (error === null) {
          callback(null, socket);
          return;
        }
        proxy.onUnreachable?.();
        callback(new WaybillError({ kind: 'network', reason: 'proxy', host }, { cause: error }), null);
      });
  const makePool = (to: string | URL, { connect, ...rest }: Pool.Options): Pool => {
    const isProxy = new URL(to).origin === origin && typeof connect === 'function';
    return new Pool(to, {
      // undici passes no timeouts on to the pool for plain http.
      ...agentOptions(options),
      ...rest,
      ...(connect === undefined ? {} : { connect: isProxy ? toProxy(connect) : connect }),
    });
  };
  return new ProxyAgent({
    ...agentOptions(options),
    uri: proxy.url,
    ...authorization(proxy),
    proxyTls: connectOptions(options) as object,
    requestTls: connectOptions(options) as object,
    // Plain http needs no tunnel, and most proxies refuse one to port 80.
    proxyTunnel: false,
    factory: makePool,
    clientFactory: makePool,
  });
}

/** TLS knows no addresses as server names (RFC 6066, 3), but undici gives that of a proxy. */
function withoutAddress({ servername, ...target }: buildConnector.Options): buildConnector.Options {
  return servername === undefined || isIP(servername) !== 0 ? target : { ...target, servername };
}

function authorization({ credentials }: Proxy): Partial<ProxyAgent.Options> {
  if (credentials === null) return {};
  const { user, password } = credentials;
  return { token: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };
}
