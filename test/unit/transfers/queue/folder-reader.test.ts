import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Failure, WaybillError } from '../../../../main/failure.ts';
import type { QueueEvent } from '../../../../main/transfers/queue/events.ts';
import { FolderReader } from '../../../../main/transfers/queue/folder-reader.ts';
import type { QueueOptions } from '../../../../main/transfers/tasks/requests.ts';
import { Task, type Work } from '../../../../main/transfers/tasks/task.ts';

const place = { accountId: 'a', bucket: 'b' } as const;
const because = { kind: 'network', reason: 'refused' } as const;
let folder: string;
let events: QueueEvent[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'waybill-reader-'));
  events = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

function makeReader(options: Partial<QueueOptions> = {}): FolderReader {
  const connection = () => Promise.reject(new WaybillError(because));
  // What a reader of an earlier test still tells doesn't count.
  const told = events;
  return new FolderReader({ connection, ...options }, (event) => told.push(event));
}

function makeTask(work: Work, parent: Task | null = null): Task {
  const order = { createdAt: 0, choice: null, priority: 'normal', rank: 0 } as const;
  const its = parent === null ? null : { id: parent.id, key: work.key };
  return new Task({ id: crypto.randomUUID(), name: 'name', work, ...order, folder: its }, parent);
}

/** A folder of this many files, `00000` and so on, as it is to be uploaded. */
function folderOf(count: number): Task {
  for (let index = 0; index < count; index += 1) writeFileSync(join(folder, nameOf(index)), 'xy');
  return makeTask({ kind: 'upload-folder', ...place, key: 'p/', path: folder });
}

const nameOf = (index: number): string => String(index).padStart(5, '0');

/** Keys of each page that was told, and whether it was the last one. */
const pages = (): readonly (readonly [readonly string[], boolean])[] =>
  events.flatMap((event) => {
    if (event.type !== 'folder-read') return [];
    return [[event.items.map(({ work }) => work.key.slice(2)), event.isEnd] as const];
  });
const found = () => events.flatMap((event) => (event.type === 'folder-counted' ? [event.found] : []));
const failures = (): readonly Failure[] =>
  events.flatMap((event) => (event.type === 'folder-failed' ? [event.because] : []));
const settle = (task: Task, keys: readonly string[], stamps: readonly (readonly [string, string])[] = []): void =>
  task.content?.settle({ keys, stamps, done: keys.length, skipped: 0, bytes: 0, unverified: 0 });

test('a folder is read in pages of 128, each where the one before ended', async () => {
  const task = folderOf(300);
  const reader = makeReader();
  for (let round = 0; round < 3; round += 1) await reader.read(task);
  expect(pages().map(([keys, isEnd]) => [keys.length, isEnd])).toEqual([
    [128, false],
    [128, false],
    [44, true],
  ]);
  expect(pages().flatMap(([keys]) => keys)).toEqual(Array.from({ length: 300 }, (_, index) => nameOf(index)));
  expect(failures()).toEqual([]);
});

test('once it was read to its end it is read from its start', async () => {
  const task = folderOf(2);
  const reader = makeReader();
  await reader.read(task);
  await reader.read(task);
  expect(pages()).toEqual([
    [['00000', '00001'], true],
    [['00000', '00001'], true],
  ]);
});

test('what runs already, or is over, is left out', async () => {
  const task = folderOf(4);
  const child = makeTask({ kind: 'upload', what: 'file', ...place, key: 'p/00001', path: '/x' }, task);
  task.content?.add(child);
  settle(task, ['p/00002']);
  await makeReader().read(task);
  expect(pages()).toEqual([[['00000', '00003'], true]]);
});

test('many that are over do not make a page short', async () => {
  const task = folderOf(300);
  settle(
    task,
    Array.from({ length: 299 }, (_, index) => `p/${nameOf(index)}`),
  );
  await makeReader().read(task);
  expect(pages()).toEqual([[['00299'], true]]);
});

test('files that are compared again count as over only in the state in which they were', async () => {
  const task = folderOf(3);
  const reader = makeReader({ recheckFiles: true });
  await reader.read(task);
  const [first] = events.flatMap((event) => (event.type === 'folder-read' ? event.items : []));
  settle(
    task,
    ['p/00000', 'p/00001', 'p/00002'],
    [
      ['p/00000', first?.stamp ?? ''],
      ['p/00001', '2 1'],
    ],
  );
  await reader.read(task);
  expect(pages().at(-1)).toEqual([['00001', '00002'], true]);
});

