import { session, type ProxyConfig } from 'electron';
import { registerSecrets } from '../../accounts/live-secrets.ts';
import { WaybillError } from '../../failure.ts';
import type { Proxy, ProxyCredentials } from '../../http/proxy.ts';
import type { ProxySettings } from '../../settings.ts';
import { readProxyAnswer } from './proxy-answer.ts';
import { loginOf, originOfProxy, type ProxyLogin } from './proxy-login.ts';

/** How long a resolved proxy is cached, in milliseconds; short, because networks change while Waybill runs. */
const CACHE_MS = 15_000;

/** How long an unreachable proxy is skipped if there are others, in milliseconds. */
const SKIP_UNREACHABLE_MS = 300_000;

/** Reads the password of a proxy's user; called for each new connection. */
type ReadPassword = (login: ProxyLogin) => Promise<string | null>;

/**
 * Resolves proxies through Chromium, which reads the system's settings, runs PAC scripts in its sandbox and applies the
 * bypass list. Loopback addresses bypass the proxy unless the list contains `<-loopback>`.
 */
export class Proxies {
  readonly #readPassword: ReadPassword;
  readonly #resolved = new Map<string, { readonly answer: string; readonly until: number }>();
  readonly #unreachableUntil = new Map<string, number>();
  #settings: ProxySettings | null = null;

  constructor(readPassword: ReadPassword) {
    this.#readPassword = readPassword;
  }

  /** Applies the settings and clears the caches. */
  async apply(settings: ProxySettings): Promise<void> {
    await session.defaultSession.setProxy(configOf(settings));
    this.#settings = settings;
    this.#resolved.clear();
    this.#unreachableUntil.clear();
  }

  /** The proxy for requests to `origin`, null for a direct connection. @throws WaybillError `network` without a usable one */
  readonly find = async (origin: string): Promise<Proxy | null> => {
    const candidates = readProxyAnswer(await this.#resolve(origin));
    const usable = candidates.find((url) => url === null || (this.#unreachableUntil.get(url) ?? 0) < performance.now());
    const url = usable === undefined ? candidates[0] : usable;
    if (url === undefined) throw new WaybillError({ kind: 'network', reason: 'proxy' });
    if (url === null) return null;
    return {
      url,
      credentials: await this.#credentials(url),
      onUnreachable: () => this.#unreachableUntil.set(url, performance.now() + SKIP_UNREACHABLE_MS),
    };
  };

  async #resolve(origin: string): Promise<string> {
    const known = this.#resolved.get(origin);
    if (known !== undefined && known.until > performance.now()) return known.answer;
    const answer = await session.defaultSession.resolveProxy(origin);
    this.#resolved.set(origin, { answer, until: performance.now() + CACHE_MS });
    return answer;
  }

  /** Only the proxy that the user entered receives the password, never one that a PAC script returns. */
  async #credentials(url: string): Promise<ProxyCredentials | null> {
    const login = this.#settings === null ? null : loginOf(this.#settings);
    if (login === null || login.proxy !== originOfProxy(url)) return null;
    const password = await this.#readPassword(login);
    return password === null ? null : registerSecrets({ user: login.user, password });
  }
}

function configOf({ mode, url, bypass, pacUrl }: ProxySettings): ProxyConfig {
  if (mode === 'manual' && url !== null) {
    return { mode: 'fixed_servers', proxyRules: url.replace(/\/$/, ''), proxyBypassRules: bypass };
  }
  if (mode === 'pac' && pacUrl !== null) return { mode: 'pac_script', pacScript: pacUrl };
  return { mode: mode === 'system' ? 'system' : 'direct' };
}
