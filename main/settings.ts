import { z } from 'zod';
import type { LimitHours } from './limit-hours.ts';
import { readAuthority } from './http/authority.ts';
import { linkPresetSchema } from './links/making/link-preset.ts';
import { USUAL_CONNECTIONS } from './transfers/byte-work.ts';
import type { OverwriteChoice } from './transfers/tasks/requests.ts';
import { type LocaleChoice, locales } from './words/locales.ts';

/** Incremented when the meaning of a field changes. A new field only needs a default. */
export const SETTINGS_VERSION = 2;

/** Everything a user can set, and what the window remembers. Never holds a secret. */
export interface Settings {
  readonly version: typeof SETTINGS_VERSION;
  readonly locale: LocaleChoice;
  readonly theme: 'system' | 'light' | 'dark';
  readonly lastAccountId: string | null;
  /** Default target of downloads; null: the system's downloads folder. */
  readonly downloadFolder: string | null;
  readonly transfersOpen: boolean;
  /** Height of the open list of transfers, in pixels; null: a share of the window. */
  readonly transfersHeight: number | null;
  readonly inspectorOpen: boolean;
  /** Check for a newer version at start, in builds with an update source. */
  readonly lookForUpdates: boolean;
  /** An item in the menu bar of macOS, or the tray of Windows and Linux, where Waybill runs on without a window then. */
  readonly tray: boolean;
  /** Where files go that are dropped on this item; null: nowhere yet. */
  readonly dropFolder: SavedPlace | null;
  /** Whether the person was told that Waybill runs on without a window. */
  readonly toldRunsOn: boolean;
  /** Whether size and type of a pasted link are asked for at once, with one byte; `ask`: the card offers it. */
  readonly lookAtLinks: 'ask' | 'always' | 'never';
  /** What to do if a file with this name already exists. */
  readonly overwrite: 'ask' | OverwriteChoice;
  /** Number of large transfers that run at once. */
  readonly parallelTransfers: number;
  /**
   * Connections per large transfer. Also sizes a slot of small transfers: this many of them, or twice as many, share
   * one.
   */
  readonly connectionsEach: number;
  /** Null: unlimited. */
  readonly uploadBytesPerSecond: number | null;
  readonly downloadBytesPerSecond: number | null;
  /** Limits that replace these at certain hours; null: none. */
  readonly limitHours: LimitHours | null;
  readonly proxy: ProxySettings;
  /** Minutes without keyboard or mouse until the window locks; null: never, and Waybill doesn't start locked. */
  readonly lockAfterMinutes: number | null;
  /** In percent. */
  readonly textSize: number;
  readonly columns: ColumnSettings;
  /** The height of a row of the file list: 24, 28 or 34 pixels. */
  readonly density: 'compact' | 'regular' | 'comfortable';
  /** Files as rows, or as thumbnails. */
  readonly view: 'list' | 'thumbnails';
  /** The width of the list of buckets and bookmarks, in pixels. */
  readonly railWidth: number;
  /** In the order in which they are shown. */
  readonly bookmarks: readonly SavedBookmark[];
  /** Most recent first. */
  readonly recentPlaces: readonly SavedPlace[];
  /** Links that are copied in one step, besides the account's usual one. */
  readonly sharePresets: readonly SharePreset[];
  /** Where the next start begins: the place visited last, in any window. */
  readonly lastPlace: z.infer<typeof lastPlace>;
}

/** A bandwidth limit. Less than 16 KiB/s would make a connection look dead. */
const bytesPerSecond = z.int().min(16 * 1024);

const minuteOfDay = z.int().min(0).max(1439);
const limitHours = z.strictObject({
  days: z.enum(['every', 'weekdays']),
  fromMinute: minuteOfDay,
  toMinute: minuteOfDay,
  uploadBytesPerSecond: bytesPerSecond.nullable(),
  downloadBytesPerSecond: bytesPerSecond.nullable(),
});

/** Columns of the file list that can be hidden and resized. */
export type Column = z.infer<typeof column>;

/** Hidden columns, and widths in pixels that differ from the default. */
export type ColumnSettings = z.infer<typeof columns>;

const column = z.enum(['size', 'modified', 'kind', 'storage-class']);
const widths: z.ZodType<Readonly<Partial<Record<z.infer<typeof column>, number>>>> = z.partialRecord(
  column,
  z.int().min(40).max(600),
);
const columns = z.strictObject({ widths, hidden: listOf(column, 4) });

/** How servers are reached. The proxy password is in the keychain. */
export type ProxySettings = z.infer<typeof proxy>;

const proxy = z.strictObject({
  mode: z.enum(['system', 'none', 'manual', 'pac']),
  /**
   * `http://`, `https://` or `socks5://` with host and port; no credentials, and nothing that Chromium reads as a rule
   * list.
   */
  url: z
    .string()
    .max(300)
    .regex(/^(https?|socks5):\/\/[^/]+\/?$/i)
    .refine((url) => readAuthority(url.replace(/^\w+:\/\/|\/$/g, '')) !== null)
    .nullable(),
  user: z.string().min(1).max(200).nullable(),
  /** Hosts to reach directly, in Chromium's syntax: `*.example.com, 10.0.0.0/8, <local>`. */
  bypass: z.string().max(2000),
  /** URL of a PAC script, which defines FindProxyForURL(). Not `file:`, which Windows would fetch from any host by SMB. */
  pacUrl: z
    .string()
    .max(2000)
    .regex(/^https?:\/\/[\x21-\x3f\x41-\x7e]+$/i)
    .nullable(),
});

const place = z.strictObject({ accountId: z.uuid(), bucket: z.string().min(3).max(63), prefix: z.string().max(1023) });
type SavedPlace = Readonly<z.infer<typeof place>>;
/** The folder that files of the tray item go to. */
export type DropFolder = SavedPlace;

