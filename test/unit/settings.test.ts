import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { defaultSettings, settingsPatchSchema } from '../../main/settings.ts';
import { SettingsStore } from '../../main/shell/settings-store.ts';

const written = join(import.meta.dirname, 'settings-files');
const proxy = defaultSettings.proxy;
let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'waybill-settings-'));
  path = join(folder, 'settings.json');
});
afterEach(() => rm(folder, { recursive: true }));

test.each(await readdir(written))('%s, as that version wrote it, keeps all that was set', async (name) => {
  const text = await readFile(join(written, name), 'utf8');
  await writeFile(path, text);
  const store = await SettingsStore.open(path);
  expect(store.current).toEqual({ ...defaultSettings, ...(JSON.parse(text) as object), version: 2 });
  expect(store.troubles).toEqual([]);
  await store.set({ theme: 'light' });
  expect((await SettingsStore.open(path)).current).toEqual({ ...store.current, theme: 'light' });
});

test.each([
  ...['', '{', '[]', 'null', '"2"', '{"version":2,"theme":"purple"}', '{"version":0}', '{"version":"2"}', '{}'],
  ...['{"version":{"toString":""}}', '{"version":"constructor"}'],
])('a file with %j is kept aside, and the settings are those of a first start', async (text) => {
  await writeFile(path, text);
  const store = await SettingsStore.open(path);
  expect(store.current).toEqual(defaultSettings);
  const [kept = ''] = await readdir(folder);
  expect(store.troubles).toEqual([{ kind: 'damaged', path, setAside: join(folder, kept) }]);
  expect(await readFile(join(folder, kept), 'utf8')).toBe(text);
});

test.each([
  [{ mode: 'pac', pacUrl: 'file://server.example/share/p.pac' }, {}],
  [
    { mode: 'pac', pacUrl: 'http://intranet/代理.pac' },
    { mode: 'pac', pacUrl: 'http://intranet/%E4%BB%A3%E7%90%86.pac' },
  ],
  [{ mode: 'manual', url: 'http://10.1:3128' }, {}],
  [{ mode: 'manual', url: 'http://proxy.2:3128' }, {}],
  [{ mode: 'manual', url: 'http://proxy.example:0' }, {}],
])(
  'the proxy %j in a file, which is refused now, becomes the system’s and %j, and all else is kept',
  async (old, kept) => {
    const usual = { ...defaultSettings.proxy, bypass: '<local>' };
    expect(settingsPatchSchema.safeParse({ proxy: { ...usual, ...old } }).success).toBe(false);
    await writeFile(path, JSON.stringify({ ...defaultSettings, theme: 'dark', proxy: { ...usual, ...old } }));
    const store = await SettingsStore.open(path);
    expect(store.troubles).toEqual([]);
    expect(store.current).toEqual({ ...defaultSettings, theme: 'dark', proxy: { ...usual, ...kept } });
  },
);

test('a file of a newer version stays as it is, and changes count for this run', async () => {
  const text = '{"version":3,"theme":{"hue":200}}';
  await writeFile(path, text);
  const store = await SettingsStore.open(path);
  expect(store.troubles).toEqual([{ kind: 'newer', path }]);
  expect((await store.set({ theme: 'dark' })).theme).toBe('dark');
  expect(await readFile(path, 'utf8')).toBe(text);
});

test.each([
  { bookmarks: Float32Array.from([0]) },
  { columns: { widths: Float32Array.from([40]), hidden: [] } },
  { columns: { widths: {}, hidden: Uint8Array.from([1]) } },
  { recentPlaces: [{ accountId: 'mine', bucket: 'photos', prefix: '' }] },
  { theme: 'purple' },
  { unknown: true },
  { textSize: 400 },
  { lockAfterMinutes: 0 },
])('%j is refused and nothing is thrown', (patch) => {
  expect(settingsPatchSchema.safeParse(patch).success).toBe(false);
});

test.each([
  'http://wei:secret@proxy.example.com:3128',
  'proxy.example.com:3128',
  'http://proxy.example.com;socks5://other',
  'http://a:1,http://b:2',
  'socks4://proxy.example.com',
  'http://proxy.example.com/path',
])('%j is no address of a proxy: what it says besides would be stored, or read as a rule', (url) => {
  expect(settingsPatchSchema.safeParse({ proxy: { ...proxy, url } }).success).toBe(false);
});

test.each(['http://proxy.example.com:3128', 'https://10.0.0.1:443', 'socks5://[::1]:1080', 'http://proxy'])(
  '%j is one',
  (url) => {
    expect(settingsPatchSchema.safeParse({ proxy: { ...proxy, url } }).success).toBe(true);
  },
);
