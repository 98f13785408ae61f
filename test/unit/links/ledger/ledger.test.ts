import { statSync } from 'node:fs';
import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { memoryKeychain } from '../../../../main/accounts/keychain.ts';
import { withNote } from '../../../../main/links/text/link-note.ts';
import { Ledger, type LedgerDraft, type LedgerQuery } from '../../../../main/links/ledger/ledger.ts';
import { exportLedger, writeLedgerExport } from '../../../../main/links/ledger/ledger-export.ts';
import { withFileLimit } from '../../../support/file-limit.ts';

const minute = 60_000;
const hour = 60 * minute;
const accountId = '6f9d3f5e-0000-4000-8000-000000000001';
let folder: string;
let path: string;
let now: number;
let keychain: ReturnType<typeof memoryKeychain>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'waybill-ledger-'));
  path = join(folder, 'ledger.jsonl');
  now = 1_795_000_000_000;
  keychain = memoryKeychain();
});

afterEach(() => rm(folder, { recursive: true }));

function open(): Ledger {
  return Ledger.open({ path, keychain, now: () => now });
}

function draft(key: string, fields: Partial<LedgerDraft> = {}): LedgerDraft {
  return {
    madeAt: now,
    accountId,
    accountName: 'Studio',
    what: { kind: 'link', method: 'GET', bucket: 'photos', key, versionId: null },
    signer: { kind: 'key', accessKeyId: 'LTAI5tExample' },
    options: { expiresSeconds: 3600, fileName: null, open: 'download' },
    validUntil: now + hour,
    sessionEndUnknown: false,
    ...fields,
  };
}

const everything: LedgerQuery = {
  text: '',
  states: null,
  accountId: null,
  bucket: null,
  key: null,
  offset: 0,
  limit: 100,
};

/** The keys of a page. */
function keysOf(ledger: Ledger, query: Partial<LedgerQuery> = {}): string[] {
  const { items } = ledger.list({ ...everything, ...query });
  return items.map(({ what }) => (what.kind === 'link' ? what.key : what.kind));
}

test('a ledger that is cleared is empty, and so are its file and the keychain', async () => {
  const ledger = open();
  const [id = ''] = await ledger.record([draft('CANARY.jpg', { recipient: 'CANARY' }), draft('other')]);
  await keychain.setText(`link:${id}`, 'url');
  await ledger.change([id], { urlKept: true });
  await ledger.clear();
  expect(ledger.all()).toEqual([]);
  expect(await keychain.getText(`link:${id}`)).toBeNull();
  expect(await readFile(path, 'utf8')).not.toContain('CANARY');
  await ledger.record([draft('next')]);
  await ledger.close();
  expect(open().all()).toMatchObject([{ what: { key: 'next' } }]);
});

test('each change is told, until told to stop', async () => {
  const ledger = open();
  let changes = 0;
  const stop = ledger.onChange(() => (changes += 1));
  const ids = await ledger.record([draft('a'), draft('b')]);
  await ledger.change(ids, { note: 'n' });
  // There is no URL to delete.
  await ledger.deleteUrl(ids[0] ?? '');
  await ledger.remove(ids);
  expect(changes).toBe(3);
  stop();
  await ledger.record([draft('c')]);
  expect(changes).toBe(3);
});

test('an entry that is not there is unknown', () => {
  expect(() => open().get('none')).toThrow(
    expect.objectContaining({ failure: { kind: 'input', field: 'link', rule: 'unknown' } }),
  );
});