test('how much there is is counted once, and told from time to time', async () => {
  const task = folderOf(1001);
  const reader = makeReader();
  await reader.read(task);
  await expect.poll(found).toHaveLength(3);
  expect(found()).toEqual([
    { at: 'start', isEmptied: false },
    { at: 'more', count: 1000, bytes: 2000 },
    { at: 'end', count: 1, bytes: 2 },
  ]);
  reader.stop(task, false);
  await reader.read(task);
  await sleep(50);
  expect(found()).toHaveLength(3);
});

test('a folder that is empty has been counted', async () => {
  mkdirSync(join(folder, 'empty'));
  await makeReader().read(makeTask({ kind: 'upload-folder', ...place, key: '', path: join(folder, 'empty') }));
  await expect.poll(found).toEqual([
    { at: 'start', isEmptied: false },
    { at: 'end', count: 0, bytes: 0 },
  ]);
});

test('of a folder that is stopped nothing more is told, and it begins anew', async () => {
  const task = folderOf(200);
  const reader = makeReader();
  const reading = reader.read(task);
  reader.stop(task, false);
  await reading;
  expect(pages()).toEqual([]);
  await reader.read(task);
  expect(pages().map(([keys, isEnd]) => [keys[0], keys.length, isEnd])).toEqual([['00000', 128, false]]);
});

test('stopped for good, or closed, it is not counted to its end either', async () => {
  for (const stop of [
    (reader: FolderReader, task: Task) => reader.stop(task, true),
    (reader: FolderReader) => reader.close(),
  ]) {
    events = [];
    const task = folderOf(200);
    const reader = makeReader();
    const reading = reader.read(task);
    stop(reader, task);
    await reading;
    await sleep(50);
    expect(events.map(({ type }) => type)).toEqual(['folder-counted']);
  }
});

test('a folder that was counted to no end is counted again', async () => {
  const task = folderOf(2);
  const reader = makeReader();
  const reading = reader.read(task);
  reader.stop(task, true);
  await reading;
  await reader.read(task);
  await expect.poll(() => found().map(({ at }) => at)).toEqual(['start', 'start', 'end']);
});

test('a prefix that can’t be listed says why, and is tried again from its start', async () => {
  const bugs: unknown[] = [];
  const reader = makeReader({ onBug: (_, error) => bugs.push(error) });
  const task = makeTask({ kind: 'download-folder', ...place, key: 'p/', path: folder });
  await reader.read(task);
  expect([pages(), failures()]).toEqual([[[[], false]], [because]]);
  await sleep(0);
  await reader.read(task);
  expect(failures()).toEqual([because, because]);
  expect(found().map(({ at }) => at)).toEqual(['start', 'start']);
  expect(bugs).toEqual([]);
});

test('what is a bug is told, with all that can be said of it', async () => {
  const bugs: unknown[] = [];
  const bug = new Error('a bug');
  const reader = makeReader({ connection: () => Promise.reject(bug), onBug: (_, error) => bugs.push(error) });
  await reader.read(makeTask({ kind: 'download-folder', ...place, key: 'p/', path: folder }));
  expect([failures()[0]?.kind, bugs]).toEqual(['bug', [bug]]);
});

test.each([true, false])('whether a move empties its source is said before it is counted: %j', async (move) => {
  const work = { kind: 'copy-folder', ...place, key: 'to/', source: { ...place, key: 'from/' }, move } as const;
  await makeReader().read(makeTask(work));
  expect([found(), failures()]).toEqual([[{ at: 'start', isEmptied: move }], [because]]);
});

test('a folder is counted before it is read, and not again when it is', async () => {
  const task = folderOf(3);
  const reader = makeReader();
  await reader.count(task);
  expect([found().at(-1), pages()]).toEqual([{ at: 'end', count: 3, bytes: 6 }, []]);
  const told = found().length;
  await reader.read(task);
  await reader.count(task);
  expect(found()).toHaveLength(told);
});

test('folders that wait are counted one after the other, but for those that were stopped', async () => {
  const [first, second, third] = [folderOf(2), folderOf(2), folderOf(2)];
  const reader = makeReader();
  const counting = reader.count(first);
  void reader.count(second);
  void reader.count(third);
  reader.stop(second, true);
  await counting;
  const counted = events.flatMap((event) =>
    event.type === 'folder-counted' && event.found.at !== 'more' ? [[event.folder, event.found.at]] : [],
  );
  expect(counted).toEqual([
    [first, 'start'],
    [first, 'end'],
    [third, 'start'],
    [third, 'end'],
  ]);
});
