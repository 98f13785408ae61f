import { getProxyForUrl } from 'proxy-from-env';
import { WaybillError } from '../../failure.ts';
import type { Proxy } from '../../http/proxy.ts';

/**
 * The proxy that HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY name for a server, as for curl.
 * @throws WaybillError `network`
 */
export function environmentProxy(origin: string): Proxy | null {
  const text = getProxyForUrl(origin);
  if (text === '') return null;
  const given = text.replace(/^socks5h:/i, 'socks5:');
  if (!URL.canParse(given) || !/^(https?|socks5):/i.test(given)) {
    throw new WaybillError({ kind: 'network', reason: 'proxy' });
  }
  const { protocol, host, username, password } = new URL(given);
  const credentials =
    username === '' ? null : { user: decodeURIComponent(username), password: decodeURIComponent(password) };
  return { url: `${protocol}//${host}`, credentials };
}
