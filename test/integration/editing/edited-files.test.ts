// Files in editors: what they save comes back to OSS, however they save it, and nothing of it is lost.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { EditedFiles } from '../../../main/editing/edited-files.ts';
import type { OpenRequest } from '../../../main/editing/open-request.ts';
import type { OpenedState } from '../../../main/editing/opened-file.ts';
import { toFailure } from '../../../main/failure.ts';
import { getObjectAcl, putObjectAcl } from '../../../main/oss/operations/acl.ts';
import { deleteObject } from '../../../main/oss/operations/deletes.ts';
import { headObject, putObject } from '../../../main/oss/operations/objects.ts';
import { getObjectTags } from '../../../main/oss/operations/tags.ts';
import { listVersions } from '../../../main/oss/operations/versions.ts';
import { makeBucket, makePracticeBucket, noise, type PracticeBucket } from '../transfers/practice-bucket.ts';

/** Much shorter than people need, so that the tests are. */
const patience = { settleMs: 40, emptyMs: 400, maxMs: 400, retryMs: 50, lookMs: 50 };

let practice: PracticeBucket;
let number = 0;
let root = '';
let edited: EditedFiles;
/** Keys that were stored, in order. */
let stored: string[] = [];

beforeAll(async () => {
  practice = await makePracticeBucket();
});
afterAll(() => practice.close());
afterEach(async () => {
  practice.server.faults.clear();
  await edited.clear();
  stored = [];
});

function open(): Promise<EditedFiles> {
  return EditedFiles.open({
    ...{ root, store: `${root}.json`, patience },
    run: (_account, _bucket, operation) => operation(practice.connection),
    onChange: () => undefined,
    onStored: (_account, _bucket, key) => void stored.push(key),
  });
}

const wish = (key: string, bucket = practice.bucket): OpenRequest => ({
  ...{ accountId: 'a', bucket, key, versionId: null, isLargeFine: false, isProgramChosen: false },
});

/** Starts to edit an object with this content, and returns the path of the copy. */
async function edit(key: string, content: string | Uint8Array): Promise<string> {
  root = join(practice.folder, `edited-${(number += 1)}`);
  edited = await open();
  await practice.put(key, content);
  return editStored(key);
}

async function editStored(key: string, bucket = practice.bucket): Promise<string> {
  let path = '';
  await edited.edit(wish(key, bucket), (shown) => {
    path = shown;
    return Promise.resolve();
  });
  return path;
}

const only = () => {
  const [file] = edited.list();
  if (file === undefined) throw new Error('nothing is edited');
  return file;
};
const at = (): OpenedState['at'] => only().state.at;
const content = async (key: string): Promise<string> => (await practice.read(key)).toString();

/** Shows a file where none must be shown. */
const expectNone = (path: string): Promise<void> => Promise.reject(new Error(`shown: ${path}`));

/** As vim and most others do: a new file, then a rename. */
async function saveByRename(path: string, text: string): Promise<void> {
  await writeFile(`${path}.new`, text);
  await rename(`${path}.new`, path);
}