test('a grant is found by what it covers, and exported by it', async () => {
  const ledger = open();
  const scope = { bucket: 'photos', keys: ['x/one'], prefixes: ['y/', 'z/'], sourceIp: null };
  const what: LedgerDraft['what'] = { kind: 'grant', allow: ['read'], ...scope };
  const signer = {
    kind: 'role',
    accessKeyId: 'LTAI5tExample',
    roleArn: 'acs:ram::1:role/r',
    sessionName: 's',
  } as const;
  await ledger.record([
    draft('', { what, signer: { ...signer, own: true } }),
    draft('plain', { what: { kind: 'link', method: 'GET', bucket: 'photos', key: 'plain', versionId: 'v1' } }),
  ]);
  expect(keysOf(ledger, { text: 'y/ +2' })).toEqual(['grant']);
  const [head, link = '', given = '', rest] = exportLedger(ledger.all(), 'csv').split('\r\n');
  expect([head, rest]).toEqual([
    'made,valid until,state,kind,address,version,recipient,note,account,signed by,options',
    '',
  ]);
  expect(link.split(',').slice(2, 6)).toEqual(['live', 'GET', 'oss://photos/plain', 'v1']);
  expect(given.split(',').slice(2, 6)).toEqual(['live', 'grant', 'oss://photos/y/ +2', '']);
  expect(given).toContain('acs:ram::1:role/r');
});

test('what was recorded is there after a restart, newest first', async () => {
  const ledger = open();
  await ledger.record([draft('a'), draft('b')]);
  const [id = ''] = await ledger.record([draft('c', { note: 'for the fair', recipient: 'Lin' })]);
  await ledger.change([id], { note: 'for the spring fair' });
  const again = open();
  expect(keysOf(again)).toEqual(['c', 'b', 'a']);
  expect(again.get(id)).toMatchObject({ note: 'for the spring fair', recipient: 'Lin', state: 'live', urlKept: false });
});

test('10,000 links are recorded at once and found', async () => {
  const ledger = open();
  await ledger.record(Array.from({ length: 10_000 }, (_, at) => draft(`batch/${at}`)));
  expect(ledger.list({ ...everything, text: 'batch/9999' })).toMatchObject({ total: 1 });
  expect(open().all()).toHaveLength(10_000);
});

test('what its owner ended is revoked, also after a restart and once it has expired', async () => {
  const ledger = open();
  const what: LedgerDraft['what'] = {
    ...{ kind: 'ticket', bucket: 'photos', key: 'film.mov', uploadId: 'u1' },
    ...{ sizeBytes: 6_442_450_944, partSizeBytes: 16_777_216, forbidOverwrite: true },
  };
  const [id = '', page = ''] = await ledger.record([
    draft('', { what }),
    draft('', {
      what: {
        ...{ kind: 'form', bucket: 'photos', format: 'page', signedAs: 'LTAI5tExample' },
        keys: { kind: 'slots', keys: ['drop/1', 'drop/2'] },
      },
    }),
  ]);
  await ledger.change([id], { endedAt: now });
  await ledger.change([id], { note: 'too late' });
  now += 2 * hour;
  const again = open();
  expect(again.get(id)).toMatchObject({ state: 'revoked', note: 'too late', what });
  expect(again.get(page).state).toBe('ended');
  expect(keysOf(again, { key: 'film.mov' })).toEqual(['ticket']);
  expect(keysOf(again, { text: 'drop/1 +1' })).toEqual(['form']);
  expect(again.list(everything).counts).toMatchObject({ revoked: 1, ended: 1 });
});

describe('the state follows the time', () => {
  test.each([
    [hour - 13 * minute, 'live'],
    [hour - 12 * minute, 'ending-soon'],
    [hour - 1, 'ending-soon'],
    [hour, 'ended'],
  ])('a link for an hour after %i ms is %s', async (passed, state) => {
    const ledger = open();
    const [id = ''] = await ledger.record([draft('a')]);
    now += passed;
    expect(ledger.get(id).state).toBe(state);
  });

  test('a link for a year ends soon a day before', async () => {
    const ledger = open();
    const [id = ''] = await ledger.record([draft('a', { validUntil: now + 365 * 24 * hour })]);
    now += 363 * 24 * hour;
    expect(ledger.get(id).state).toBe('live');
    now += 24 * hour;
    expect(ledger.get(id).state).toBe('ending-soon');
  });

  test('one whose object is gone says so until it ends', async () => {
    const ledger = open();
    const [id = ''] = await ledger.record([draft('a')]);
    await ledger.change([id], { goneAt: now });
    expect(ledger.get(id).state).toBe('target-gone');
    now += hour;
    expect(ledger.get(id).state).toBe('ended');
  });

  test('one that is denied is revoked only once that was seen, also after a restart', async () => {
    const ledger = open();
    const [id = ''] = await ledger.record([draft('a')]);
    await ledger.change([id], { deniedAt: now });
    expect(ledger.get(id).state).toBe('denied');
    await ledger.close();
    const again = open();
    expect(again.list(everything).counts).toMatchObject({ denied: 1, live: 0 });
    await again.change([id], { endedAt: now });
    expect(again.get(id).state).toBe('revoked');
  });
});

