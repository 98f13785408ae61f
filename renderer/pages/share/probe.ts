import { type FetchTrouble, troubleOf } from './fetch-file.ts';

/** What the bucket lets a page see. `hidden`: nothing, for want of a CORS rule or of a network. */
export type Probe =
  | { readonly kind: 'hidden' }
  | { readonly kind: 'works'; readonly date: string | null; readonly showsCrc64: boolean }
  | { readonly kind: 'fails'; readonly date: string | null; readonly trouble: FetchTrouble };

/** Asks for one byte of a file. A simple range needs no preflight. */
export async function probe(url: string): Promise<Probe> {
  try {
    const headers = { range: 'bytes=0-0' };
    const response = await fetch(url, { headers, cache: 'no-store', credentials: 'omit' });
    const date = response.headers.get('date');
    // No byte is the first of an empty file.
    if (response.ok || response.status === 416) {
      void response.body?.cancel();
      return { kind: 'works', date, showsCrc64: response.headers.has('x-oss-hash-crc64ecma') };
    }
    return { kind: 'fails', date, trouble: troubleOf(response.status, await response.text()) };
  } catch {
    return { kind: 'hidden' };
  }
}
