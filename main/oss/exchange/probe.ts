import type { Dispatcher } from 'undici';
import { WaybillError } from '../../failure.ts';
import type { RequestBody } from '../../http/message.ts';
import { transmit } from '../../http/transmit.ts';
import { MAX_ERROR_BYTES, TEXT_TIMEOUT_MS } from '../limits.ts';
import { readOssError } from './errors.ts';
import { networkFailure } from './network-failure.ts';
import type { OssError } from './oss-error.ts';
import { flattenHeaders, type OssHeaders } from './reply-headers.ts';
import { readText } from './read-text.ts';

/** A request as it is, for what its reply says rather than for what it does. */
export interface Probe {
  /** An absolute http or https URL, sent as written. */
  readonly url: string;
  readonly method: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: RequestBody;
  readonly signal?: AbortSignal | undefined;
}

/** The head of a reply; `error` is null for a success. */
export interface ProbeReply {
  readonly status: number;
  readonly headers: OssHeaders;
  readonly error: OssError | null;
}

/**
 * Sends a request without signing it, and returns the headers of its reply also where that is an error.
 * @throws WaybillError `network`, `cancelled`; `input` for a URL that isn't one
 */
export async function probe(
  { url, method, headers = {}, body, signal }: Probe,
  dispatcher: Dispatcher,
): Promise<ProbeReply> {
  const [, origin = '', host = '', path = ''] = /^(https?:\/\/([^/?#]+))([\x21-\x7e]*)$/i.exec(url) ?? [];
  if (origin === '') throw new WaybillError({ kind: 'input', field: 'url', rule: 'endpoint-format' });
  try {
    const target = { origin, path: path.startsWith('/') ? path : `/${path}` };
    const sent = { 'user-agent': 'Waybill', ...headers };
    const reply = await transmit(dispatcher, { ...target, method, headers: sent, body, signal });
    const status = reply.statusCode;
    const text = await readText(reply.body, { maxBytes: MAX_ERROR_BYTES, timeoutMs: TEXT_TIMEOUT_MS }, host);
    const flat = flattenHeaders(reply.headers, []);
    return { status, headers: flat, error: status < 300 ? null : readOssError({ status, headers: flat, body: text }) };
  } catch (error) {
    if (signal?.aborted === true) throw new WaybillError({ kind: 'cancelled' }, { cause: error });
    throw networkFailure(error, host);
  }
}