test('search looks for every word in address, note, recipient and account; counts are by state', async () => {
  const ledger = open();
  await ledger.record([
    draft('album/猫.jpg', { recipient: 'Lin Wei' }),
    draft('album/dog.jpg', { note: 'Print in A3' }),
    draft('contract.pdf', { accountName: 'Office', accountId: crypto.randomUUID(), validUntil: now - 1 }),
  ]);
  expect(keysOf(ledger, { text: 'lin 猫' })).toEqual(['album/猫.jpg']);
  expect(keysOf(ledger, { text: 'PRINT' })).toEqual(['album/dog.jpg']);
  expect(keysOf(ledger, { text: 'office' })).toEqual(['contract.pdf']);
  expect(keysOf(ledger, { states: ['live'] })).toEqual(['album/dog.jpg', 'album/猫.jpg']);
  expect(keysOf(ledger, { bucket: 'photos', key: 'contract.pdf' })).toEqual(['contract.pdf']);
  expect(keysOf(ledger, { bucket: 'others' })).toEqual([]);
  expect(keysOf(ledger, { accountId: '6f9d3f5e-0000-4000-8000-000000000009' })).toEqual([]);
  expect(keysOf(ledger, { offset: 1, limit: 1 })).toEqual(['album/dog.jpg']);
  expect(ledger.list({ ...everything, states: ['live'] }).counts).toMatchObject({ live: 2, ended: 1 });
});

describe('the URL', () => {
  const url =
    'https://photos.oss-cn-hangzhou.aliyuncs.com/a?x-oss-credential=LTAI5tExample%2F20261124%2Fcn-hangzhou%2Foss%2Faliyun_v4_request&x-oss-date=20261124T190000Z&x-oss-expires=3600&x-oss-signature=00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff&x-oss-signature-version=OSS4-HMAC-SHA256';

  test('is in the keychain if the person asks, and goes with the entry', async () => {
    const ledger = open();
    const [id = ''] = await ledger.record([draft('a')]);
    await expect(ledger.storedUrl(id)).rejects.toMatchObject({ failure: { rule: 'not-kept' } });
    await ledger.storeUrl(id, url);
    expect(ledger.get(id).urlKept).toBe(true);
    expect(await open().storedUrl(id)).toBe(url);
    expect(await readFile(path, 'utf8')).not.toMatch(/signature|00112233/);
    await ledger.remove([id]);
    expect(await keychain.getText(`link:${id}`)).toBeNull();
    expect(open().all()).toEqual([]);
  });

  test('is kept with its note, and forgotten when the person asks for that', async () => {
    const ledger = open();
    const [id = ''] = await ledger.record([draft('a')]);
    const noted = withNote(url, { method: 'GET', headers: { 'accept-encoding': 'gzip' } });
    await ledger.storeUrl(id, noted);
    expect(await ledger.storedUrl(id)).toBe(noted);
    await ledger.deleteUrl(id);
    expect([ledger.get(id).urlKept, await keychain.getText(`link:${id}`)]).toEqual([false, null]);
    await ledger.deleteUrl(id);
  });

  test('of another object is refused', async () => {
    const ledger = open();
    const [id = ''] = await ledger.record([draft('b')]);
    await expect(ledger.storeUrl(id, url)).rejects.toMatchObject({ failure: { kind: 'input', rule: 'other-link' } });
    await expect(ledger.storeUrl(id, 'javascript:alert(1)')).rejects.toMatchObject({ failure: { rule: 'other-link' } });
  });
});

