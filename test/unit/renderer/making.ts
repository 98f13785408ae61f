import type {
  Account,
  AppInfo,
  KeyAccount,
  ObjectEntry,
  ObjectPage,
  Settings,
} from '../../../main/contract/contract.ts';

let made = 0;

/** An account without anything special; IDs count up. */
export function makeAccount(changes: Partial<KeyAccount> = {}): KeyAccount {
  made += 1;
  return {
    kind: 'key',
    id: `00000000-0000-4000-8000-${String(made).padStart(12, '0')}`,
    name: `Account ${made}`,
    colour: 'teal',
    origin: 'saved',
    accessKeyId: 'LTAI5tExample',
    temporary: false,
    tokenValidUntil: null,
    endpoint: 'https://oss-cn-hangzhou.aliyuncs.com',
    region: 'cn-hangzhou',
    cname: false,
    signVersion: 'v4',
    startPath: null,
    role: null,
    stsEndpoint: null,
    defaultExpirySeconds: 3600,
    ...changes,
  };
}

type Sourced = Extract<Account, { readonly kind: 'sourced' }>;

/** An account whose credentials come from elsewhere. */
export function makeSourced(source: Sourced['source']): Sourced {
  const { accessKeyId: _, temporary: __, tokenValidUntil: ___, ...common } = makeAccount();
  return { ...common, kind: 'sourced', source };
}

export function makeObject(key: string, changes: Partial<ObjectEntry> = {}): ObjectEntry {
  return { key, sizeBytes: 5, lastModified: 1, etag: 'e', storageClass: 'Standard', ...changes };
}

/** A page of a listing with these keys; those that end with a slash are folders. */
export function makePage(keys: readonly string[], nextPageToken: string | null = null): ObjectPage {
  return {
    objects: keys.filter((key) => !key.endsWith('/')).map((key) => makeObject(key)),
    prefixes: keys.filter((key) => key.endsWith('/')),
    nextPageToken,
  };
}

const settings: Settings = {
  version: 2,
  locale: 'en',
  theme: 'system',
  lastAccountId: null,
  downloadFolder: null,
  lookForUpdates: true,
  tray: false,
  dropFolder: null,
  toldRunsOn: false,
  lookAtLinks: 'ask',
  transfersOpen: false,
  transfersHeight: null,
  inspectorOpen: false,
  overwrite: 'ask',
  parallelTransfers: 3,
  connectionsEach: 4,
  uploadBytesPerSecond: null,
  downloadBytesPerSecond: null,
  limitHours: null,
  proxy: { mode: 'none', url: null, user: null, bypass: '', pacUrl: null },
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

export function makeInfo(changes: Partial<Settings> = {}): AppInfo {
  return {
    version: '0.1.0',
    platform: 'linux',
    systemLocale: 'zh-CN',
    settings: { ...settings, ...changes },
    place: null,
    keychain: 'available',
    environment: null,
    regions: [],
    downloadFolder: '/home/li/Downloads',
    canUpdate: false,
  };
}

interface Gate<T> {
  readonly answer: Promise<T>;
  open(value: T): void;
  fail(error: unknown): void;
}

/** An answer that waits until the test opens it, or has it fail. */
export function makeGate<T>(): Gate<T> {
  let open: (value: T) => void = () => undefined;
  let fail: (error: unknown) => void = () => undefined;
  const answer = new Promise<T>((resolve, reject) => {
    open = resolve;
    fail = reject;
  });
  return { answer, open: (value) => open(value), fail: (error) => fail(error) };
}

/** Lets all answers that are there arrive. */
export function settle(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
