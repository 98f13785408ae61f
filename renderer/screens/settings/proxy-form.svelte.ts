import type { Failure, NetworkTest, ProxySettings } from '../../../main/contract/contract.ts';
import { type call, failureOf } from '../../lib/bridge.ts';
import type { SettingsState } from '../../model/settings.svelte.ts';

type Outcome =
  | { readonly at: 'untested' }
  | { readonly at: 'testing' }
  | { readonly at: 'reached'; readonly test: NetworkTest }
  | { readonly at: 'failed'; readonly failure: Failure };

const proxyPattern = /^(?:https?|socks5):\/\/((?:[\w-]+\.)*[\w-]+|\[[0-9a-f:.]+\])(?::(\d{1,5}))?\/?$/i;
const scriptPattern = /^https?:\/\/[^\s@]+$/i;

/** Accepts what main's schema accepts: a name that URLs read as another host, like `10.1`, is none. */
function isProxyUrl(url: string): boolean {
  const [, host = '', port = '80'] = proxyPattern.exec(url) ?? [];
  const read = `http://${host}`;
  return (
    Number(port) > 0 && Number(port) < 65_536 && URL.canParse(read) && new URL(read).hostname === host.toLowerCase()
  );
}

/** The script's URL with ASCII alone, as it is sent. */
function sentForm(url: string): string {
  return scriptPattern.test(url) && URL.canParse(url) ? new URL(url).href : url;
}

/** The network settings form. */
export class ProxyForm {
  readonly #call: typeof call;
  readonly #settings: SettingsState;
  mode: ProxySettings['mode'] = $state('system');
  url = $state('');
  user = $state('');
  /** Leave blank to keep the stored password. */
  password = $state('');
  bypass = $state('');
  pacUrl = $state('');
  outcome = $state.raw<Outcome>({ at: 'untested' });

  constructor(settings: SettingsState, callMain: typeof call) {
    this.#call = callMain;
    this.#settings = settings;
    const { mode, url, user, bypass, pacUrl } = settings.current.proxy;
    this.mode = mode;
    this.url = url ?? '';
    this.user = user ?? '';
    this.bypass = bypass;
    this.pacUrl = pacUrl ?? '';
  }

  readonly fullUrl = $derived.by(() => {
    const url = this.url.trim();
    return url === '' || url.includes('://') ? url : `http://${url}`;
  });
  readonly #isUrl = $derived(isProxyUrl(this.fullUrl));
  readonly #sentPacUrl = $derived(sentForm(this.pacUrl.trim()));
  readonly #isPacUrl = $derived(scriptPattern.test(this.#sentPacUrl));
  readonly badUrl = $derived(this.mode === 'manual' && this.fullUrl !== '' && !this.#isUrl);
  readonly badPacUrl = $derived(this.mode === 'pac' && this.pacUrl.trim() !== '' && !this.#isPacUrl);
  readonly canTest = $derived(
    this.outcome.at !== 'testing' &&
      !this.badUrl &&
      !this.badPacUrl &&
      (this.mode !== 'manual' || this.fullUrl !== '') &&
      (this.mode !== 'pac' || this.pacUrl.trim() !== ''),
  );

  /** Saves the settings, and tests the connection to the account's server, or to OSS without an account. */
  async saveAndTest(accountId: string | null): Promise<void> {
    if (!this.canTest) return;
    this.outcome = { at: 'testing' };
    try {
      await this.#save();
      this.outcome = { at: 'reached', test: await this.#call('network.test', { accountId }) };
    } catch (error) {
      this.outcome = { at: 'failed', failure: await failureOf(error) };
    }
  }

  async #save(): Promise<void> {
    const user = this.user.trim();
    const before = this.#settings.current.proxy;
    // A field of another mode isn't shown: what is wrong there must not be refused now.
    const url = this.fullUrl === '' ? null : this.#isUrl ? this.fullUrl : before.url;
    const pacUrl = this.pacUrl.trim() === '' ? null : this.#isPacUrl ? this.#sentPacUrl : before.pacUrl;
    await this.#settings.set({ proxy: { mode: this.mode, url, user: user || null, bypass: this.bypass, pacUrl } });
    const { password } = this;
    this.password = '';
    if (password !== '') await this.#call('network.setPassword', { password });
    else if (user === '' && before.user !== null) await this.#call('network.setPassword', { password: null });
  }
}