describe('the file', () => {
  test('loses no more than a last line that was cut off, and goes on after it', async () => {
    const ledger = open();
    await ledger.record([draft('a')]);
    await appendFile(path, '{"op":"add","entry":{"id":"');
    const again = open();
    await again.record([draft('b')]);
    expect(keysOf(open())).toEqual(['b', 'a']);
    expect(await readdir(folder)).toEqual(['ledger.jsonl']);
  });

  test('takes nothing once it is closed, and says so: no link gets out that was not recorded', async () => {
    const ledger = open();
    await ledger.close();
    await expect(ledger.record([draft('a')])).rejects.toMatchObject({ failure: { kind: 'file', path } });
    expect([ledger.all(), open().all()]).toEqual([[], []]);
  });

  test.skipIf(process.platform !== 'linux')('keeps an entry that was recorded after a full disk', async () => {
    const ledger = open();
    await ledger.record([draft('a')]);
    const { size } = statSync(path);
    const refused = withFileLimit(size + 100, () => ledger.record([draft('b')]));
    await expect(refused).rejects.toMatchObject({ failure: { kind: 'file', reason: 'full' } });
    await ledger.record([draft('c')]);
    await ledger.record([draft('d')]);
    expect(keysOf(open())).toEqual(['d', 'c', 'a']);
  });

  test('tells what was lost, and keeps what a newer version wrote', async () => {
    const ledger = open();
    await ledger.record([draft('a')]);
    const text = await readFile(path, 'utf8');
    const unknown = JSON.stringify({ op: 'add', entry: { ...ledger.all()[0], what: { kind: 'hologram' } } });
    await writeFile(path, `${text}${unknown}\nnot a record\n`);
    expect(open().troubles).toMatchObject([
      { kind: 'newer', path },
      { kind: 'damaged', path },
    ]);
    expect(await readFile(path, 'utf8')).toContain('hologram');
    await writeFile(path, '');
    expect(open().troubles).toMatchObject([{ kind: 'damaged' }]);
  });

  test('is kept aside when other lines cannot be read', async () => {
    const ledger = open();
    await ledger.record([draft('a')]);
    await writeFile(path, `not a record\n${await readFile(path, 'utf8')}`);
    expect(keysOf(open())).toEqual(['a']);
    const aside = (await readdir(folder)).find((name) => name.includes('damaged'));
    expect(await readFile(join(folder, aside ?? ''), 'utf8')).toContain('not a record');
  });

  test('does not grow without end', async () => {
    const ledger = open();
    const ids = await ledger.record(Array.from({ length: 300 }, (_, at) => draft(String(at))));
    await ledger.remove(ids.slice(1));
    open();
    const [first, ...entries] = (await readFile(path, 'utf8')).trim().split('\n');
    expect(JSON.parse(first ?? '')).toEqual({ format: 'waybill-ledger', version: 1 });
    expect(entries).toHaveLength(1);
  });
});

describe('export', () => {
  test('as CSV cannot be taken for a formula and survives quotes and line breaks', async () => {
    const ledger = open();
    await ledger.record([draft('a, "b"', { note: '=HYPERLINK("http://evil")', recipient: 'two\nlines' })]);
    const [, ...rows] = exportLedger(ledger.all(), 'csv').split('\r\n');
    expect(rows.join('|')).toContain('"oss://photos/a, ""b"""');
    expect(rows.join('|')).toContain(`"'=HYPERLINK(""http://evil"")"`);
    expect(rows.join('|')).toContain('"two\nlines"');
  });

  test('as JSON reads back; a file that exists is left alone', async () => {
    const ledger = open();
    await ledger.record([draft('a')]);
    const wanted = join(folder, 'links.json');
    const first = await writeLedgerExport(ledger.all(), 'json', wanted);
    const second = await writeLedgerExport(ledger.all(), 'json', wanted);
    expect(first).toBe(wanted);
    expect(second).not.toBe(wanted);
    expect(JSON.parse(await readFile(second, 'utf8'))).toMatchObject([{ what: { key: 'a' }, state: 'live' }]);
  });
});

