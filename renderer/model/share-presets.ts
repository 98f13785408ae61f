import type { LinkPreset, SharePreset } from '../../main/contract/contract.ts';
import { formatLength } from '../../main/words/format.ts';
import type { Messages } from '../lib/messages.svelte.ts';
import type { SettingsState } from './settings.svelte.ts';

/** What links of an account are like that are copied in one step. Kept in the settings; it holds no secret. */
export class SharePresets {
  readonly #settings: SettingsState;
  readonly #messages: Messages;

  constructor(settings: SettingsState, messages: Messages) {
    this.#settings = settings;
    this.#messages = messages;
  }

  /** The presets of an account, the shortest first. */
  of(accountId: string): readonly LinkPreset[] {
    return this.#settings.current.sharePresets
      .filter((preset) => preset.accountId === accountId)
      .map(({ expiresSeconds, open, process }) => ({ expiresSeconds, open, process }))
      .toSorted((one, other) => one.expiresSeconds - other.expiresSeconds);
  }

  async add(accountId: string, preset: LinkPreset): Promise<void> {
    await this.#settings.update(({ sharePresets }) => ({
      sharePresets: [...without(sharePresets, accountId, preset), { accountId, ...preset }],
    }));
  }

  async remove(accountId: string, preset: LinkPreset): Promise<void> {
    await this.#settings.update(({ sharePresets }) => ({ sharePresets: without(sharePresets, accountId, preset) }));
  }

  /** What a preset does, in a few words: "1 hr, download". */
  label({ expiresSeconds, open, process }: LinkPreset): string {
    const { locale, text } = this.#messages;
    const length = formatLength(expiresSeconds * 1000, locale);
    return text('share.preset', { length, open: open ?? 'file', processed: process ?? 'none', process: process ?? '' });
  }
}

/** Whether two presets make the same link. */
export function isSamePreset(one: LinkPreset, other: LinkPreset): boolean {
  return one.expiresSeconds === other.expiresSeconds && one.open === other.open && one.process === other.process;
}

function without(presets: readonly SharePreset[], accountId: string, preset: LinkPreset): readonly SharePreset[] {
  return presets.filter((one) => one.accountId !== accountId || !isSamePreset(one, preset));
}
