import { scryptSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Keychain, memoryKeychain } from '../../../main/accounts/keychain.ts';
import { WaybillError } from '../../../main/failure.ts';
import { lockAtStart } from '../../../main/shell/security/lock.ts';
import { SettingsStore } from '../../../main/shell/settings-store.ts';
import { openState } from '../../../main/shell/state.ts';

let folder: string;
let keychain: Keychain;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'waybill-state-'));
  keychain = memoryKeychain();
});
afterEach(() => rmSync(folder, { recursive: true }));

const open = () => openState(folder, { keychain });
const passphrase = 'seven wombats juggle';

test('a first start has nothing to tell, and neither has the second', async () => {
  for (let start = 0; start < 2; start += 1) {
    const { troubles, lock, settings, window } = await open();
    expect(troubles.take()).toEqual([]);
    expect(lock.isLocked).toBe(false);
    await settings.set({ theme: 'dark' });
    await window.save({ bounds: null, maximized: true });
  }
});

test('a folder in the place of each file stops nothing, and each is told by what it holds', async () => {
  for (const name of ['settings.json', 'accounts.json', 'window.json', 'authorities.pem', 'ledger.jsonl'])
    mkdirSync(join(folder, name, 'x'), { recursive: true });
  const { troubles } = await open();
  expect(troubles.take().map(({ file, kind }) => [file, kind])).toEqual([
    ['settings', 'damaged'],
    ['accounts', 'damaged'],
    ['links', 'damaged'],
    ['authorities', 'damaged'],
    ['window', 'damaged'],
  ]);
  expect((await open()).troubles.take()).toEqual([]);
});

test('a trouble is told once in a run: to the first page that asks, and to no window after it', async () => {
  writeFileSync(join(folder, 'accounts.json'), 'damaged');
  const { troubles } = await open();
  expect(troubles.take()).toMatchObject([{ file: 'accounts', kind: 'damaged' }]);
  expect(troubles.take()).toEqual([]);
  let calls = 0;
  troubles.onAdded(() => (calls += 1));
  troubles.add('transfers', [{ kind: 'unsaved', path: '/x' }]);
  troubles.add('transfers', []);
  expect(calls).toBe(1);
  expect(troubles.take()).toEqual([{ file: 'transfers', kind: 'unsaved', path: '/x' }]);
  expect(troubles.take()).toEqual([]);
});

test('what a killed process was writing is removed, and nothing else', async () => {
  const left = ['settings.json.2891336453', 'accounts.json.104', 'accounts.json.918273', 'ledger.jsonl.new'];
  const kept = ['settings.json.damaged-2026-11-24T123000.000Z', 'Local State', 'Preferences.12345', 'my.json.new'];
  for (const name of [...left, '.waybill-0011223344556677.new', ...kept]) writeFileSync(join(folder, name), 'x');
  await open();
  const names = readdirSync(folder);
  expect(names).toEqual(expect.arrayContaining([...kept, 'accounts.json.104']));
  for (const name of [
    'settings.json.2891336453',
    'accounts.json.918273',
    'ledger.jsonl.new',
    '.waybill-0011223344556677.new',
  ])
    expect(names).not.toContain(name);
});

