import { mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { listObjects } from '../../../main/oss/operations/listing.ts';
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

type Texts = Readonly<Record<string, string>>;

/** What is to come: each of it but `fresh` is there already, `same` with the same bytes. */
const coming = { same: 'new', other: 'new', fresh: 'new' };
const existing = { same: 'new', other: 'old' };

async function putAll(prefix: string, texts: Texts): Promise<void> {
  for (const [name, text] of Object.entries(texts)) await practice.put(prefix + name, text);
}

async function writeAll(folder: string, texts: Texts, age: number): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [name, text] of Object.entries(texts)) {
    await writeFile(join(folder, name), text);
    const at = new Date(Date.now() - age);
    await utimes(join(folder, name), at, at);
  }
}

async function textsBelow(prefix: string): Promise<Texts> {
  const { objects } = await listObjects(practice.connection, practice.bucket, { prefix });
  const texts: Record<string, string> = {};
  for (const { key } of objects) texts[basename(key)] = (await practice.read(key)).toString();
  return texts;
}

async function textsIn(folder: string): Promise<Texts> {
  const texts: Record<string, string> = {};
  for (const name of await readdir(folder)) texts[name] = await readFile(join(folder, name), 'utf8');
  return texts;
}

/** Moves what is to come to where the rest is; gives what is there afterwards. `age`: of local files, in milliseconds. */
const ways: Readonly<Record<string, (name: string, age: number, move: () => Promise<void>) => Promise<Texts>>> = {
  async upload(name, age, move) {
    const folder = join(practice.folder, name);
    await writeAll(folder, coming, age);
    await putAll(`${name}/`, existing);
    await run.queue.addUploads({ accountId, bucket: practice.bucket, prefix: '', paths: [folder] });
    await move();
    return textsBelow(`${name}/`);
  },
  async download(name, age, move) {
    await putAll(`${name}/`, coming);
    await writeAll(join(practice.folder, 'down', name), existing, age);
    const target = { versionId: null, folder: join(practice.folder, 'down') };
    await run.queue.addDownloads({ accountId, bucket: practice.bucket, keys: [], prefixes: [`${name}/`], ...target });
    await move();
    return textsIn(join(practice.folder, 'down', name));
  },
  async copy(name, age, move) {
    // OSS tells when an object was stored: whichever side is stored last is the newer one.
    const sides = [
      [`${name}/`, coming],
      [`copies/${name}/`, existing],
    ] as const;
    for (const [prefix, texts] of age > 0 ? sides.toReversed() : sides) {
      await putAll(prefix, texts);
      // It tells whole seconds.
      const second = Math.floor(Date.now() / 1000);
      await expect.poll(() => Math.floor(Date.now() / 1000), { timeout: 3000 }).toBeGreaterThan(second);
    }
    const { bucket } = practice;
    const from = { accountId, bucket, keys: [], prefixes: [`${name}/`], versionId: null };
    await run.queue.addCopies({ from, to: { accountId, bucket, prefix: 'copies/' }, move: false, name: null });
    await move();
    return textsBelow(`copies/${name}/`);
  },
};

const kept: Texts = { same: 'new', other: 'old', fresh: 'new' };
const replaced: Texts = { same: 'new', other: 'new', fresh: 'new' };
const both: Texts = { ...kept, 'same (2)': 'new', 'other (2)': 'new' };

const rules: readonly (readonly [choice: OverwriteChoice, age: number, left: Texts, done: number])[] = [
  ['skip', HOUR_MS, kept, 1],
  ['replace', HOUR_MS, replaced, 3],
  ['keep-both', HOUR_MS, both, 3],
  ['skip-same', HOUR_MS, replaced, 2],
];

const cases = Object.keys(ways).flatMap((way) =>
  rules.flatMap((rule) => (['said before', 'asked'] as const).map((how) => [way, how, rule] as const)),
);

test.each(cases)('%s, a rule that is %s: %s', async (way, how, [choice, age, left, done]) => {
  run = makeQueue(practice, how === 'asked' ? {} : { overwrite: () => choice });
  const move = async (): Promise<void> => {
    await run.settled();
    if (how !== 'asked') return;
    const [folder] = run.queue.list();
    expect(folder).toMatchObject({
      state: { at: 'blocked', need: 'overwrite-choice' },
      folder: { asking: 2, done: 1 },
    });
    run.queue.choose(folder?.id ?? '', choice, false);
    await run.settled();
  };
  const texts = await ways[way]?.(`${way}-${choice}-${how === 'asked' ? 1 : 2}`, age, move);
  expect(texts).toEqual(left);
  expect(run.queue.list()).toMatchObject([{ state: { at: 'done' }, folder: { done, skipped: 3 - done } }]);
});

test.each([
  // What comes up is as old as the file; what comes down replaces a file of this age.
  ['upload', HOUR_MS, kept],
  ['upload', -HOUR_MS, replaced],
  ['download', HOUR_MS, replaced],
  ['download', -HOUR_MS, kept],
  ['copy', HOUR_MS, replaced],
  ['copy', -HOUR_MS, kept],
] as const)('%s, replace if newer, at an age of %i', async (way, age, left) => {
  run = makeQueue(practice, { overwrite: () => 'replace-older' });
  const texts = await ways[way]?.(`${way}-newer-${age > 0 ? 1 : 2}`, age, () => run.settled());
  expect(texts).toEqual(left);
});
