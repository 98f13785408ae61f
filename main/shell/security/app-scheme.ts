import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { extname, join, normalize, sep } from 'node:path';
import { protocol } from 'electron';
import type { DragOuts } from '../../browsing/drag-outs.ts';
import type { Previews } from '../../browsing/previews.ts';
import type { Thumbnails } from '../../browsing/thumbnails.ts';
import { own } from '../../own.ts';

/** The origin of our pages. A custom scheme keeps them from having the rights of file: URLs. */
export const appOrigin = 'app://waybill';

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  // Floating panels are positioned with style attributes.
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "media-src 'self'",
  "font-src 'self'",
  "connect-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Registers the app: scheme. Electron accepts this only before it is ready. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: 'app', privileges: { standard: true, secure: true, codeCache: true, stream: true } },
  ]);
}

/** Policy for object bytes: loaded as a page, they get no scripts, no requests and no origin. */
const previewPolicy = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

/** Headers that keep object bytes from acting as a page. */
const sandboxHeaders = {
  'content-security-policy': previewPolicy,
  'content-disposition': 'attachment',
  'cross-origin-resource-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
};

/** The sources that resolve tickets. */
export interface TicketSources {
  readonly previews: Previews;
  readonly thumbnails: Thumbnails;
  readonly dragOuts: DragOuts;
}

/** The ticket of `app://waybill/drag/…`; null for any other address. */
export function dragTicketOf(url: string): string | null {
  const [, ticket = null] = /^app:\/\/waybill\/drag\/([0-9a-f]{32})$/.exec(url) ?? [];
  return ticket;
}

/**
 * Serves the built renderer in `folder`, and nothing outside it, under `app://waybill/`. Object bytes of previews,
 * thumbnails and drag-outs are served by ticket under `preview/`, `thumbnail/` and `drag/`.
 */
export function serveAppScheme(folder: string, { previews, thumbnails, dragOuts }: TicketSources): void {
  protocol.handle('app', async (request) => {
    const url = new URL(request.url);
    if (url.host !== 'waybill') return notFound();
    const [, ticket] = /^\/preview\/([0-9a-f-]{36})$/.exec(url.pathname) ?? [];
    if (ticket !== undefined) return servePreview(previews, ticket, request.headers.get('range'));
    const [, picture] = /^\/thumbnail\/([0-9a-f-]{36})$/.exec(url.pathname) ?? [];
    if (picture !== undefined) return serveThumbnail(thumbnails, picture);
    const dragTicket = dragTicketOf(request.url);
    if (dragTicket !== null && request.method === 'GET') return serveDragOut(dragOuts, dragTicket);
    return serveFile(folder, url.pathname);
  });
}

async function serveFile(folder: string, pathname: string): Promise<Response> {
  const file = normalize(join(folder, decodeURIComponent(pathname)));
  const contentType = own(contentTypes, extname(file));
  if (!file.startsWith(folder + sep) || contentType === undefined) return notFound();
  try {
    return new Response(new Uint8Array(await readFile(file)), {
      headers: {
        'content-type': contentType,
        'content-security-policy': contentSecurityPolicy,
        'x-content-type-options': 'nosniff',
      },
    });
  } catch {
    return notFound();
  }
}

async function servePreview(previews: Previews, ticket: string, range: string | null): Promise<Response> {
  try {
    const found = await previews.respond(ticket, range);
    if (found === null) return notFound();
    return new Response(Readable.toWeb(found.body) as ReadableStream<Uint8Array>, {
      status: found.status,
      headers: {
        ...found.headers,
        ...sandboxHeaders,
      },
    });
  } catch {
    return new Response(null, { status: 502 });
  }
}

async function serveThumbnail(thumbnails: Thumbnails, ticket: string): Promise<Response> {
  try {
    const found = await thumbnails.respond(ticket);
    if (found === null) return notFound();
    const headers = { 'content-type': found.contentType, ...sandboxHeaders };
    return new Response(new Uint8Array(found.bytes), { headers });
  } catch {
    return new Response(null, { status: 502 });
  }
}

/** Sends neither name nor type of the object: the page gave the name when the drag began, and nothing may render it. */
async function serveDragOut(dragOuts: DragOuts, ticket: string): Promise<Response> {
  try {
    const found = await dragOuts.redeem(ticket);
    if (found === null) return notFound();
    const length = found.sizeBytes === null ? {} : { 'content-length': String(found.sizeBytes) };
    return new Response(Readable.toWeb(found.body) as ReadableStream<Uint8Array>, {
      headers: { 'content-type': 'application/octet-stream', ...length, ...sandboxHeaders },
    });
  } catch {
    return new Response(null, { status: 502 });
  }
}

function notFound(): Response {
  return new Response(null, { status: 404 });
}
