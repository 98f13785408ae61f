import { Agent, Dispatcher } from 'undici';
import { type DispatcherOptions, makeDispatcher } from './http.ts';
import { makeProxyDispatcher, type Proxy } from './proxy.ts';
import { makeSocksDispatcher } from './socks.ts';

/** The proxy that requests to `origin` (`https://host:port`) go through; null: none. */
export type FindProxy = (origin: string) => Proxy | null | Promise<Proxy | null>;

/** Pools of kept-alive connections to any number of servers, each reached directly or through its proxy. */
export class RoutedDispatcher extends Dispatcher {
  readonly #options: DispatcherOptions;
  readonly #proxied = new Map<string, Dispatcher>();
  #direct: Agent;
  #findProxy: FindProxy | null = null;

  constructor(options: DispatcherOptions = {}) {
    super();
    this.#options = options;
    this.#direct = makeDispatcher(options);
  }

  /** From now on requests go this way (null: always directly), over new connections. Running ones end as they began. */
  reroute(findProxy: FindProxy | null): void {
    const old = [this.#direct, ...this.#proxied.values()];
    this.#findProxy = findProxy;
    this.#direct = makeDispatcher(this.#options);
    this.#proxied.clear();
    for (const dispatcher of old) dispatcher.close().catch(() => undefined);
  }

  /** Whether requests to this origin need no proxy. @throws what FindProxy throws */
  async isDirect(origin: string): Promise<boolean> {
    return (await this.#find(origin)) === null;
  }

  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    if (this.#findProxy === null) return this.#direct.dispatch(options, handler);
    void this.#find(String(options.origin))
      .then((proxy) => this.#through(proxy))
      .catch(failing)
      .then((dispatcher) => dispatcher.dispatch(options, handler));
    return true;
  }

  override async close(): Promise<void> {
    await Promise.all([this.#direct, ...this.#proxied.values()].map((dispatcher) => dispatcher.close()));
  }

  override async destroy(): Promise<void> {
    await Promise.all([this.#direct, ...this.#proxied.values()].map((dispatcher) => dispatcher.destroy()));
  }

  async #find(origin: string): Promise<Proxy | null> {
    return (await this.#findProxy?.(origin)) ?? null;
  }

  #through(proxy: Proxy | null): Dispatcher {
    if (proxy === null) return this.#direct;
    const known = this.#proxied.get(proxy.url);
    if (known !== undefined) return known;
    const make = proxy.url.startsWith('socks5:') ? makeSocksDispatcher : makeProxyDispatcher;
    const made = make(proxy, this.#options);
    this.#proxied.set(proxy.url, made);
    return made;
  }
}

/** One whose requests fail with this error, as those of a server that cannot be reached. */
function failing(error: unknown): Dispatcher {
  const cause = error instanceof Error ? error : new Error('no way to the server', { cause: error });
  return new Agent({ connect: (_options, callback) => callback(cause, null) });
}