/** The end of a path says what it is; a name says it better. */
const bookmark = place.extend({ name: z.string().min(1).max(100).exactOptional() });
type SavedBookmark = Readonly<z.infer<typeof bookmark>>;

/** `bucket` is null in the list of an account's buckets. */
const lastPlace = place.extend({ bucket: place.shape.bucket.nullable() }).nullable();

const sharePreset = z.strictObject({ accountId: z.uuid(), ...linkPresetSchema.shape });
/** A preset of an account. */
export type SharePreset = Readonly<z.infer<typeof sharePreset>>;

const fields = {
  locale: z.enum(['system', ...locales]),
  theme: z.enum(['system', 'light', 'dark']),
  lastAccountId: z.uuid().nullable(),
  downloadFolder: z.string().min(1).nullable(),
  transfersOpen: z.boolean(),
  transfersHeight: z.int().min(120).max(4000).nullable(),
  inspectorOpen: z.boolean(),
  lookForUpdates: z.boolean(),
  tray: z.boolean(),
  dropFolder: place.nullable(),
  toldRunsOn: z.boolean(),
  lookAtLinks: z.enum(['ask', 'always', 'never']),
  overwrite: z.enum(['ask', 'replace', 'skip', 'keep-both', 'skip-same', 'replace-older']),
  parallelTransfers: z.int().min(1).max(16),
  connectionsEach: z.int().min(1).max(16),
  uploadBytesPerSecond: bytesPerSecond.nullable(),
  downloadBytesPerSecond: bytesPerSecond.nullable(),
  limitHours: limitHours.nullable(),
  proxy,
  lockAfterMinutes: z.int().min(1).max(1440).nullable(),
  textSize: z.int().min(90).max(150),
  columns,
  density: z.enum(['compact', 'regular', 'comfortable']),
  view: z.enum(['list', 'thumbnails']),
  railWidth: z.int().min(180).max(480),
  bookmarks: listOf(bookmark, 200),
  recentPlaces: listOf(place, 20),
  sharePresets: listOf(sharePreset, 100),
  lastPlace,
};

/** The argument of `settings.set`: any subset of the settings. */
export const settingsPatchSchema = z.strictObject(fields).partial();
/** Any subset of the settings. */
export type SettingsPatch = z.infer<typeof settingsPatchSchema>;

/** The settings of a new installation. */
export const defaultSettings: Settings = {
  version: SETTINGS_VERSION,
  locale: 'system',
  theme: 'system',
  lastAccountId: null,
  downloadFolder: null,
  transfersOpen: false,
  transfersHeight: null,
  inspectorOpen: false,
  lookForUpdates: true,
  tray: false,
  dropFolder: null,
  toldRunsOn: false,
  lookAtLinks: 'ask',
  overwrite: 'ask',
  parallelTransfers: 3,
  connectionsEach: USUAL_CONNECTIONS,
  uploadBytesPerSecond: null,
  downloadBytesPerSecond: null,
  limitHours: null,
  proxy: { mode: 'system', url: null, user: null, bypass: '', pacUrl: null },
  lockAfterMinutes: null,
  textSize: 100,
  columns: { widths: {}, hidden: [] },
  density: 'regular',
  view: 'list',
  railWidth: 232,
  bookmarks: [],
  recentPlaces: [],
  sharePresets: [],
  lastPlace: null,
};

/** Converts a file of each older version to the next one. Fields that it lacks then get their defaults. */
const steps: Readonly<Record<number, (older: object) => object>> = {
  // Version 2 added proxy, lock and text size.
  1: (older) => ({ ...older, version: 2 }),
};

/** The content of settings.json: this version's settings, or an older version's, which are migrated. */
export const settingsFileSchema: z.ZodType<Settings> = z.preprocess(
  migrate,
  z.object({ version: z.literal(SETTINGS_VERSION), ...fields }),
);

function migrate(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  let current: object & { readonly version?: unknown } = value;
  for (let step = stepFrom(current); step !== undefined; step = stepFrom(current)) current = step(current);
  return { ...defaultSettings, ...withUsableProxy(current), version: current.version };
}

/** A version may be anything: `{"toString":""}` is no number, and can't be made one. */
function stepFrom({ version }: { readonly version?: unknown }): ((older: object) => object) | undefined {
  return typeof version === 'number' ? steps[version] : undefined;
}

/**
 * Earlier versions took proxies and scripts that are refused now: such settings fall back to the system's proxy, instead of
 * being lost as damaged with all the rest.
 */
function withUsableProxy(settings: object): object {
  const old = writtenProxy.safeParse(settings);
  if (!old.success) return settings;
  const { mode, url, pacUrl } = old.data.proxy;
  const kept = {
    url: proxy.shape.url.safeParse(url).data ?? null,
    pacUrl: proxy.shape.pacUrl.safeParse(URL.canParse(pacUrl ?? '') ? new URL(pacUrl ?? '').href : pacUrl).data ?? null,
  };
  const isLost = (mode === 'manual' && url !== kept.url) || (mode === 'pac' && kept.pacUrl === null && pacUrl !== null);
  return { ...settings, proxy: { ...old.data.proxy, ...kept, mode: isLost ? 'system' : mode } };
}

const writtenProxy = z.object({
  proxy: z.looseObject({ mode: z.unknown(), url: z.string().nullable(), pacUrl: z.string().nullable() }),
});

/** Replaces zod's readonly(), which freezes even input that it refuses, and throws if that is a typed array. */
function listOf<T>(item: z.ZodType<T>, max: number): z.ZodType<readonly T[]> {
  return z.array(item).max(max);
}
