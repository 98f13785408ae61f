import { subscribe, unsubscribe } from 'node:diagnostics_channel';

/** Notes method and query of each request through the pool: bodies of files go another way. */
export function noteRequests(): { readonly asked: string[]; stop(): void } {
  const asked: string[] = [];
  const note = (message: unknown): void => {
    const { request } = message as { readonly request: { readonly method: string; readonly path: string } };
    const [, query = ''] = request.path.split('?');
    asked.push(`${request.method} ${query.split(/[=&]/)[0] ?? ''}`.trim());
  };
  subscribe('undici:request:create', note);
  return { asked, stop: () => unsubscribe('undici:request:create', note) };
}