describe('what an editor saves comes back', () => {
  test('by a rewrite in place', async () => {
    const path = await edit('in-place.txt', 'old');
    await writeFile(path, 'new');
    await expect.poll(() => content('in-place.txt')).toBe('new');
    await expect.poll(at).toBe('saved');
  });

  test('by a rename, more than once', async () => {
    const path = await edit('renamed.txt', 'old');
    for (const text of ['second', 'third', 'fourth']) {
      await saveByRename(path, text);
      await expect.poll(() => content('renamed.txt')).toBe(text);
    }
    await expect.poll(() => stored).toEqual(['renamed.txt', 'renamed.txt', 'renamed.txt']);
  });

  test('by removing the file and writing another one', async () => {
    const path = await edit('removed.txt', 'old');
    await rm(path);
    await writeFile(path, 'new');
    await expect.poll(() => content('removed.txt')).toBe('new');
  });

  test('in two steps: a file that was truncated is not uploaded before it is written', async () => {
    const path = await edit('torn.txt', 'all of it');
    await truncate(path, 0);
    await writeFile(`${path}.other`, 'an event, while the file is empty');
    await writeFile(path, 'all of it, and more');
    await expect.poll(() => content('torn.txt')).toBe('all of it, and more');
    await expect.poll(() => stored).toEqual(['torn.txt']);
  });

  test('a file that somebody emptied becomes empty in the end', async () => {
    const path = await edit('emptied.txt', 'full');
    await truncate(path, 0);
    await expect.poll(() => content('emptied.txt')).toBe('');
  });

  test('many saves in a row: one upload at a time, and the last state wins', async () => {
    const path = await edit('often.txt', 'start');
    practice.server.faults.add({ match: { operation: 'PutObject' }, effect: { kind: 'latency', ms: 60 } });
    for (let count = 1; count <= 30; count += 1) await saveByRename(path, `state ${count}`);
    await expect.poll(() => content('often.txt')).toBe('state 30');
    await expect.poll(at).toBe('saved');
    expect(stored.length).toBeLessThan(30);
  });

  test('while somebody asks whether all is saved', async () => {
    const path = await edit('asked.txt', 'old');
    // Each attempt reads the content again.
    const lift = practice.server.faults.add({
      match: { operation: 'PutObject' },
      effect: { kind: 'error', status: 503, code: 'ServiceUnavailable' },
    });
    await writeFile(path, 'new');
    await expect.poll(at).toBe('saving');
    for (let count = 0; count < 20; count += 1) expect(await edited.unsavedName(only().id)).toBe('asked.txt');
    lift();
    await expect.poll(at).toBe('saved');
    expect(await content('asked.txt')).toBe('new');
  });

  test('a large file, in parts', async () => {
    const path = await edit('large.dat', noise(100));
    const bytes = noise(20 * 1024 ** 2);
    await writeFile(path, bytes);
    await expect.poll(at, { timeout: 20_000 }).toBe('saved');
    await expect.poll(() => stored).toEqual(['large.dat']);
    expect((await practice.read('large.dat')).equals(bytes)).toBe(true);
  });

  test('nothing is uploaded for a file that stays as it is, nor of what editors leave beside it', async () => {
    const path = await edit('quiet.txt', 'same');
    for (const name of ['.quiet.txt.swp', 'quiet.txt~', '.~lock.quiet.txt#', '~$quiet.txt', '4913']) {
      await writeFile(join(dirname(path), name), 'left by an editor');
    }
    await writeFile(path, 'same');
    await edited.save(only().id);
    // The last of all saves: what came before it has been handled.
    await writeFile(path, 'other');
    await expect.poll(() => content('quiet.txt')).toBe('other');
    await expect.poll(() => stored).toEqual(['quiet.txt']);
  });
});

test('a save keeps headers, metadata, tags and the ACL of the object, and the version before it', async () => {
  const bucket = `waybill-versions-${number}`;
  const { connection } = practice;
  await makeBucket(connection, bucket, true);
  const headers = {
    ...{ 'content-type': 'text/x-special', 'cache-control': 'no-store', 'x-oss-meta-owner': 'depot' },
    ...{ 'x-oss-tagging': 'stage=draft', 'x-oss-storage-class': 'IA' },
  };
  await putObject(connection, { bucket, key: 'kept.txt', body: Buffer.from('old'), sizeBytes: 3, headers });
  await putObjectAcl(connection, { bucket, key: 'kept.txt' }, 'public-read', new AbortController().signal);
  root = join(practice.folder, `edited-${(number += 1)}`);
  edited = await open();
  const path = await editStored('kept.txt', bucket);
  await writeFile(path, 'new content');
  await expect.poll(() => stored).toEqual(['kept.txt']);
  const head = await headObject(connection, { bucket, key: 'kept.txt' });
  expect(head).toMatchObject({
    ...{ sizeBytes: 11, contentType: 'text/x-special', storageClass: 'IA' },
    httpHeaders: { 'cache-control': 'no-store' },
    meta: { owner: 'depot' },
  });
  const object = { bucket, key: 'kept.txt' };
  expect(await getObjectTags(connection, object)).toEqual([['stage', 'draft']]);
  expect(await getObjectAcl(connection, object)).toBe('public-read');
  expect((await listVersions(connection, bucket, { prefix: 'kept.txt' })).versions).toHaveLength(2);
});

describe('offline', () => {
  test('a save is kept, tried again, and arrives', async () => {
    const path = await edit('offline.txt', 'old');
    const online = practice.server.faults.add({ effect: { kind: 'error', status: 503, code: 'ServiceUnavailable' } });
    await writeFile(path, 'written offline');
    await expect.poll(at, { timeout: 30_000 }).toBe('waiting');
    online();
    expect(await content('offline.txt')).toBe('old');
    await expect.poll(() => content('offline.txt'), { timeout: 15_000 }).toBe('written offline');
    await expect.poll(at).toBe('saved');
  }, 60_000);

  test('a save whose answer was lost is no conflict with oneself', async () => {
    const path = await edit('lost.txt', 'old');
    practice.server.faults.add({
      ...{ match: { operation: 'PutObject' }, times: 5 },
      effect: { kind: 'reset', at: 'after-work' },
    });
    await writeFile(path, 'stored, but unanswered');
    await expect.poll(at, { timeout: 30_000 }).toBe('waiting');
    await writeFile(path, 'and changed since');
    await expect.poll(() => content('lost.txt'), { timeout: 15_000 }).toBe('and changed since');
    await expect.poll(at).toBe('saved');
  }, 60_000);
});

