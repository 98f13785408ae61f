import type { Dispatcher } from 'undici';
import { tryUnsigned } from '../../oss/exchange/request.ts';

/**
 * What a CDN does with a link, and with the same address without its authentication.
 * - `works`: it serves the link, and refuses the bare address.
 * - `open`: it serves the bare address too, so that the authentication protects nothing.
 * - `refused`: it refuses the link: key, type, validity, names or clock differ from its settings.
 * - `missing`: it let the link pass, but there is no such file behind it.
 * - `failed`: it answers with another error.
 */
export type CdnCheck =
  { readonly kind: 'works' | 'open' | 'refused' | 'missing' } | { readonly kind: 'failed'; readonly status: number };

/**
 * Reads one byte through a link of a CDN, then one from the bare address.
 * @param bareUrl the same object without the authentication
 * @throws WaybillError `network`, `cancelled`
 */
export async function checkCdnLink(
  { url, bareUrl }: { readonly url: string; readonly bareUrl: string },
  dispatcher: Dispatcher,
  signal?: AbortSignal,
): Promise<CdnCheck> {
  const ask = async (address: string): Promise<number> => {
    const headers = { range: 'bytes=0-0', 'accept-encoding': 'identity' };
    const reply = await tryUnsigned(address, { method: 'GET', headers, signal }, dispatcher);
    if ('error' in reply) return reply.error.status;
    reply.body.destroy();
    return reply.status;
  };
  const status = await ask(url);
  if (status === 401 || status === 403) return { kind: 'refused' };
  if (status === 404) return { kind: 'missing' };
  if (!isServed(status)) return { kind: 'failed', status };
  return { kind: isServed(await ask(bareUrl)) ? 'open' : 'works' };
}

/** An empty file has no first byte. */
function isServed(status: number): boolean {
  return (status >= 200 && status < 300) || status === 416;
}
