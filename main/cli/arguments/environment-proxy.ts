import { getProxyForUrl } from 'proxy-from-env';
import { WaybillError } from '../../failure.ts';
import { readAuthority } from '../../http/authority.ts';
import { percentDecode } from '../../oss/canonical.ts';
import type { Proxy } from '../../http/proxy.ts';

/**
 * The proxy that HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY name for a server, as for curl.
 * @throws WaybillError `network`
 */
export function environmentProxy(origin: string): Proxy | null {
  const text = getProxyForUrl(origin);
  if (text === '') return null;
  const proxy = readProxy(text.replace(/^socks5h:/i, 'socks5:'));
  if (proxy === null) throw new WaybillError({ kind: 'network', reason: 'proxy' });
  return proxy;
}

function readProxy(text: string): Proxy | null {
  if (!URL.canParse(text) || !/^(https?|socks5):/i.test(text)) return null;
  const { protocol, host, username, password } = new URL(text);
  const [user, secret] = [percentDecode(username), percentDecode(password)];
  if (readAuthority(host) === null || user === null || secret === null) return null;
  return { url: `${protocol}//${host}`, credentials: user === '' ? null : { user, password: secret } };
}