describe('an object that somebody else changed', () => {
  async function conflict(key: string): Promise<string> {
    const path = await edit(key, 'base');
    await practice.put(key, 'theirs');
    await writeFile(path, 'mine');
    await expect.poll(() => only().state).toEqual({ at: 'conflict', theirs: 'changed' });
    expect(await content(key)).toBe('theirs');
    return path;
  }

  test('is not overwritten, until somebody says so', async () => {
    const path = await conflict('mine.txt');
    await writeFile(path, 'mine, later');
    await edited.save(only().id);
    expect([at(), await content('mine.txt')]).toEqual(['conflict', 'theirs']);
    await edited.resolve(only().id, 'mine');
    expect([at(), await content('mine.txt')]).toEqual(['saved', 'mine, later']);
    await writeFile(path, 'and on');
    await expect.poll(() => content('mine.txt')).toBe('and on');
  });

  test('stays beside mine under its own name, and edits go on in mine', async () => {
    const path = await conflict('both.txt');
    await edited.resolve(only().id, 'both');
    expect([at(), only().key]).toEqual(['saved', 'both (2).txt']);
    await writeFile(path, 'mine goes on');
    await expect.poll(() => content('both (2).txt')).toBe('mine goes on');
    expect(await content('both.txt')).toBe('theirs');
  });

  test('takes the place of mine in the editor', async () => {
    const path = await conflict('theirs.txt');
    await edited.resolve(only().id, 'theirs');
    expect([at(), readFileSync(path, 'utf8')]).toEqual(['saved', 'theirs']);
    await writeFile(path, 'on top of theirs');
    await expect.poll(() => content('theirs.txt')).toBe('on top of theirs');
  });

  test('or deleted is uploaded again only if somebody says so', async () => {
    const path = await edit('deleted.txt', 'base');
    await deleteObject(practice.connection, { bucket: practice.bucket, key: 'deleted.txt' });
    await writeFile(path, 'mine');
    await expect.poll(() => only().state).toEqual({ at: 'conflict', theirs: 'deleted' });
    await edited.resolve(only().id, 'mine');
    expect(await content('deleted.txt')).toBe('mine');
  });

  test('to what the editor holds anyway is no conflict', async () => {
    const path = await edit('same.txt', 'base');
    await practice.put('same.txt', 'agreed');
    await writeFile(path, 'agreed');
    await expect.poll(at).toBe('saved');
    await expect.poll(() => stored).toEqual(['same.txt']);
  });
});

