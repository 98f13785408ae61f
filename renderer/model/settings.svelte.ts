import type { AppInfo, Settings, SettingsPatch } from '../../main/contract/contract.ts';
import type { call } from '../lib/bridge.ts';
import { toLocale } from '../../main/words/locales.ts';
import type { Messages } from '../lib/messages.svelte.ts';

/** The user's settings. Main stores them, and what it returns wins. */
export class SettingsState {
  readonly #call: typeof call;
  readonly #messages: Messages;
  readonly #info: AppInfo;
  current: Settings;
  #lastUpdate: Promise<unknown> = Promise.resolve();

  constructor(info: AppInfo, messages: Messages, callMain: typeof call) {
    this.#call = callMain;
    this.#messages = messages;
    this.#info = info;
    this.current = $state.raw(info.settings);
  }

  /** Where downloads go unless the user chooses another folder. */
  get downloadFolder(): string {
    return this.current.downloadFolder ?? this.#info.downloadFolder;
  }

  /** Called when a setting changed in any window. */
  follow(settings: Settings): void {
    this.#apply(settings);
  }

  /** Saves a change. The window's own panels open and close at once, without waiting for main. */
  async set(patch: SettingsPatch): Promise<void> {
    const { transfersOpen, inspectorOpen } = patch;
    if (transfersOpen !== undefined) this.current = { ...this.current, transfersOpen };
    if (inspectorOpen !== undefined) this.current = { ...this.current, inspectorOpen };
    this.#apply(await this.#call('settings.set', patch));
  }

  /** Changes what depends on the current settings, once earlier updates are done: of two at once, neither is lost. Null changes nothing. */
  async update(patchOf: (current: Settings) => SettingsPatch | null): Promise<void> {
    const update = this.#lastUpdate.then(async () => {
      const patch = patchOf(this.current);
      if (patch !== null) await this.set(patch);
    });
    this.#lastUpdate = update.catch(() => undefined);
    await update;
  }

  /** Each window has its own open panels: main keeps the latest state for the next window. */
  #apply(settings: Settings): void {
    const { transfersOpen, inspectorOpen } = this.current;
    this.current = { ...settings, transfersOpen, inspectorOpen };
    this.#messages.locale = toLocale(settings.locale, this.#info.systemLocale);
  }
}
