// Answers every request of every page: the app's own schemes by the app's handler, the rest goes to the network.
import type Electron from 'electron';
import type { CdpEvent } from '../cdp.ts';
import { chromium } from '../chromium.ts';
import { pageOfTarget } from '../live.ts';
import { cspToWeb, toApp, toWeb } from '../web-urls.ts';
import { handlerOf } from './protocol.ts';
import { type Headers, session } from './session.ts';

type Paused = CdpEvent<'Fetch.requestPaused'>;

const resourceTypes: Readonly<Record<string, Electron.OnHeadersReceivedListenerDetails['resourceType']>> = {
  Document: 'mainFrame',
  Stylesheet: 'stylesheet',
  Script: 'script',
  Image: 'image',
  Font: 'font',
  XHR: 'xhr',
  Fetch: 'xhr',
  Ping: 'ping',
  Media: 'media',
};

export async function answerRequest(paused: Paused): Promise<void> {
  const { requestId, request, resourceType, frameId } = paused;
  const browser = chromium.session;
  if (resourceType === 'Document') {
    const page = pageOfTarget(frameId);
    if (
      page?.mayNavigate(request.url + (request.urlFragment ?? ''), paused.redirectedRequestId !== undefined) === false
    ) {
      await browser.send('Fetch.failRequest', { requestId, errorReason: 'Aborted' });
      return;
    }
  }
  const url = toApp(request.url);
  const handler = handlerOf(new URL(url).protocol.slice(0, -1));
  if (handler === undefined) {
    await browser.send('Fetch.continueRequest', { requestId });
    return;
  }
  const response = await askHandler(handler, url, request);
  if (response === null) {
    await browser.send('Fetch.failRequest', { requestId, errorReason: 'Failed' });
    return;
  }
  const headers = await session.defaultSession.webRequest.headersFor(detailsOf(paused, response), headersOf(response));
  if (headers === null) {
    await browser.send('Fetch.failRequest', { requestId, errorReason: 'BlockedByClient' });
    return;
  }
  await browser.send('Fetch.fulfillRequest', {
    requestId,
    responseCode: response.status,
    responseHeaders: Object.entries(headers).flatMap(([name, values]) =>
      values.map((value) => ({ name, value: headerToWeb(name, value) })),
    ),
    body: Buffer.from(await response.arrayBuffer()).toString('base64'),
  });
}

type Handler = NonNullable<ReturnType<typeof handlerOf>>;

async function askHandler(handler: Handler, url: string, request: Paused['request']): Promise<Response | null> {
  const parts = (request.postDataEntries ?? []).map(({ bytes = '' }) => Buffer.from(bytes, 'base64'));
  const body = request.hasPostData === true ? Buffer.concat(parts) : null;
  try {
    return await handler(new Request(url, { method: request.method, headers: request.headers, body }));
  } catch (error) {
    console.error(`The handler of ${url} failed:`, error);
    return null;
  }
}

function headersOf(response: Response): Headers {
  const headers: Headers = {};
  for (const [name, value] of response.headers) (headers[name] ??= []).push(value);
  return headers;
}

function headerToWeb(name: string, value: string): string {
  switch (name.toLowerCase()) {
    case 'content-security-policy':
    case 'content-security-policy-report-only':
      return cspToWeb(value);
    case 'location':
      return URL.canParse(value) ? toWeb(value) : value;
    default:
      return value;
  }
}

function detailsOf({ request, resourceType }: Paused, response: Response): Electron.OnHeadersReceivedListenerDetails {
  return {
    id: 0,
    url: toApp(request.url),
    method: request.method,
    resourceType: resourceTypes[resourceType] ?? 'other',
    referrer: toApp(request.headers['Referer'] ?? ''),
    timestamp: Date.now(),
    statusCode: response.status,
    statusLine: `HTTP/1.1 ${response.status}`,
    responseHeaders: headersOf(response),
  };
}
