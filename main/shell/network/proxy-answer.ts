import { readAuthority } from '../../http/authority.ts';
import { MAX_PROXIES } from '../../http/limits.ts';
import { own } from '../../own.ts';

const schemes: Readonly<Record<string, string>> = { PROXY: 'http', HTTPS: 'https', SOCKS5: 'socks5' };

/**
 * Parses a PAC result such as "PROXY a:8080; SOCKS5 b:1080; DIRECT" into proxy URLs, in order; DIRECT becomes null.
 * SOCKS 4, the only other scheme, isn't supported and is skipped, as is whatever isn't a host and a port. An answer comes
 * from a script that anybody may have written: only the first proxies count.
 */
export function readProxyAnswer(answer: string): readonly (string | null)[] {
  return answer.split(';', MAX_PROXIES).flatMap((entry) => {
    const [kind = '', host = ''] = entry.trim().split(/\s+/);
    if (kind.toUpperCase() === 'DIRECT') return [null];
    const scheme = own(schemes, kind.toUpperCase());
    return scheme === undefined || readAuthority(host) === null ? [] : [`${scheme}://${host}`];
  });
}