describe('the lock', () => {
  /** A profile with a lock that was set up. */
  async function setUp(): Promise<void> {
    const { lock, settings } = await open();
    await lock.setPassphrase(passphrase);
    await settings.set({ lockAfterMinutes: 15 });
    expect((await open()).lock.isLocked).toBe(true);
  }

  test.each([
    ['damaged', () => writeFileSync(join(folder, 'settings.json'), '{"version":2,"lockAfterMin')],
    ['of a newer version', () => writeFileSync(join(folder, 'settings.json'), '{"version":3}')],
    [
      'replaced by a folder',
      () => {
        rmSync(join(folder, 'settings.json'));
        mkdirSync(join(folder, 'settings.json'));
      },
    ],
  ])('stays closed where the settings are %s, at each start until its passphrase opens it', async (_, change) => {
    await setUp();
    change();
    for (let start = 0; start < 2; start += 1) expect((await open()).lock.isLocked).toBe(true);
    const { lock, settings } = await open();
    expect(settings.current.lockAfterMinutes).not.toBeNull();
    await expect(lock.unlock('something else')).rejects.toMatchObject({ failure: { rule: 'lock-passphrase' } });
    await lock.unlock(passphrase);
    expect(lock.isLocked).toBe(false);
  });

  test('is of one profile: another, in the same keychain, has none', async () => {
    await setUp();
    mkdirSync(join(folder, 'other'));
    const other = await openState(join(folder, 'other'), { keychain, profile: '-other' });
    expect(other.lock.isLocked).toBe(false);
    await other.lock.setPassphrase('of the other profile');
    const { lock } = await open();
    await lock.unlock(passphrase);
    expect(lock.isLocked).toBe(false);
  });

  test('is open where none was set up, whatever became of the settings', async () => {
    writeFileSync(join(folder, 'settings.json'), 'damaged');
    expect((await open()).lock.isLocked).toBe(false);
  });

  test('is open after it was turned off, whatever became of the settings', async () => {
    await setUp();
    const { lock, settings } = await open();
    await lock.unlock(passphrase);
    await lock.changeSettings(settings, { lockAfterMinutes: null });
    expect(await keychain.getText('lock')).toBeNull();
    writeFileSync(join(folder, 'settings.json'), 'damaged');
    expect((await open()).lock.isLocked).toBe(false);
  });

  test('that is given up leaves neither passphrase nor setting', async () => {
    await setUp();
    const { lock, settings } = await open();
    await lock.giveUp(settings);
    expect([lock.isLocked, settings.current.lockAfterMinutes]).toEqual([false, null]);
    expect(await keychain.getText('lock')).toBeNull();
    expect((await open()).lock.isLocked).toBe(false);
  });

  test('that is given up while a right passphrase is stored anew doesn’t come back', async () => {
    await setUp();
    const { lock, settings } = await open();
    await lock.unlock(passphrase);
    const outdated = JSON.stringify({
      salt: Buffer.from('sixteen bytes of').toString('base64'),
      logN: 15,
      hash: scryptSync(passphrase, 'sixteen bytes of', 32, { N: 2 ** 15, r: 8, p: 1, maxmem: 2 ** 26 }).toString(
        'base64',
      ),
    });
    await keychain.setText('lock', outdated);
    lock.lock();
    let givenUp: Promise<void> | undefined;
    const setText = keychain.setText.bind(keychain);
    keychain.setText = async (id, text) => {
      if (id === 'lock') await Promise.race([(givenUp = lock.giveUp(settings)), delay(100)]);
      await setText(id, text);
    };
    await lock.unlock(passphrase);
    await givenUp;
    expect(givenUp).toBeDefined();
    expect(await keychain.getText('lock')).toBeNull();
  });

  test('of a newer version keeps its passphrase when this one turns it off or gives it up', async () => {
    await setUp();
    const path = join(folder, 'settings.json');
    const newer = '{"version":99,"lockAfterMinutes":15}';
    writeFileSync(path, newer);
    const first = await open();
    await first.lock.unlock(passphrase);
    await first.lock.changeSettings(first.settings, { lockAfterMinutes: null });
    const second = await open();
    await second.lock.giveUp(second.settings);
    expect([second.lock.isLocked, readFileSync(path, 'utf8')]).toEqual([false, newer]);
    expect(await keychain.getText('lock')).not.toBeNull();
  });

  test('stays closed while the keychain cannot say, and opens once that says that there is none', async () => {
    writeFileSync(join(folder, 'settings.json'), 'damaged');
    let isLocked = true;
    const memory = memoryKeychain();
    keychain = {
      ...memory,
      getText: (id) =>
        isLocked ? Promise.reject(new WaybillError({ kind: 'keychain', reason: 'locked' })) : memory.getText(id),
    };
    const { lock } = await open();
    expect(lock.isLocked).toBe(true);
    await expect(lock.unlock(passphrase)).rejects.toMatchObject({ failure: { kind: 'keychain' } });
    isLocked = false;
    await lock.unlock(passphrase);
    expect(lock.isLocked).toBe(false);
  });

  test('stays closed while a locked keychain hides what it holds, and says so instead of opening to anything', async () => {
    await setUp();
    writeFileSync(join(folder, 'settings.json'), 'damaged');
    const memory = keychain;
    let isLocked = true;
    // As a Secret Service that can't prompt: it finds nothing, and takes nothing.
    const refuse = () => Promise.reject(new WaybillError({ kind: 'keychain', reason: 'locked' }));
    keychain = {
      ...memory,
      getText: (id) => (isLocked ? Promise.resolve(null) : memory.getText(id)),
      delete: (id) => (isLocked ? refuse() : memory.delete(id)),
    };
    const { lock, settings } = await open();
    expect([lock.isLocked, settings.current.lockAfterMinutes]).toEqual([true, null]);
    await expect(lock.unlock('anything at all')).rejects.toMatchObject({
      failure: { kind: 'keychain', reason: 'locked' },
    });
    expect(lock.isLocked).toBe(true);
    isLocked = false;
    await expect(lock.unlock('anything at all')).rejects.toMatchObject({ failure: { rule: 'lock-passphrase' } });
    expect(settings.current.lockAfterMinutes).toBeNull();
    // The lock that was there is there again, now and at the next start.
    await lock.unlock(passphrase);
    expect([lock.isLocked, settings.current.lockAfterMinutes]).toEqual([false, 5]);
    expect((await open()).lock.isLocked).toBe(true);
  });

  test('is closed, without a word of the keychain, while that asks for a password before any window is open', async () => {
    await setUp();
    const path = join(folder, 'settings.json');
    writeFileSync(path, 'damaged');
    const silent = { ...keychain, getText: () => new Promise<never>(() => undefined) };
    const lock = await lockAtStart(await SettingsStore.open(path), silent, { waitMs: 1 });
    expect(lock.isLocked).toBe(true);
  });

  test('is set up where asking for the passphrase has unlocked the keychain', async () => {
    await setUp();
    writeFileSync(join(folder, 'settings.json'), 'damaged');
    const memory = keychain;
    let isLocked = true;
    keychain = {
      ...memory,
      getText: (id) => (isLocked ? Promise.resolve(null) : memory.getText(id)),
      delete: (id) => {
        isLocked = false;
        return memory.delete(id);
      },
    };
    const { lock, settings } = await open();
    expect([lock.isLocked, settings.current.lockAfterMinutes]).toEqual([true, 5]);
  });

  test.each<[string, (path: string) => void]>([
    ['are missing', (path) => rmSync(path)],
    ['say that there is none', (path) => writeFileSync(path, '{"version":2,"lockAfterMinutes":null}')],
    ['are of a newer version', (path) => writeFileSync(path, '{"version":99}')],
  ])('is closed where its passphrase is in the keychain and the settings %s', async (_, change) => {
    await setUp();
    change(join(folder, 'settings.json'));
    const { lock, settings } = await open();
    expect([lock.isLocked, settings.current.lockAfterMinutes]).toEqual([true, 5]);
    await lock.unlock(passphrase);
    await lock.changeSettings(settings, { lockAfterMinutes: null });
    expect(lock.isLocked).toBe(false);
  });

  test('closes a window that is open already once a slow keychain says that there is a passphrase', async () => {
    await setUp();
    const path = join(folder, 'settings.json');
    rmSync(path);
    let answer: () => void = () => undefined;
    const asked = new Promise<void>((resolve) => (answer = resolve));
    const slow = { ...keychain, getText: (id: string) => asked.then(() => keychain.getText(id)) };
    const lock = await lockAtStart(await SettingsStore.open(path), slow, { waitMs: 1 });
    expect(lock.isLocked).toBe(false);
    answer();
    await expect.poll(() => lock.isLocked).toBe(true);
  });

  test('is open at a first start with a locked keychain', async () => {
    keychain = { ...keychain, getText: () => Promise.reject(new WaybillError({ kind: 'keychain', reason: 'locked' })) };
    expect((await open()).lock.isLocked).toBe(false);
  });
});
