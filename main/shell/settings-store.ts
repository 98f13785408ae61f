import { JsonFile } from '../local-files/json-file.ts';
import { defaultSettings, settingsSchema, type Settings, type SettingsPatch } from '../settings.ts';

/** The settings of this run, written to settings.json at each change. */
export class SettingsStore {
  readonly #file: JsonFile<Settings>;
  #current: Settings;

  private constructor(file: JsonFile<Settings>, current: Settings) {
    this.#file = file;
    this.#current = current;
  }

  /** Reads what was set before. */
  static async open(path: string): Promise<SettingsStore> {
    const file = new JsonFile<Settings>(path, settingsSchema, defaultSettings);
    return new SettingsStore(file, (await file.read()).value);
  }

  get current(): Settings {
    return this.#current;
  }

  /** Changes what the patch names and keeps the rest. */
  async set(patch: SettingsPatch): Promise<Settings> {
    const given = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
    this.#current = { ...this.#current, ...given };
    await this.#file.write(this.#current);
    return this.#current;
  }
}
