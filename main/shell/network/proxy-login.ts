import { z } from 'zod';
import { own } from '../../own.ts';
import type { ProxySettings } from '../../settings.ts';

/** A user at a proxy: `proxy` is its scheme, host and port. */
export interface ProxyLogin {
  readonly proxy: string;
  readonly user: string;
}

const stored = z.strictObject({ proxy: z.string(), user: z.string(), password: z.string() });

/** A password and the only proxy and user that it belongs to. */
export type StoredLogin = Readonly<z.infer<typeof stored>>;

const ports: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443', 'socks5:': '1080' };

/** Scheme, host and port of a proxy's URL. The scheme counts: over `http://` the password is sent in clear. */
export function originOfProxy(url: string): string {
  // What Chromium names needn’t be a URL that Node reads.
  if (!URL.canParse(url)) return url;
  const { protocol, hostname, port } = new URL(url);
  return `${protocol}//${hostname.toLowerCase()}:${port === '' ? (own(ports, protocol) ?? '') : port}`;
}

/** The login of a proxy that the person entered; null if the settings name no proxy or no user. */
export function loginOf({ mode, url, user }: ProxySettings): ProxyLogin | null {
  return mode === 'manual' && url !== null && user !== null ? { proxy: originOfProxy(url), user } : null;
}

/** The form in which a login is in the keychain: the password is never there without its proxy. */
export function writeStoredLogin(login: StoredLogin): string {
  return JSON.stringify(login);
}

/** Null for a text that isn't a login. */
export function readStoredLogin(text: string): StoredLogin | null {
  try {
    return stored.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
