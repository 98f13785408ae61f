import type { Keychain } from '../../accounts/keychain.ts';
import type { NetworkTest } from '../../http/dispatcher.ts';
import { networkFailure } from '../../oss/exchange/network-failure.ts';
import type { TransferAgent } from '../../http/threads/transfer-agent.ts';
import type { ProxySettings } from '../../settings.ts';
import { Proxies } from './proxies.ts';
import { loginOf, type ProxyLogin, readStoredLogin, type StoredLogin, writeStoredLogin } from './proxy-login.ts';

/** ID of the proxy password in the keychain; no account uses it. */
const PASSWORD_ID = 'proxy-password';

/** The app's network route: which proxy, with which password. */
export class Network {
  readonly #dispatcher: TransferAgent;
  readonly #keychain: Pick<Keychain, 'getText' | 'setText' | 'delete'>;
  readonly #proxies = new Proxies((login) => this.#readPassword(login));
  /** Undefined until the keychain has been read. */
  #stored: StoredLogin | null | undefined;
  #applied: ProxySettings | null = null;

  constructor(dispatcher: TransferAgent, keychain: Pick<Keychain, 'getText' | 'setText' | 'delete'>) {
    this.#dispatcher = dispatcher;
    this.#keychain = keychain;
  }

  /** Applies changed proxy settings and opens new connections for them. */
  async apply(settings: ProxySettings): Promise<void> {
    if (JSON.stringify(settings) === JSON.stringify(this.#applied)) return;
    this.#applied = settings;
    await this.#proxies.apply(settings);
    this.reconnect();
  }

  /** Replaces the connections after a change of the proxy, its password or the trusted authorities. */
  reconnect(): void {
    this.#dispatcher.reroute(this.#applied?.mode === 'none' ? null : this.#proxies.find);
  }

  /**
   * Stores the password of the proxy and the user in the settings, and of no other; null deletes it, as it is without such
   * a proxy. Without a keychain it lasts for this run. @throws WaybillError `keychain`
   */
  async setPassword(password: string | null): Promise<void> {
    const login = this.#applied === null ? null : loginOf(this.#applied);
    this.#stored = password === null || login === null ? null : { ...login, password };
    this.reconnect();
    if (this.#stored === null) await this.#keychain.delete(PASSWORD_ID);
    else await this.#keychain.setText(PASSWORD_ID, writeStoredLogin(this.#stored));
  }

  /** Measures a HEAD request to `origin`; any response counts. @throws WaybillError `network` if none arrives */
  async test(origin: string): Promise<NetworkTest> {
    const { host } = new URL(origin);
    const start = performance.now();
    try {
      const proxy = (await this.#findProxy(origin))?.url ?? null;
      const { body } = await this.#dispatcher.request({ origin, path: '/', method: 'HEAD' });
      await body.dump();
      return { host, proxy, milliseconds: Math.round(performance.now() - start) };
    } catch (error) {
      throw networkFailure(error, host);
    }
  }

  #findProxy(origin: string) {
    return this.#applied?.mode === 'none' ? null : this.#proxies.find(origin);
  }

  async #readPassword({ proxy, user }: ProxyLogin): Promise<string | null> {
    this.#stored ??= await this.#readStored();
    return this.#stored?.proxy === proxy && this.#stored.user === user ? this.#stored.password : null;
  }

  /** A password without a proxy is of an earlier version, which sent it to any: deleted, it has to be entered again. */
  async #readStored(): Promise<StoredLogin | null> {
    const text = await this.#keychain.getText(PASSWORD_ID);
    const stored = text === null ? null : readStoredLogin(text);
    if (text !== null && stored === null) await this.#keychain.delete(PASSWORD_ID).catch(() => undefined);
    return stored;
  }
}
