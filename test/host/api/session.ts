import type Electron from 'electron';
import { hostEmitter } from '../host-emitter.ts';
import { refuseOthers } from '../not-implemented.ts';
import { protocol } from './protocol.ts';
import { ProxyResolver } from './proxy.ts';

type HeadersListener = Parameters<Electron.WebRequest['onHeadersReceived']>[0];
type HeadersDetails = Parameters<NonNullable<HeadersListener>>[0];
export type Headers = Record<string, string[]>;

class WebRequest {
  #onHeaders: HeadersListener = null;

  /** Asked for the app's own scheme only: nothing else is answered by the stand-in. Without a filter. */
  onHeadersReceived(listener: HeadersListener): void {
    this.#onHeaders = listener;
  }

  /** Of the stand-in: the headers a page gets, or null where the app cancels the request. */
  headersFor(details: HeadersDetails, headers: Headers): Promise<Headers | null> {
    const listener = this.#onHeaders;
    if (listener === null) return Promise.resolve(headers);
    return new Promise((resolve) => {
      listener(details, ({ cancel, responseHeaders }) => {
        if (cancel === true) resolve(null);
        else resolve(responseHeaders === undefined ? headers : asLists(responseHeaders));
      });
    });
  }
}

function asLists(headers: Record<string, string | string[]>): Headers {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value].flat()]));
}

/** `will-download` is not sent: what Chromium downloads here stays out of the app's sight. */
class Session extends hostEmitter('Session', ['will-download']) {
  readonly protocol = protocol;
  readonly webRequest = refuseOthers('session.webRequest', new WebRequest());
  readonly #proxies = new ProxyResolver();
  #permissionRequest: PermissionRequestHandler = null;
  #permissionCheck: PermissionCheckHandler = null;

  setProxy(config: Electron.ProxyConfig): Promise<void> {
    return this.#proxies.setProxy(config);
  }

  resolveProxy(url: string): Promise<string> {
    return this.#proxies.resolveProxy(url);
  }

  setPermissionRequestHandler(handler: PermissionRequestHandler): void {
    this.#permissionRequest = handler;
  }

  setPermissionCheckHandler(handler: PermissionCheckHandler): void {
    this.#permissionCheck = handler;
  }

  /** Of the stand-in. */
  get permissionHandlers(): { request: PermissionRequestHandler; check: PermissionCheckHandler } {
    return { request: this.#permissionRequest, check: this.#permissionCheck };
  }
}

type PermissionRequestHandler = Parameters<Electron.Session['setPermissionRequestHandler']>[0];
type PermissionCheckHandler = Parameters<Electron.Session['setPermissionCheckHandler']>[0];

const defaultSession = new Session();

export const session = refuseOthers('session', { defaultSession });
