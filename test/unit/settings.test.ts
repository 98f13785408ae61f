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

test.each(['', '{', '[]', 'null', '"2"', '{"version":2,"theme":"purple"}', '{"version":0}', '{"version":"2"}', '{}'])(
  'a file with %j is kept aside, and the settings are those of a first start',
  async (text) => {
    await writeFile(path, text);
    const store = await SettingsStore.open(path);
    expect(store.current).toEqual(defaultSettings);
    const [kept = ''] = await readdir(folder);
    expect(store.troubles).toEqual([{ kind: 'damaged', path, setAside: join(folder, kept) }]);
    expect(await readFile(join(folder, kept), 'utf8')).toBe(text);
  },
);

test('a PAC script in a file is given up for the system’s proxy, and all else is kept', async () => {
  const proxy = { mode: 'pac', url: null, user: null, bypass: '', pacUrl: 'file://server.example/share/p.pac' };
  expect(settingsPatchSchema.safeParse({ proxy }).success).toBe(false);
  await writeFile(path, JSON.stringify({ ...defaultSettings, theme: 'dark', proxy }));
  const store = await SettingsStore.open(path);
  expect(store.troubles).toEqual([]);
  expect(store.current).toEqual({
    ...defaultSettings,
    theme: 'dark',
    proxy: { ...proxy, mode: 'system', pacUrl: null },
  });
});

test.each(['http://10.1:3128', 'http://proxy.2:3128', 'http://proxy.example:0'])(
  'the proxy %s, which earlier versions took, is given up for the system’s, and all else is kept',
  async (url) => {
    const written = { ...proxy, mode: 'manual', url, user: 'li', bypass: '*.corp' };
    await writeFile(path, JSON.stringify({ ...defaultSettings, theme: 'dark', lockAfterMinutes: 5, proxy: written }));
    const store = await SettingsStore.open(path);
    expect(store.troubles).toEqual([]);
    const kept = { ...written, mode: 'system', url: null };
    expect(store.current).toEqual({ ...defaultSettings, theme: 'dark', lockAfterMinutes: 5, proxy: kept });
  },
);

test('a PAC script with a name in other letters is kept as it is sent', async () => {
  const written = { ...proxy, mode: 'pac', pacUrl: 'http://intranet/代理.pac' };
  await writeFile(path, JSON.stringify({ ...defaultSettings, proxy: written }));
  const pacUrl = 'http://intranet/%E4%BB%A3%E7%90%86.pac';
  expect((await SettingsStore.open(path)).current.proxy).toEqual({ ...written, pacUrl });
});

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
