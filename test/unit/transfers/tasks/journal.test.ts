import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { FileTrouble } from '../../../../main/local-files/file-trouble.ts';
import { Journal, type JournalLine } from '../../../../main/transfers/tasks/journal.ts';
import type { TaskRecord } from '../../../../main/transfers/tasks/task.ts';
import { withFileLimit } from '../../../support/file-limit.ts';

const accountId = '6f9d3f5e-0000-4000-8000-000000000001';
let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'waybill-journal-'));
  path = join(folder, 'transfers.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true }));

function record(id: string, fields: Partial<TaskRecord> = {}): TaskRecord {
  const work = { kind: 'upload', what: 'file', accountId, bucket: 'bbb', key: id, path: `/tmp/${id}` } as const;
  return { id, createdAt: 1, work, name: id, choice: null, priority: 'normal', rank: 1, folder: null, ...fields };
}

const task = (id: string): JournalLine => ({ type: 'task', task: record(id), sizeBytes: 5 });
const idsIn = (): string[] => Journal.open(path).tasks.map(({ id }) => id);

/** Writes a journal of these lines, as an earlier version did: without a first line. */
const write = (...lines: readonly unknown[]): void =>
  writeFileSync(path, lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join(''));

describe('a line that is damaged is skipped and told, and all others count', () => {
  const upload = { bucket: 'bbb', key: 'a', uploadId: 'u', partSizeBytes: 1, sizeBytes: 5, modifiedAt: 1, parts: [] };
  const part = { partNumber: 1, etag: 'e', crc64: '7', sizeBytes: 5 };
  const spans = [{ start: 0, sizeBytes: 5, doneBytes: 0, crc64: '0' }];
  const download = { partPath: '/d/.a.waybill-part', etag: 'e', crc64: null, versionId: null, sizeBytes: 5, spans };
  test.each([
    ['null'],
    [{ type: 'task', task: { id: 'x' }, sizeBytes: null }],
    [{ type: 'task', task: null, sizeBytes: null }],
    [{ type: 'state', id: 'a', state: null }],
    [{ type: 'state', id: 'a', state: { at: 'failed' } }],
    [{ type: 'part', id: 'a', part: null }],
    [{ type: 'upload', id: 'a', checkpoint: { ...upload, parts: 5 } }],
    [{ type: 'download', id: 'a', checkpoint: { ...download, spans: 5 } }],
    // Cancelling the download would delete it.
    [{ type: 'download', id: 'a', checkpoint: { ...download, partPath: '/home/me/letters' } }],
    [{ type: 'download', id: 'a', checkpoint: { ...download, partPath: '/d/a.waybill-part' } }],
    [{ type: 'download', id: 'a', checkpoint: { ...download, partPath: '/d/.a.waybill-part/letters' } }],
    [{ type: 'download', id: 'a', checkpoint: { ...download, crc64: 'x1' } }],
    [{ type: 'download', id: 'a', checkpoint: { ...download, crc64: '1x' } }],
    [{ type: 'download', id: 'a', checkpoint: { ...download, sizeBytes: -1 } }],
    [{ type: 'upload', id: 'a', checkpoint: { ...upload, partSizeBytes: 0 } }],
    [{ type: 'part', id: 'a', part: { ...part, partNumber: 0 } }],
    [{ type: 'part', id: 'a', part: { ...part, partNumber: 10_001 } }],
    [{ type: 'part', id: 'a', part: { ...part, crc64: '1'.repeat(21) } }],
    [{ type: 'span', id: 'a', index: -1, crc64: '1' }],
    [{ type: 'span', id: '', index: 0, crc64: '1' }],
    [{ type: 'state', id: 'a', state: { at: 'running', attempt: -1 } }],
    [{ type: 'settled', id: 'a', keys: 'all' }],
    [{ type: 'settled', id: 'a', keys: [], stamps: [['k']], done: 0, skipped: 0, bytes: 0, unverified: 0 }],
  ])('%j', (line) => {
    write(task('a'), line, task('b'));
    const { tasks, troubles } = Journal.open(path);
    expect(tasks.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(troubles).toMatchObject([{ kind: 'damaged', path }]);
    expect(idsIn()).toEqual(['a', 'b']);
  });
});

describe('work of a newer version', () => {
  const unknown = { type: 'task', task: { ...record('new'), work: { kind: 'teleport', to: 'Mars' } }, sizeBytes: null };
  const itsState = { type: 'state', id: 'new', state: { at: 'paused' } };

  test('is kept in the file with all that was noted of it, told, and not run', () => {
    write(unknown, task('a'), itsState, { type: 'state', id: 'a', state: { at: 'hibernating', until: 7 } }, 'damaged');
    const { tasks, troubles } = Journal.open(path);
    expect(tasks.map(({ id, state }) => [id, state.at])).toEqual([['a', 'queued']]);
    expect(troubles).toMatchObject([
      { kind: 'newer', path },
      { kind: 'damaged', path },
    ]);
    const lines = readFileSync(path, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
    expect(lines).toContainEqual(unknown);
    expect(lines).toContainEqual(itsState);
    expect(lines.indexOf(unknown)).toBeLessThanOrEqual(lines.indexOf(itsState));
  });

  test.each([5, 'task', null])('may call anything a task: %j', (its) => {
    write(task('a'), { type: 'later', task: its });
    const { tasks, troubles } = Journal.open(path);
    expect([tasks.map(({ id }) => id), troubles]).toEqual([['a'], [{ kind: 'newer', path }]]);
  });

  test('leaves when its version removes it', () => {
    write(unknown, itsState, { type: 'gone', id: 'new' }, task('a'));
    expect(Journal.open(path).troubles).toEqual([{ kind: 'newer', path }]);
    // The line was read before the one that took it back; the file has been rewritten since.
    expect(Journal.open(path).troubles).toEqual([]);
    expect(readFileSync(path, 'utf8')).not.toContain('teleport');
  });
});

test.each(['/d/.a.waybill-part', '.a.waybill-part', 'C:\\d\\.a.b.waybill-part2'])(
  'a part file like %s comes back, and so do the last part and the largest CRC-64',
  (partPath) => {
    const [crc64, sizeBytes] = ['18446744073709551615', 5];
    const spans = [{ start: 0, sizeBytes, doneBytes: 0, crc64: '0' }];
    const checkpoint = { partPath, etag: null, crc64, versionId: null, sizeBytes, spans };
    const upload = { bucket: 'bbb', key: 'a', uploadId: 'u', partSizeBytes: 1, sizeBytes, modifiedAt: 1, parts: [] };
    const part = { partNumber: 10_000, etag: 'e', crc64, sizeBytes: 0 };
    write(task('a'), { type: 'download', id: 'a', checkpoint }, { type: 'upload', id: 'a', checkpoint: upload });
    appendFileSync(path, `${JSON.stringify({ type: 'part', id: 'a', part })}\n`);
    const { tasks, troubles } = Journal.open(path);
    expect(troubles).toEqual([]);
    expect(tasks[0]?.checkpoints).toMatchObject({ download: { partPath, crc64 }, upload: { parts: [part] } });
  },
);

test('a part or a line that stands there twice counts once', () => {
  const checkpoint = {
    bucket: 'bbb',
    key: 'a',
    uploadId: 'u',
    partSizeBytes: 5,
    sizeBytes: 10,
    modifiedAt: 1,
    parts: [],
  };
  const part = { type: 'part', id: 'a', part: { partNumber: 1, etag: 'e', crc64: '7', sizeBytes: 5 } };
  write(task('a'), { type: 'upload', id: 'a', checkpoint }, part, part);
  expect(Journal.open(path).tasks[0]?.checkpoints.upload?.parts).toHaveLength(1);
});

test('the checkpoint of a download of 2 TB comes back whole', () => {
  const size = 8 * 1024 ** 2;
  const spans = Array.from({ length: 250_000 }, (_, index) => ({
    start: index * size,
    sizeBytes: size,
    doneBytes: 0,
    crc64: '0',
  }));
  const sizeBytes = spans.length * size;
  const checkpoint = { partPath: '/d/.a.waybill-part', etag: 'e', crc64: null, versionId: null, sizeBytes, spans };
  const { journal } = Journal.open(path);
  journal.write(task('a'));
  journal.write({ type: 'download', id: 'a', checkpoint });
  journal.write({ type: 'span', id: 'a', index: 200_000, crc64: '18446744073709551615' });
  void journal.close();
  const again = Journal.open(path);
  expect(again.troubles).toEqual([]);
  expect(again.tasks[0]?.checkpoints.download?.spans).toHaveLength(250_000);
  expect(again.tasks[0]?.doneBytes).toBe(size);
});

test('a checkpoint whose spans do not cover the object counts as none', () => {
  const spans = [{ start: 0, sizeBytes: 8, doneBytes: 8, crc64: '1' }];
  const checkpoint = { partPath: '/d/.a.waybill-part', etag: 'e', crc64: null, versionId: null, sizeBytes: 20, spans };
  write(task('a'), { type: 'download', id: 'a', checkpoint });
  expect(Journal.open(path).tasks[0]?.checkpoints.download).toBeNull();
});

test('a queue that runs for long keeps its journal small', async () => {
  const { journal } = Journal.open(path);
  let largest = 0;
  for (let at = 0; at < 60_000; at += 1) {
    const id = `task-${at}`;
    journal.write({ type: 'task', task: record(id, { name: 'n'.repeat(100) }), sizeBytes: 5 });
    journal.write({ type: 'state', id, state: { at: 'done', verified: 'crc64', versionId: null } });
    journal.write({ type: 'gone', id });
    if (at % 100 === 0) await new Promise(setImmediate);
    largest = Math.max(largest, at % 1000 === 0 ? statSync(path).size : 0);
  }
  journal.write(task('last'));
  void journal.close();
  // 25 MB were written.
  expect(largest).toBeLessThan(10 * 1024 ** 2);
  expect(idsIn()).toEqual(['last']);
});

test.skipIf(process.platform !== 'linux')(
  'a disk that takes no more is told once, gets the rest later, and is told again when it is full again',
  async () => {
    const troubles: FileTrouble[] = [];
    const { journal } = Journal.open(path, (trouble) => troubles.push(trouble));
    journal.write(task('a'));
    await withFileLimit(statSync(path).size + 20, () => {
      journal.write(task('b'));
      journal.write(task('c'));
    });
    expect(troubles).toEqual([{ kind: 'unsaved', path }]);
    journal.write(task('d'));
    await withFileLimit(statSync(path).size + 20, () => journal.write(task('e')));
    expect(troubles).toEqual([
      { kind: 'unsaved', path },
      { kind: 'unsaved', path },
    ]);
    void journal.close();
    expect(idsIn()).toEqual(['a', 'b', 'c', 'd', 'e']);
  },
);

test('a torn last line is told, and nothing is kept aside for it', () => {
  write(task('a'));
  appendFileSync(path, '{"type":"gone","i');
  expect(Journal.open(path).troubles).toEqual([{ kind: 'incomplete', path }]);
  expect(readdirSync(folder)).toEqual(['transfers.jsonl']);
});

describe('what is costly to send again is brought to the disk at once', () => {
  const part = { partNumber: 1, etag: 'e', crc64: '7', sizeBytes: 5 };
  const upload = { bucket: 'bbb', key: 'a', uploadId: 'u', partSizeBytes: 5, sizeBytes: 5, modifiedAt: 1, parts: [] };
  /** What this process has asked the disk for, and has no answer to. */
  const filesBusy = (): number => process.getActiveResourcesInfo().filter((name) => name === 'FSReqCallback').length;

  test.each<[JournalLine, number]>([
    [{ type: 'upload', id: 'a', checkpoint: upload }, 1],
    [{ type: 'part', id: 'a', part }, 1],
    [{ type: 'gone', id: 'a' }, 0],
  ])('%j', async (line, flushes) => {
    const { journal } = Journal.open(path);
    const before = filesBusy();
    journal.write(line);
    // No answer comes before the next turn of the event loop.
    await Promise.resolve();
    expect(filesBusy() - before).toBe(flushes);
    void journal.close();
  });
});
