// Files of Waybill's own that somebody else wrote, or that a disk damaged: whatever they hold, Waybill starts.
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { AccountStore } from '../../main/accounts/account-store.ts';
import { accountSchema } from '../../main/accounts/account.ts';
import { memoryKeychain } from '../../main/accounts/keychain.ts';
import { Ledger } from '../../main/links/ledger/ledger.ts';
import { SettingsStore } from '../../main/shell/settings-store.ts';
import { defaultSettings, settingsPatchSchema } from '../../main/settings.ts';
import { Journal } from '../../main/transfers/tasks/journal.ts';
import { makeSourced } from '../unit/accounts/make-account.ts';
import { altered, anyText, fuzz, mangled } from './runs.ts';

const id = '5a0f7d0e-6f0e-4a55-9a9e-2d3a3f1f6b11';
const place = { accountId: id, bucket: 'photos', key: 'album/a.jpg' };
const task = (name: string, work: object, folder: object | null = null): object => ({
  type: 'task',
  task: { id: name, createdAt: 1, work, name, choice: null, priority: 'normal', rank: 1, folder },
  sizeBytes: 5,
});
const span = { start: 0, sizeBytes: 5, doneBytes: 2, crc64: '17' };
const because = { kind: 'network', reason: 'reset', host: 'oss-cn-hangzhou.aliyuncs.com' };
const journal = [
  { format: 'waybill-transfers', version: 1 },
  task('t1', { kind: 'upload', what: 'file', ...place, path: '/home/a/a.jpg' }),
  task('t2', { kind: 'download', what: 'object', ...place, versionId: null, path: '/home/a/b.jpg' }),
  task('t3', { kind: 'download-folder', ...place, key: 'album/', path: '/home/a' }),
  task(
    't4',
    { kind: 'download', what: 'object', ...place, versionId: null, path: '/home/a/c' },
    { id: 't3', key: 'a' },
  ),
  task('t5', { kind: 'copy', ...place, source: { ...place, versionId: null }, move: true, copied: null }),
  { type: 'state', id: 't1', state: { at: 'waiting', attempt: 2, retryAt: 3, because } },
  { type: 'state', id: 't2', state: { at: 'done', verified: 'crc64', versionId: null } },
  {
    type: 'upload',
    id: 't1',
    checkpoint: { ...place, uploadId: 'u', partSizeBytes: 5, sizeBytes: 9, modifiedAt: 1, parts: [] },
  },
  { type: 'part', id: 't1', part: { partNumber: 1, etag: 'e', crc64: '17', sizeBytes: 5 } },
  {
    type: 'download',
    id: 't2',
    checkpoint: {
      ...{ partPath: '/home/a/.b.jpg.waybill-part', etag: null, crc64: '17', versionId: null, sizeBytes: 5 },
      ...{ modifiedAt: null, spans: [span] },
    },
  },
  { type: 'spans', id: 't2', spans: [span] },
  { type: 'span', id: 't2', index: 0, crc64: '17' },
  { type: 'settled', id: 't3', keys: ['a'], done: 1, skipped: 0, bytes: 5, unverified: 0 },
  { type: 'gone', id: 't5' },
];
const entry = {
  ...{ id, madeAt: 1, accountId: id, accountName: 'Studio', options: { expiresSeconds: 3600 }, validUntil: 2 },
  what: { kind: 'link', method: 'GET', bucket: 'photos', key: 'a.jpg', versionId: null },
  signer: { kind: 'key', accessKeyId: 'LTAI' },
  ...{ sessionEndUnknown: false, note: '', recipient: 'Lin', urlKept: false, goneAt: null, renews: null },
};
const ledger = [
  { format: 'waybill-ledger', version: 1 },
  { op: 'add', entry },
  { op: 'change', id, patch: { note: 'audit' } },
  { op: 'remove', id },
];
const account = accountSchema.parse({
  ...{ id, name: 'Studio', colour: 'teal', origin: 'saved', temporary: false, accessKeyId: 'LTAI' },
  ...{ endpoint: 'https://oss-cn-hangzhou.aliyuncs.com', region: 'cn-hangzhou', cname: false, signVersion: 'v4' },
  ...{ startPath: null, role: null, stsEndpoint: null, defaultExpirySeconds: 3600, tokenValidUntil: null },
});

/** In memory where the system has a folder for that: each case writes several files, and syncs them. */
const memory = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
let root: string;
let folder: string;
beforeAll(() => (root = mkdtempSync(join(memory, 'waybill-fuzz-'))));
afterAll(() => rmSync(root, { recursive: true }));
beforeEach(() => (folder = join(root, 'state')));

/** The path of a new file with these contents, alone in its folder. */
function write(contents: string): string {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { mode: 0o700 });
  const path = join(folder, 'file');
  writeFileSync(path, contents, { mode: 0o600 });
  return path;
}

const LINES = 50;
/** Lines as they should be, with changed values, with changed characters, and others. */
const linesOf = (lines: readonly object[]): fc.Arbitrary<string> => {
  const whole = lines.map((line) => JSON.stringify(line));
  const line = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...whole) },
    { weight: 4, arbitrary: altered(lines) },
    { weight: 2, arbitrary: mangled(fc.constantFrom(...whole)) },
    { weight: 1, arbitrary: anyText },
  );
  return fc.array(line, { minLength: LINES, maxLength: LINES }).map((all) => all.join('\n'));
};

test('a journal with any lines opens, and its tasks are ready to go on', async () => {
  await fuzz(
    'journals and ledgers',
    fc.asyncProperty(linesOf(journal), async (lines) => {
      const opened = Journal.open(write(lines));
      for (const one of opened.tasks) expect(one.toTransfer().id).not.toBe('');
      await opened.journal.close();
    }),
    { sample: 20, among: 2, inputsEach: LINES },
  );
});

test('a ledger with any lines opens, and what it lists can be shown', async () => {
  await fuzz(
    'journals and ledgers',
    fc.asyncProperty(linesOf(ledger), async (lines) => {
      const opened = Ledger.open({ path: write(lines), keychain: memoryKeychain() });
      const page = opened.list({
        text: '',
        states: null,
        accountId: null,
        bucket: null,
        key: null,
        offset: 0,
        limit: 100,
      });
      for (const { validUntil } of page.items) expect(Number.isInteger(validUntil)).toBe(true);
      await opened.close();
    }),
    { sample: 20, among: 2, inputsEach: LINES },
  );
});

test('settings are read, or are those of a new installation', async () => {
  const text = JSON.stringify(defaultSettings);
  const any = fc.oneof(altered([defaultSettings]), mangled(fc.constant(text)), anyText);
  await fuzz(
    'settings and accounts',
    fc.asyncProperty(any, async (contents) => {
      const { version: _, ...settings } = (await SettingsStore.open(write(contents))).current;
      expect(settingsPatchSchema.safeParse(settings).success).toBe(true);
    }),
    { sample: 50, among: 2 },
  );
});

test('accounts are read, or there are none', async () => {
  const sourced = makeSourced({ kind: 'process', command: ['/opt/get', 'credentials'] });
  const file = { version: 2, accounts: [account, { ...account, id: id.replace('5', '6') }, sourced] };
  const any = fc.oneof(altered([file]), mangled(fc.constant(JSON.stringify(file))), anyText);
  await fuzz(
    'settings and accounts',
    fc.asyncProperty(any, async (contents) => {
      for (const one of (await AccountStore.open(write(contents))).all()) {
        expect(accountSchema.safeParse(one).success).toBe(true);
      }
    }),
    { sample: 50, among: 2 },
  );
});
