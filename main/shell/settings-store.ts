import type { FileTrouble } from '../local-files/file-trouble.ts';
import { type JsonContent, JsonFile, type JsonFormat } from '../local-files/json-file.ts';
import {
  defaultSettings,
  type Settings,
  SETTINGS_VERSION,
  settingsFileSchema,
  type SettingsPatch,
} from '../settings.ts';

const format: JsonFormat<Settings> = {
  version: SETTINGS_VERSION,
  schema: settingsFileSchema,
  fallback: defaultSettings,
};

/** The current settings, saved to settings.json on each change. */
export class SettingsStore {
  /** What was wrong with the file when it was opened. Where it can't be written, changes last until Waybill quits. */
  readonly troubles: readonly FileTrouble[];
  readonly #file: JsonFile<Settings>;
  #current: Settings;
  #isSaved = false;

  private constructor(file: JsonFile<Settings>, { value, troubles }: JsonContent<Settings>) {
    this.#file = file;
    this.#current = value;
    this.troubles = troubles;
  }

  /** Loads the settings. A damaged file is set aside; one of a newer version is never overwritten. */
  static async open(path: string): Promise<SettingsStore> {
    const file = new JsonFile(path, format);
    return new SettingsStore(file, await file.read());
  }

  get current(): Settings {
    return this.#current;
  }

  /** Whether the last change is in the file, and not only in memory until Waybill quits. */
  get isSaved(): boolean {
    return this.#isSaved;
  }

  /** Merges `patch` into the settings, saves them and returns the result. @throws WaybillError `file` */
  async set(patch: SettingsPatch): Promise<Settings> {
    const defined = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
    this.#current = { ...this.#current, ...defined };
    this.#isSaved = false;
    this.#isSaved = await this.#file.write(this.#current);
    return this.#current;
  }
}