test('acts are found by what their entries are, and entries by their act', async () => {
  const ledger = open();
  const batch = { id: crypto.randomUUID(), format: 'text', folder: 'album/' } as const;
  const upload = { kind: 'link', method: 'PUT', bucket: 'photos', key: 'in/c.jpg', versionId: null } as const;
  await ledger.record([draft('album/a.jpg', { act: batch }), draft('album/b.jpg', { act: batch })]);
  await ledger.record([
    draft('', { what: upload, accountId: '6f9d3f5e-0000-4000-8000-000000000002', accountName: 'Inbox' }),
  ]);
  const query = { text: '', scope: 'all', accountId: null, kind: null, offset: 0, limit: 10 } as const;
  expect(ledger.acts(query).acts.map(({ id, count }) => [id === batch.id, count])).toEqual([
    [false, 1],
    [true, 2],
  ]);
  expect(ledger.acts(query).accounts.map(({ name }) => name)).toEqual(['Inbox', 'Studio']);
  expect(ledger.acts({ ...query, kind: 'PUT' }).acts).toMatchObject([{ count: 1, first: { what: upload } }]);
  expect(ledger.acts({ ...query, accountId, text: 'b.jpg' }).acts).toMatchObject([{ id: batch.id, count: 1 }]);
  expect(keysOf(ledger, { act: batch.id })).toEqual(['album/b.jpg', 'album/a.jpg']);
  await ledger.close();
  expect(open().acts(query).total).toBe(2);
});

describe('links to copy again', () => {
  const put = { what: { kind: 'link', method: 'PUT', bucket: 'photos', key: 'in.jpg', versionId: null } } as const;

  test('are the newest that still work, with those whose URL is known', async () => {
    const ledger = open();
    const [old = '', over = '', kept = ''] = await ledger.record([
      draft('old.jpg'),
      draft('over.jpg', { validUntil: now - 1 }),
      draft('kept.jpg'),
    ]);
    ledger.rememberUrl(kept, 'https://photos.example/kept.jpg?sig');
    ledger.rememberUrl(over, 'https://photos.example/over.jpg?sig');
    expect(ledger.latestLinks(10).map(({ id, isUrlKnown }) => [id, isUrlKnown])).toEqual([
      [kept, true],
      [old, false],
    ]);
    expect(ledger.latestLinks(1).map(({ id }) => id)).toEqual([kept]);
    expect(await ledger.urlOf(kept)).toBe('https://photos.example/kept.jpg?sig');
    expect(await ledger.urlOf(old)).toBeNull();
    await ledger.close();
  });

  test('include an upload link while its URL is known, as it isn’t created again without a person', async () => {
    const ledger = open();
    const [id = ''] = await ledger.record([draft('', put)]);
    expect(ledger.latestLinks(10)).toEqual([]);
    ledger.rememberUrl(id, 'https://photos.example/in.jpg?sig');
    expect(ledger.latestLinks(10).map((link) => link.id)).toEqual([id]);
    await ledger.close();
  });

  test('are in no file, and are forgotten with their entry', async () => {
    const ledger = open();
    const ids = await ledger.record([draft('a.jpg'), draft('b.jpg')]);
    for (const id of ids) ledger.rememberUrl(id, 'https://photos.example/?the-signature');
    await ledger.remove(ids.slice(0, 1));
    await expect(ledger.urlOf(ids[0] ?? '')).rejects.toThrow();
    await ledger.clear();
    expect(ledger.latestLinks(10)).toEqual([]);
    await ledger.close();
    for (const name of await readdir(folder)) {
      expect(await readFile(join(folder, name), 'utf8')).not.toContain('the-signature');
    }
  });
});
