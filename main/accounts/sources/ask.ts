import type { Dispatcher } from 'undici';
import { type CredentialOrigin, WaybillError } from '../../failure.ts';
import { makeDispatcher } from '../../http/dispatcher.ts';
import { MAX_SMALL_TEXT_BYTES } from '../../http/limits.ts';
import { within } from '../../http/within.ts';
import { networkFailure } from '../../oss/exchange/network-failure.ts';
import type { SourceContext } from './source.ts';
import { sourceError } from './source-failure.ts';

/** A request to a source. */
export interface SourceRequest {
  readonly url: URL;
  readonly origin: CredentialOrigin;
  readonly method?: 'GET' | 'PUT' | 'POST';
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: string;
  /** For the whole exchange. */
  readonly timeoutMs: number;
}

/** What a source answered. */
export interface SourceReply {
  readonly status: number;
  readonly text: string;
  /** The sender's own time, in Unix milliseconds; null if it doesn't say. */
  readonly date: number | null;
}

/**
 * Sends one request. Redirects are answers like any other: a server must not send what was meant for it elsewhere. Plain
 * HTTP goes there directly, since a proxy would read the credentials.
 * @throws WaybillError `credentials` source-silent after the time limit, source-malformed for an answer that is too long;
 *   `network`, `cancelled`
 */
export async function ask(
  wanted: SourceRequest,
  context: Pick<SourceContext, 'dispatcher' | 'signal'>,
): Promise<SourceReply> {
  if (wanted.url.protocol === 'https:') return exchange(wanted, context.dispatcher, context.signal);
  const direct = makeDispatcher();
  try {
    return await exchange(wanted, direct, context.signal);
  } finally {
    await direct.destroy();
  }
}

async function exchange(
  { url, origin, method = 'GET', headers = {}, body, timeoutMs }: SourceRequest,
  dispatcher: Dispatcher,
  ended: AbortSignal | undefined,
): Promise<SourceReply> {
  const signal = within(timeoutMs, ended);
  try {
    const reply = await dispatcher.request({
      ...{ origin: url.origin, path: `${url.pathname}${url.search}`, method, headers: { ...headers }, signal },
      body: body ?? null,
    });
    const date = Date.parse(String(reply.headers['date']));
    return {
      status: reply.statusCode,
      text: await bounded(reply.body, origin),
      date: Number.isNaN(date) ? null : date,
    };
  } catch (error) {
    if (error instanceof WaybillError) throw error;
    if (ended?.aborted === true) throw new WaybillError({ kind: 'cancelled' });
    if (signal.aborted) throw sourceError('source-silent', origin);
    throw networkFailure(error, url.host);
  }
}

async function bounded(body: AsyncIterable<Buffer>, origin: CredentialOrigin): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    if (length > MAX_SMALL_TEXT_BYTES) throw sourceError('source-malformed', origin);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
