const schemes: Readonly<Record<string, string>> = { PROXY: 'http', HTTPS: 'https', SOCKS5: 'socks5' };

/**
 * The proxies of "PROXY a:8080; SOCKS5 b:1080; DIRECT", in that order, null for DIRECT. SOCKS 4, which is all that is
 * left, is left out.
 */
export function readProxyAnswer(answer: string): readonly (string | null)[] {
  return answer.split(';').flatMap((entry) => {
    const [kind = '', host = ''] = entry.trim().split(/\s+/);
    if (kind.toUpperCase() === 'DIRECT') return [null];
    const scheme = schemes[kind.toUpperCase()];
    return scheme === undefined || host === '' ? [] : [`${scheme}://${host}`];
  });
}