describe('a restart', () => {
  test('removes what is saved', async () => {
    const path = await edit('clean.txt', 'old');
    await writeFile(path, 'new');
    await expect.poll(() => content('clean.txt')).toBe('new');
    await edited.close();
    expect(readdirSync(root)).toEqual([]);
    edited = await open();
    expect(edited.list()).toEqual([]);
  });

  test('keeps what is not saved, and offers it', async () => {
    const path = await edit('kept.txt', 'old');
    practice.server.faults.add({ effect: { kind: 'error', status: 403, code: 'AccessDenied' } });
    await writeFile(path, 'not saved yet');
    await expect.poll(at).toBe('failed');
    await edited.close();
    practice.server.faults.clear();
    edited = await open();
    expect(at()).toBe('kept');
    expect(await edited.unsavedName(only().id)).toBe('kept.txt');
    expect(await content('kept.txt')).toBe('old');
    await edited.save(only().id);
    expect([at(), await content('kept.txt')]).toEqual(['saved', 'not saved yet']);
    await edited.finish(only().id);
    expect([edited.list(), readdirSync(root)]).toEqual([[], []]);
  });

  test('keeps a file that an editor still holds', async () => {
    const path = await edit('held.txt', 'old');
    const lock = join(dirname(path), '.~lock.held.txt#');
    await writeFile(lock, 'open');
    await edited.close();
    expect(existsSync(path)).toBe(true);
    await writeFile(path, 'saved after Waybill quit');
    await rm(lock);
    edited = await open();
    expect(at()).toBe('kept');
  });

  test('keeps what an editor saves after Waybill has quit, though it left nothing beside the file', async () => {
    const path = await edit('late.txt', 'old');
    await edited.close();
    expect(readdirSync(root)).toEqual([]);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, 'saved into a folder that the editor made again');
    edited = await open();
    expect([at(), only().key]).toEqual(['kept', 'late.txt']);
  });

  test('keeps a save that had only half been made: the new file doesn’t have its name yet', async () => {
    const path = await edit('half.txt', 'old');
    await rename(path, `${path}.new`);
    await writeFile(`${path}.new`, 'new');
    edited = await open();
    expect([at(), existsSync(`${path}.new`)]).toEqual(['kept', true]);
  });

  test('follows a kept file whose folder can’t be watched', async () => {
    const path = await edit('moved.txt', 'old');
    await writeFile(path, 'unsaved');
    await edited.close();
    edited = await open();
    await rm(dirname(path), { recursive: true });
    await edited.show(only().id, () => Promise.resolve(), expectNone);
    await mkdir(dirname(path));
    await writeFile(path, 'back again');
    await expect.poll(() => content('moved.txt')).toBe('back again');
  });

  test('touches no folder if the list of files can’t be read', async () => {
    const path = await edit('listed.txt', 'old');
    await writeFile(join(dirname(path), 'lock'), '');
    await edited.close();
    await writeFile(`${root}.json`, '{"version": 1, "files": [{"id": "../../elsewhere"}]}');
    edited = await open();
    expect(edited.troubles).toMatchObject([{ kind: 'damaged' }]);
    expect(readFileSync(path, 'utf8')).toBe('old');
    await edited.close();
    edited = await open();
    expect(edited.troubles).toEqual([]);
    expect(readFileSync(path, 'utf8')).toBe('old');
  });
});

describe('what can’t be saved is not edited', () => {
  test('programs and scripts', async () => {
    await edit('first.txt', 'x');
    for (const key of ['setup.exe', 'run.sh']) {
      await practice.put(key, 'x');
      expect(await edited.edit(wish(key), () => Promise.resolve())).toMatchObject({ kind: 'program' });
    }
    expect(edited.list()).toHaveLength(1);
  });

  test('an object whose ACL the account may not read: saved without it, it could become public', async () => {
    await edit('first.txt', 'x');
    await practice.put('secret.txt', 'x');
    practice.server.faults.add({
      match: { operation: 'GetObjectAcl' },
      effect: { kind: 'error', status: 403, code: 'AccessDenied' },
    });
    const failure = await edited.edit(wish('secret.txt'), () => Promise.resolve()).catch(toFailure);
    expect(failure).toMatchObject({ kind: 'credentials' });
    expect(readdirSync(root)).toHaveLength(1);
  });

  test('a script is shown in a program that somebody chooses, each time', async () => {
    await edit('first.txt', 'x');
    await practice.put('run.bat', 'x');
    await edited.edit({ ...wish('run.bat'), isProgramChosen: true }, () => Promise.resolve());
    const script = edited.list().find(({ key }) => key === 'run.bat');
    const chosen: string[] = [];
    await edited.show(script?.id ?? '', expectNone, (path) => Promise.resolve(void chosen.push(basename(path))));
    expect(chosen).toEqual(['run.bat']);
  });

  test('what can’t be written down: after a restart nobody would know whose it is', async () => {
    await edit('first.txt', 'x');
    await practice.put('second.txt', 'x');
    await rm(`${root}.json`);
    await mkdir(join(`${root}.json`, 'in the way'), { recursive: true });
    const failure = await edited.edit(wish('second.txt'), expectNone).catch(toFailure);
    expect(failure).toMatchObject({ kind: 'file' });
    expect([edited.list().length, readdirSync(root).length]).toEqual([1, 1]);
    await rm(`${root}.json`, { recursive: true });
  });

  test('the same object twice at once: there is one copy', async () => {
    await edit('first.txt', 'x');
    await practice.put('quick.txt', 'x');
    const shown: string[] = [];
    const show = (path: string) => Promise.resolve(void shown.push(path));
    await Promise.all([edited.edit(wish('quick.txt'), show), edited.edit(wish('quick.txt'), show)]);
    expect([edited.list().length, shown[0]]).toEqual([2, shown[1]]);
  });

  test('the same object twice: the second time shows the first copy', async () => {
    const path = await edit('twice.txt', 'x');
    expect(await editStored('twice.txt')).toBe(path);
    expect(basename(path)).toBe('twice.txt');
    expect(edited.list()).toHaveLength(1);
  });
});
