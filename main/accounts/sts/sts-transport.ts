import { AsyncLocalStorage } from 'node:async_hooks';
import type Httpx from 'httpx';
import { type Dispatcher, request } from 'undici';

type HttpxModule = { -readonly [K in keyof typeof Httpx]: (typeof Httpx)[K] };

const dispatchers = new AsyncLocalStorage<Dispatcher>();
let replaced: Promise<void> | null = null;

/**
 * Runs a call of the official client with its requests sent through `dispatcher`, and so through its proxy and with its
 * trusted authorities. The client ignores its own proxy settings, but sends everything through httpx.request(), which
 * is replaced here. Outside such a call the original is used.
 */
export async function sendThrough<T>(dispatcher: Dispatcher, work: () => Promise<T>): Promise<T> {
  replaced ??= replaceTransport();
  await replaced;
  return dispatchers.run(dispatcher, work);
}

async function replaceTransport(): Promise<void> {
  const { default: httpx } = (await import('httpx')) as unknown as { readonly default: HttpxModule };
  const original = httpx.request;
  httpx.request = (url, options) => {
    const dispatcher = dispatchers.getStore();
    return dispatcher === undefined ? original(url, options) : send(url, options, dispatcher);
  };
}

async function send(
  url: string,
  { method = 'GET', headers, data, readTimeout = 0 }: Parameters<typeof Httpx.request>[1],
  dispatcher: Dispatcher,
): Promise<Awaited<ReturnType<typeof Httpx.request>>> {
  const reply = await request(url, {
    method: method,
    headers: headers as Record<string, string>,
    body: data ?? null,
    dispatcher,
    headersTimeout: readTimeout,
    bodyTimeout: readTimeout,
  });
  const { statusCode, headers: answered } = reply;
  return Object.assign(reply.body, { statusCode, statusMessage: '', headers: answered }) as never;
}
