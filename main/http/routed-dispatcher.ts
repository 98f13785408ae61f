import { Agent, Dispatcher } from 'undici';
import { type DispatcherOptions, makeDispatcher } from './dispatcher.ts';
import { makeProxyDispatcher, type Proxy } from './proxy.ts';
import { makeSocksDispatcher } from './socks.ts';

/** Returns the proxy for requests to `origin` (`https://host:port`); null: none. */
export type FindProxy = (origin: string) => Proxy | null | Promise<Proxy | null>;

/**
 * Pools of keep-alive connections to any number of servers, each reached directly or through the proxy that it needs.
 */
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

  /**
   * Routes new requests this way (null: always directly), over new connections. Running ones finish on the old route.
   */
  reroute(findProxy: FindProxy | null): void {
    const old = [this.#direct, ...this.#proxied.values()];
    this.#findProxy = findProxy;
    this.#direct = makeDispatcher(this.#options);
    this.#proxied.clear();
    for (const dispatcher of old) dispatcher.close().catch(() => undefined);
  }

  /** Whether requests to this origin go directly. @throws what FindProxy throws */
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
    const dispatcher = make(proxy, this.#options);
    this.#proxied.set(proxy.url, dispatcher);
    return dispatcher;
  }
}

/** A dispatcher whose requests all fail with this error, as if the server were unreachable. */
function failing(error: unknown): Dispatcher {
  const cause = error instanceof Error ? error : new Error('no route to the server', { cause: error });
  return new Agent({ connect: (_options, callback) => callback(cause, null) });
}
