import { mkdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { OverwriteChoice } from '../../../main/transfers/requests.ts';
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
