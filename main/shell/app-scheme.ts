import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { extname, join, normalize, sep } from 'node:path';
import { protocol } from 'electron';
import type { Previews } from '../browsing/previews.ts';

/** The origin of our own pages: a scheme of our own, so that no page is a file: URL with a file's rights. */
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
  // Floating panels are placed with style attributes.
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "media-src 'self'",
  "font-src 'self'",
  "connect-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Declares the scheme. Electron takes this only before it is ready. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: 'app', privileges: { standard: true, secure: true, codeCache: true, stream: true } },
  ]);
}

/** An object in the place of a page could do nothing there: no script, no request, no origin. */
const previewPolicy = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

/**
 * Serves the built renderer in `folder`, and nothing outside it, under `app://waybill/`; and what previews show, under
 * `app://waybill/preview/` and a ticket.
 */
export function serveAppScheme(folder: string, previews: Previews): void {
  protocol.handle('app', async (request) => {
    const url = new URL(request.url);
    if (url.host !== 'waybill') return notFound();
    const [, ticket] = /^\/preview\/([0-9a-f-]{36})$/.exec(url.pathname) ?? [];
    if (ticket !== undefined) return servePreview(previews, ticket, request.headers.get('range'));
    return serveFile(folder, url.pathname);
  });
}

async function serveFile(folder: string, pathname: string): Promise<Response> {
  const file = normalize(join(folder, decodeURIComponent(pathname)));
  const contentType = contentTypes[extname(file)];
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
    const found = await previews.read(ticket, range);
    if (found === null) return notFound();
    return new Response(Readable.toWeb(found.body) as ReadableStream<Uint8Array>, {
      status: found.status,
      headers: {
        ...found.headers,
        'content-security-policy': previewPolicy,
        'content-disposition': 'attachment',
        'cross-origin-resource-policy': 'same-origin',
        'x-content-type-options': 'nosniff',
        'cache-control': 'no-store',
      },
    });
  } catch {
    return new Response(null, { status: 502 });
  }
}

function notFound(): Response {
  return new Response(null, { status: 404 });
}
