import { JsonFile } from '../local-files/json-file.ts';
import {
  defaultSettings,
  type NewerSettings,
  type Settings,
  settingsFileSchema,
  type SettingsPatch,
  type SettingsTrouble,
} from '../settings.ts';

/** The current settings, saved to settings.json on each change. */
export class SettingsStore {
  readonly trouble: SettingsTrouble | null;
  readonly #file: JsonFile<Settings | NewerSettings>;
  #current: Settings;

  private constructor(file: JsonFile<Settings | NewerSettings>, current: Settings, trouble: SettingsTrouble | null) {
    this.#file = file;
    this.#current = current;
    this.trouble = trouble;
  }

  /** Loads the settings. A damaged file is set aside; one of a newer version is never overwritten. */
  static async open(path: string): Promise<SettingsStore> {
    const file = new JsonFile<Settings | NewerSettings>(path, settingsFileSchema, defaultSettings);
    const { value, setAside } = await file.read();
    if (value === 'newer') return new SettingsStore(file, defaultSettings, { kind: 'newer', path });
    return new SettingsStore(file, value, setAside === null ? null : { kind: 'damaged', setAside });
  }

  get current(): Settings {
    return this.#current;
  }

  /** Merges `patch` into the settings, saves them and returns the result. */
  async set(patch: SettingsPatch): Promise<Settings> {
    const defined = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
    this.#current = { ...this.#current, ...defined };
    if (this.trouble?.kind !== 'newer') await this.#file.write(this.#current);
    return this.#current;
  }
}
