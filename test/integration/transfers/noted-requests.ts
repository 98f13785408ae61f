import { subscribe, unsubscribe } from 'node:diagnostics_channel';

/** Notes method and query of each request through the pool: bodies of files go another way. */
export function noteRequests(): { readonly asked: string[]; stop(): void } {
  const asked: string[] = [];
  const note = (message: unknown): void => void asked.push(nameOf(message));
  subscribe('undici:request:create', note);
  return { asked, stop: () => unsubscribe('undici:request:create', note) };
}

/** Resolves once a request such as `POST uploads` has left through the pool. */
export function whenSent(request: string): Promise<void> {
  return new Promise((resolve) => {
    const note = (message: unknown): void => {
      if (nameOf(message) !== request) return;
      unsubscribe('undici:client:sendHeaders', note);
      resolve();
    };
    subscribe('undici:client:sendHeaders', note);
  });
}

function nameOf(message: unknown): string {
  const { request } = message as { readonly request: { readonly method: string; readonly path: string } };
  const [, query = ''] = request.path.split('?');
  return `${request.method} ${query.split(/[=&]/)[0] ?? ''}`.trim();
}
