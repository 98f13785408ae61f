import { session, type ProxyConfig } from 'electron';
import { WaybillError } from '../../failure.ts';
import type { Proxy, ProxyCredentials } from '../../http/proxy.ts';
import type { ProxySettings } from '../../settings.ts';
import { readProxyAnswer } from './proxy-answer.ts';

/** How long an answer of the system or a script counts, in milliseconds: networks change while Waybill runs. */
const FOUND_FOR_MS = 15_000;

/** How long a proxy that could not be reached is passed over, where the answer names others. */
const LOST_FOR_MS = 300_000;

/** The password that goes with the settings' user name, asked for when a connection is made. */
type ReadPassword = () => Promise<string | null>;

/**
 * Finds the proxy of each server as Chromium does: it knows the system's settings, runs scripts in its sandbox, and
 * reads lists of exceptions. Loopback addresses need no proxy unless the exceptions say `<-loopback>`.
 */
export class Proxies {
  readonly #password: ReadPassword;
  readonly #found = new Map<string, { readonly answer: string; readonly until: number }>();
  readonly #lost = new Map<string, number>();
  #settings: ProxySettings | null = null;

  constructor(password: ReadPassword) {
    this.#password = password;
  }

  /** From now on these settings count. */
  async apply(settings: ProxySettings): Promise<void> {
    await session.defaultSession.setProxy(configOf(settings));
    this.#settings = settings;
    this.#found.clear();
    this.#lost.clear();
  }

  /** The proxy for requests to `origin`; null: none is needed. */
  readonly find = async (origin: string): Promise<Proxy | null> => {
    const named = readProxyAnswer(await this.#ask(origin));
    const usable = named.find((url) => url === null || (this.#lost.get(url) ?? 0) < Date.now());
    const url = usable === undefined ? named[0] : usable;
    if (url === undefined) throw new WaybillError({ kind: 'network', reason: 'proxy' });
    if (url === null) return null;
    return {
      url,
      credentials: await this.#credentials(url),
      onUnreachable: () => this.#lost.set(url, Date.now() + LOST_FOR_MS),
    };
  };

  async #ask(origin: string): Promise<string> {
    const known = this.#found.get(origin);
    if (known !== undefined && known.until > Date.now()) return known.answer;
    const answer = await session.defaultSession.resolveProxy(origin);
    this.#found.set(origin, { answer, until: Date.now() + FOUND_FOR_MS });
    return answer;
  }

  /** Only the proxy that a person entered gets the password, never one that a script names. */
  async #credentials(url: string): Promise<ProxyCredentials | null> {
    if (this.#settings?.mode !== 'manual' || this.#settings.url === null || this.#settings.user === null) return null;
    if (new URL(this.#settings.url).host !== new URL(url).host) return null;
    const password = await this.#password();
    return password === null ? null : { user: this.#settings.user, password };
  }
}

function configOf({ mode, url, bypass, pacUrl }: ProxySettings): ProxyConfig {
  if (mode === 'manual' && url !== null) {
    return { mode: 'fixed_servers', proxyRules: url.replace(/\/$/, ''), proxyBypassRules: bypass };
  }
  if (mode === 'pac' && pacUrl !== null) return { mode: 'pac_script', pacScript: pacUrl };
  return { mode: mode === 'system' ? 'system' : 'direct' };
}
