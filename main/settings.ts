import { z } from 'zod';
import { USUAL_CONNECTIONS } from './transfers/byte-work.ts';
import type { OverwriteChoice } from './transfers/tasks/requests.ts';
import { type LocaleChoice, locales } from './words/locales.ts';

/** Counted up whenever what a field means changes; fields that are new need no more than a default. */
const SETTINGS_VERSION = 2;

/** Everything a person can set, and what the window remembers. No secret has a place here. */
export interface Settings {
  readonly version: typeof SETTINGS_VERSION;
  readonly locale: LocaleChoice;
  readonly theme: 'system' | 'light' | 'dark';
  readonly lastAccountId: string | null;
  /** Where downloads go unless the person chooses; null is the system's download folder. */
  readonly downloadFolder: string | null;
  readonly transfersOpen: boolean;
  readonly inspectorOpen: boolean;
  /** Look for a newer version at start, in builds that know where. */
  readonly lookForUpdates: boolean;
  /** What to do where something of that name exists. */
  readonly overwrite: 'ask' | OverwriteChoice;
  /** Large transfers that run at once. */
  readonly parallelTransfers: number;
  /** Connections that each of them may have; so many small ones, or twice as many, count as one large one. */
  readonly connectionsEach: number;
  /** Null: as fast as it goes. */
  readonly uploadBytesPerSecond: number | null;
  readonly downloadBytesPerSecond: number | null;
  readonly proxy: ProxySettings;
  /** The window is locked after so long without a key or the mouse; null: never, and no start begins locked. */
  readonly lockAfterMinutes: number | null;
  /** In percent. */
  readonly textSize: number;
  readonly columns: ColumnSettings;
  readonly bookmarks: readonly SavedPlace[];
  /** The latest first. */
  readonly recentPlaces: readonly SavedPlace[];
}

/** Below that a connection looks dead. */
const bytesPerSecond = z.int().min(16 * 1024);

/** Columns of the list of files that can be hidden and have a width of their own. */
export type Column = z.infer<typeof column>;

/** How a person wants the columns: widths in pixels, where not the usual ones. */
export type ColumnSettings = z.infer<typeof columns>;

const column = z.enum(['size', 'modified', 'storage-class']);
const widths: z.ZodType<Readonly<Partial<Record<z.infer<typeof column>, number>>>> = z.partialRecord(
  column,
  z.int().min(40).max(600),
);
const columns = z.strictObject({ widths, hidden: listOf(column, 3) });

/** How servers are reached; the password is in the keychain. */
export type ProxySettings = z.infer<typeof proxy>;

const proxy = z.strictObject({
  mode: z.enum(['system', 'none', 'manual', 'pac']),
  /** `http://`, `https://` or `socks5://`, host and port: no user name or password, nor what Chromium reads as a rule. */
  url: z
    .string()
    .max(300)
    .regex(/^(https?|socks5):\/\/([\w.-]+|\[[0-9a-f:.]+\])(:\d{1,5})?\/?$/i)
    .nullable(),
  user: z.string().min(1).max(200).nullable(),
  /** Hosts that are reached directly, as Chromium reads them: `*.example.com, 10.0.0.0/8, <local>`. */
  bypass: z.string().max(2000),
  /** A script with FindProxyForURL. */
  pacUrl: z
    .string()
    .max(2000)
    .regex(/^(https?|file):\/\/[^\s@]+$/i)
    .nullable(),
});

const place = z.strictObject({ accountId: z.uuid(), bucket: z.string().min(3).max(63), prefix: z.string().max(1023) });
type SavedPlace = z.infer<typeof place>;

const fields = {
  locale: z.enum(['system', ...locales]),
  theme: z.enum(['system', 'light', 'dark']),
  lastAccountId: z.uuid().nullable(),
  downloadFolder: z.string().min(1).nullable(),
  transfersOpen: z.boolean(),
  inspectorOpen: z.boolean(),
  lookForUpdates: z.boolean(),
  overwrite: z.enum(['ask', 'replace', 'skip', 'keep-both', 'skip-same', 'replace-older']),
  parallelTransfers: z.int().min(1).max(16),
  connectionsEach: z.int().min(1).max(16),
  uploadBytesPerSecond: bytesPerSecond.nullable(),
  downloadBytesPerSecond: bytesPerSecond.nullable(),
  proxy,
  lockAfterMinutes: z.int().min(1).max(1440).nullable(),
  textSize: z.int().min(90).max(150),
  columns,
  bookmarks: listOf(place, 200),
  recentPlaces: listOf(place, 20),
};

/** What `settings.set` takes: any of the settings. */
export const settingsPatchSchema = z.strictObject(fields).partial();
/** Some of the settings. */
export type SettingsPatch = z.infer<typeof settingsPatchSchema>;

/** The settings of a first start. */
export const defaultSettings: Settings = {
  version: SETTINGS_VERSION,
  locale: 'system',
  theme: 'system',
  lastAccountId: null,
  downloadFolder: null,
  transfersOpen: false,
  inspectorOpen: false,
  lookForUpdates: true,
  overwrite: 'ask',
  parallelTransfers: 3,
  connectionsEach: USUAL_CONNECTIONS,
  uploadBytesPerSecond: null,
  downloadBytesPerSecond: null,
  proxy: { mode: 'system', url: null, user: null, bypass: '', pacUrl: null },
  lockAfterMinutes: null,
  textSize: 100,
  columns: { widths: {}, hidden: [] },
  bookmarks: [],
  recentPlaces: [],
};

/** How a file of each older version becomes one of the next. What it did not know yet is as at a first start. */
const steps: Readonly<Record<number, (older: object) => object>> = {
  // Proxy, lock and text size came.
  1: (older) => ({ ...older, version: 2 }),
};

/** What settings.json may hold: settings of this version or an older one, or a newer Waybill's, which stay unread. */
export const settingsFileSchema: z.ZodType<Settings | NewerSettings> = z.union([
  z.preprocess(migrate, z.object({ version: z.literal(SETTINGS_VERSION), ...fields })),
  z.object({ version: z.int().min(SETTINGS_VERSION + 1) }).transform(() => 'newer' as const),
]);

/** In the place of settings that only a newer Waybill understands. */
export type NewerSettings = 'newer';

/** Why the defaults apply although a settings file exists. */
export type SettingsTrouble =
  /** The file was unreadable and was moved to `setAside`. */
  | { readonly kind: 'damaged'; readonly setAside: string }
  /** A newer Waybill wrote the file: it is left alone, and changes last for this run only. */
  | { readonly kind: 'newer'; readonly path: string };

function migrate(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  let current: object & { readonly version?: unknown } = value;
  for (let step = steps[Number(current.version)]; step !== undefined; step = steps[Number(current.version)]) {
    current = step(current);
  }
  return { ...defaultSettings, ...current, version: current.version };
}

/** Not zod's readonly(): it freezes even what it refuses, and throws where that is a typed array. */
function listOf<T>(item: z.ZodType<T>, max: number): z.ZodType<readonly T[]> {
  return z.array(item).max(max);
}
