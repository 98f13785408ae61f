import { mkdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { OverwriteChoice } from '../../../main/transfers/tasks/requests.ts';
import { makePracticeBucket, type PracticeBucket } from './practice-bucket.ts';
import { accountId, makeQueue, type QueueRun } from './queue-run.ts';

const HOUR_MS = 3_600_000;
let practice: PracticeBucket;
let run: QueueRun;

beforeAll(async () => {
  practice = await makePracticeBucket();
});
afterEach(() => run.close());
afterAll(() => practice.close());

/** Downloads objects of these texts, below a prefix, into a folder in which these files are already. */
async function downloadOver(
  rule: OverwriteChoice,
  objects: Readonly<Record<string, string>>,
  files: Readonly<Record<string, { readonly text: string; readonly age: number }>>,
): Promise<string> {
  run = makeQueue(practice, { overwrite: () => rule });
  const folder = join(practice.folder, rule);
  await mkdir(join(folder, rule), { recursive: true });
  for (const [name, text] of Object.entries(objects)) await practice.put(`${rule}/${name}`, text);
  for (const [name, { text, age }] of Object.entries(files)) {
    const path = join(folder, rule, name);
    await writeFile(path, text);
    const modifiedAt = new Date(Date.now() - age);
    await utimes(path, modifiedAt, modifiedAt);
  }
  const { bucket } = practice;
  await run.queue.addDownloads({ accountId, bucket, keys: [], prefixes: [`${rule}/`], versionId: null, folder });
  await run.settled();
  return join(folder, rule);
}

const read = (folder: string, name: string): Promise<string> => readFile(join(folder, name), 'utf8');

test('a download replaces only files that are older than their objects, where that is the rule', async () => {
  const folder = await downloadOver(
    'replace-older',
    { older: 'object', newer: 'object', missing: 'object' },
    { older: { text: 'file', age: HOUR_MS }, newer: { text: 'file', age: -HOUR_MS } },
  );
  expect(run.find('replace-older')).toMatchObject({ state: { at: 'done' }, folder: { done: 2, skipped: 1 } });
  expect(await read(folder, 'older')).toBe('object');
  expect(await read(folder, 'newer')).toBe('file');
  expect(await read(folder, 'missing')).toBe('object');
});

test('a download skips files of the same bytes, and replaces those of the same length and other bytes', async () => {
  const folder = await downloadOver(
    'skip-same',
    { same: 'object', other: 'object', longer: 'object' },
    {
      same: { text: 'object', age: HOUR_MS },
      other: { text: 'tcejbo', age: -HOUR_MS },
      longer: { text: 'a file that is longer', age: HOUR_MS },
    },
  );
  expect(run.find('skip-same')).toMatchObject({ state: { at: 'done' }, folder: { done: 2, skipped: 1 } });
  for (const name of ['same', 'other', 'longer']) expect(await read(folder, name)).toBe('object');
});

test('a folder whose listing changed between two runs replaces no file with another object', async () => {
  const [folder, journal] = [join(practice.folder, 'changed'), 'changed.jsonl'];
  await mkdir(folder);
  // `a*` and `a?` are both `a_` on a computer; `refused` keeps the folder from being done.
  for (const key of ['a?', 'b', 'refused', 'dir/']) await practice.put(`changed/${key}`, key);
  const allow = practice.server.faults.add({
    match: { key: 'changed/refused' },
    effect: { kind: 'error', status: 403, code: 'AccessDenied' },
  });
  run = makeQueue(practice, { overwrite: () => 'replace', journal });
  const { bucket } = practice;
  const place = { accountId, bucket, keys: [], prefixes: ['changed/'], versionId: null };
  await run.queue.addDownloads({ ...place, folder: practice.folder });
  await run.settled();
  expect(run.find('changed')).toMatchObject({ state: { at: 'failed' }, folder: { done: 3, failed: 1 } });
  await run.close();
  allow();
  for (const key of ['a*', 'a_', 'B', 'dir/_']) await practice.put(`changed/${key}`, key);
  // The journal is written anew at each start.
  await makeQueue(practice, { journal }).close();
  run = makeQueue(practice, { journal });
  run.queue.retry([run.find('changed').id]);
  await run.settled();
  expect(run.find('changed')).toMatchObject({ state: { at: 'done' }, folder: { done: 8 } });
  const texts: Record<string, string> = {
    ...{ a_: 'a?', 'a_ (2)': 'a*', 'a_ (3)': 'a_' },
    ...{ b: 'b', 'B (2)': 'B', 'dir/_': 'dir/', 'dir/_ (2)': 'dir/_', refused: 'refused' },
  };
  for (const [name, text] of Object.entries(texts)) expect(await read(folder, name)).toBe(text);
});
