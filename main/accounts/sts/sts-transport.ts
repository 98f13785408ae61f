import { AsyncLocalStorage } from 'node:async_hooks';
import { Readable } from 'node:stream';
import type Httpx from 'httpx';
import type { Dispatcher } from 'undici';
import { malformedReply } from '../../failure.ts';
import { within } from '../../http/within.ts';
import { MAX_STS_BYTES, STS_TIMEOUT_MS } from '../../oss/limits.ts';
import { formsOf, repeatsSecret, type RequestSecrets, withoutSecrets } from '../../oss/exchange/echoes.ts';

type HttpxModule = { -readonly [K in keyof typeof Httpx]: (typeof Httpx)[K] };

/** How the requests of a call are sent, and what ends them. */
interface Sending {
  readonly dispatcher: Dispatcher;
  readonly signal?: AbortSignal | undefined;
}

const calls = new AsyncLocalStorage<Sending>();
let replaced: Promise<void> | null = null;

/**
 * Runs a call of the official client with its requests sent through `dispatcher`, and so through its proxy and with its
 * trusted authorities. The client ignores its own proxy settings, but sends everything through httpx.request(), which
 * is replaced here. Outside such a call the original is used.
 */
export async function sendThrough<T>({ dispatcher, signal }: Sending, work: () => Promise<T>): Promise<T> {
  replaced ??= replaceTransport();
  await replaced;
  return calls.run({ dispatcher, signal }, work);
}

async function replaceTransport(): Promise<void> {
  const { default: httpx } = (await import('httpx')) as unknown as { readonly default: HttpxModule };
  const original = httpx.request;
  httpx.request = (url, options) => {
    const sending = calls.getStore();
    return sending === undefined ? original(url, options) : send(url, options, sending);
  };
}

/** @throws Error of undici, `TimeoutError`; WaybillError `oss` MalformedReply for a reply that is too long, or repeats a secret */
async function send(
  url: string,
  { method = 'GET', headers, data, readTimeout = STS_TIMEOUT_MS }: Parameters<typeof Httpx.request>[1],
  { dispatcher, signal }: Sending,
): Promise<Awaited<ReturnType<typeof Httpx.request>>> {
  const { origin, pathname, search } = new URL(url);
  const {
    statusCode,
    headers: answered,
    body,
  } = await dispatcher.request({
    ...{ origin, path: `${pathname}${search}` },
    method,
    headers: headers as Record<string, string>,
    body: data ?? null,
    signal: within(readTimeout, signal),
  });
  const text = await readBounded(body, statusCode);
  const safe = withoutEchoes(text, statusCode, secretsOf(url, headers as Record<string, string>));
  return Object.assign(Readable.from([Buffer.from(safe)]), {
    statusCode,
    statusMessage: '',
    headers: answered,
  }) as never;
}

/**
 * An error without the secrets of its request. A session is taken as it is or not at all: the tokens of one account have
 * long parts in common, so replacing those of the request's token would damage the new one.
 * @throws WaybillError `oss` MalformedReply for a session that repeats a secret whole
 */
function withoutEchoes(text: string, status: number, secrets: RequestSecrets): string {
  if (status >= 400) return withoutSecrets(text, secrets);
  if (repeatsSecret(text, secrets)) throw malformedReply(status, 'the reply repeats what the request was signed with');
  return text;
}

/** The signature and token of a request to STS, in its headers (ACS3) or its query (RPC). */
function secretsOf(url: string, headers: Readonly<Record<string, string>>): RequestSecrets {
  const { searchParams } = new URL(url);
  const authorization = headers['authorization'] ?? headers['Authorization'] ?? '';
  return formsOf([
    authorization,
    /Signature=([^,\s]+)/.exec(authorization)?.[1],
    headers['x-acs-security-token'],
    searchParams.get('Signature'),
    searchParams.get('SecurityToken'),
  ]);
}

/** Reads a reply here: the client would read it without any limit. */
async function readBounded(body: Readable, status: number): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_STS_BYTES) throw malformedReply(status, 'the reply is too long for one from STS');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
