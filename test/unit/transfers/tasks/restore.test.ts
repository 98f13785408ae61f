import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Journal, type JournalLine } from '../../../../main/transfers/tasks/journal.ts';
import { splitSpans } from '../../../../main/transfers/tasks/saved-queue.ts';
import type { Task, TaskRecord } from '../../../../main/transfers/tasks/task.ts';
import type { TransferState } from '../../../../main/transfers/tasks/transfer.ts';

const accountId = '6f9d3f5e-0000-4000-8000-000000000001';
const because = { kind: 'file', reason: 'missing', path: '/x' } as const;
let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'waybill-restore-'));
  path = join(folder, 'transfers.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true }));

function record(id: string, fields: Partial<TaskRecord> = {}): TaskRecord {
  const work = { kind: 'upload', what: 'file', accountId, bucket: 'bbb', key: id, path: `/tmp/${id}` } as const;
  return { id, createdAt: 1, work, name: id, choice: null, priority: 'normal', rank: 1, folder: null, ...fields };
}

const task = (id: string, fields: Partial<TaskRecord> = {}): JournalLine => ({
  type: 'task',
  task: record(id, fields),
  sizeBytes: 10,
});
const stateOf = (id: string, state: TransferState): JournalLine => ({ type: 'state', id, state });

/** Writes a journal of these lines, and reads it as the next run does: by then it has been rewritten once. */
function restore(...lines: readonly unknown[]): readonly Task[] {
  writeFileSync(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  const first = Journal.open(path);
  void first.journal.close();
  const { tasks, journal } = Journal.open(path);
  void journal.close();
  expect(tasks.map(essentials)).toEqual(first.tasks.map(essentials));
  return tasks;
}

const essentials = ({ record, state, sizeBytes, doneBytes, checkpoints, content }: Task) => ({
  ...{ record, state, sizeBytes, doneBytes, checkpoints },
  ...{ counts: content?.counts(), bytes: content?.doneBytes },
});

const idsOf = (tasks: readonly Task[]): readonly string[] => tasks.map(({ id }) => id);

const checkpoint = {
  ...{ bucket: 'bbb', key: 'a', uploadId: 'u', partSizeBytes: 4, sizeBytes: 10, modifiedAt: 1, parts: [] },
};
const part = (partNumber: number, etag = 'e'): JournalLine => ({
  type: 'part',
  id: 'a',
  part: { partNumber, etag, crc64: '7', sizeBytes: 4 },
});
const spanOf = (start: number, sizeBytes: number | null, doneBytes = 0) => ({
  start,
  sizeBytes,
  doneBytes,
  crc64: '0',
});
const downloadOf = (spans: readonly ReturnType<typeof spanOf>[], sizeBytes: number | null = 10): JournalLine => ({
  type: 'download',
  id: 'a',
  checkpoint: { partPath: '/d/.a.waybill-part', etag: 'e', crc64: null, versionId: null, sizeBytes, spans },
});

describe('after a restart', () => {
  test.each<readonly [TransferState, TransferState, boolean]>([
    [{ at: 'running', attempt: 3 }, { at: 'queued' }, true],
    [{ at: 'verifying' }, { at: 'queued' }, true],
    [{ at: 'waiting', attempt: 1, retryAt: 5, because }, { at: 'queued' }, true],
    [{ at: 'paused' }, { at: 'paused' }, true],
    [{ at: 'blocked', need: 'credentials', because }, { at: 'blocked', need: 'credentials', because }, true],
    [{ at: 'failed', because }, { at: 'failed', because }, false],
    [{ at: 'skipped' }, { at: 'skipped' }, false],
    [{ at: 'cancelled' }, { at: 'cancelled' }, false],
  ])('%j is %j, and may be stored without an answer: %j', (before, after, mayBeStored) => {
    const [one] = restore(task('a'), stateOf('a', before));
    expect([one?.state, one?.mayBeStored]).toEqual([after, mayBeStored]);
  });

  test('a transfer through a link waits for a fresh one, since its link was not written down', () => {
    const link = { host: 'h', bucket: null, key: 'k', path: '/k' } as const;
    const works = [
      { kind: 'link-upload', ...link } as const,
      { kind: 'link-download', versionId: null, ...link } as const,
    ];
    const lines = works.map((work) => task(work.kind, { work }));
    const states = restore(...lines, stateOf('link-upload', { at: 'paused' })).map(({ state }) => state);
    expect(states).toEqual(works.map(() => ({ at: 'blocked', need: 'fresh-link' })));
    const done = { at: 'done', verified: 'crc64', versionId: null } as const;
    const [over] = restore(...lines, stateOf('link-upload', done));
    expect(over?.state).toEqual(done);
  });

  test('progress is what was sent or written, and all of what is done', () => {
    const upload: JournalLine = { type: 'upload', id: 'a', checkpoint };
    expect(restore(task('a'))[0]?.doneBytes).toBe(0);
    expect(restore(task('a'), upload, part(1), part(2))[0]?.doneBytes).toBe(8);
    expect(restore(task('a'), downloadOf([spanOf(0, 6, 6), spanOf(6, 4, 1)]))[0]?.doneBytes).toBe(7);
    const done = stateOf('a', { at: 'done', verified: 'crc64', versionId: null });
    expect(restore(task('a'), done)[0]?.doneBytes).toBe(10);
    expect(restore({ ...task('a'), sizeBytes: null }, done)[0]?.doneBytes).toBe(0);
  });

  test('the last that was written of a task counts', () => {
    const again = { type: 'task', task: record('a', { name: 'a (2)', rank: 9 }), sizeBytes: 11 };
    const [one] = restore(task('a'), stateOf('a', { at: 'paused' }), again);
    expect(one).toMatchObject({ record: { name: 'a (2)', rank: 9 }, sizeBytes: 11, state: { at: 'paused' } });
  });

  test('tasks of the oldest journals keep the order in which they were added', () => {
    const old = ['a', 'b', 'c'].map((id) => {
      const { id: name, createdAt, work, choice } = record(id);
      return { type: 'task', task: { id: name, createdAt, work, name, choice }, sizeBytes: null };
    });
    const records = restore(...old).map(({ record }) => record);
    expect(records.map(({ rank }) => rank)).toEqual([0, 1, 2]);
    expect(records[0]).toMatchObject({ priority: 'normal', folder: null });
  });

  test('what may not be restored stays out, with all that is in it', () => {
    writeFileSync(
      path,
      folderLines(child('x'))
        .map((line) => `${JSON.stringify(line)}\n`)
        .join('') +
        JSON.stringify(task('a')) +
        '\n',
    );
    const { tasks } = Journal.open(path, undefined, ({ id }) => id === 'a');
    expect(idsOf(tasks)).toEqual(['a']);
  });
});

const folderWork = { kind: 'download-folder', accountId, bucket: 'bbb', key: 'dir/', path: '/d' } as const;

function child(name: string, fields: { readonly key?: string; readonly path?: string } = {}): JournalLine {
  const { key = `dir/${name}`, path: childPath = `/d/${name}` } = fields;
  const work = {
    ...({ kind: 'download', what: 'object', accountId, bucket: 'bbb', versionId: null } as const),
    ...{ key, path: childPath },
  };
  return task(name, { work, folder: { id: 'f', key: `dir/${name}` } });
}

const folderLines = (...lines: readonly JournalLine[]): readonly JournalLine[] => [
  task('f', { work: folderWork }),
  ...lines,
];

describe('a folder of an earlier run', () => {
  const settled = (...keys: readonly string[]): JournalLine => ({
    ...{ type: 'settled', id: 'f', keys, renamed: [['dir/q', 'q (2)']], stamps: [['dir/q', '5 1']] },
    ...{ done: keys.length, skipped: 0, bytes: 5, unverified: 0 },
  });

  test('has its unfinished files, and knows which ones are over', () => {
    const [restored, ...children] = restore(...folderLines(settled('dir/q', 'dir/r'), child('x'), child('y')));
    expect([...(restored?.content?.children ?? [])]).toEqual(children);
    expect(idsOf(children)).toEqual(['x', 'y']);
    expect(restored?.content?.settled).toEqual(
      new Map([
        ['dir/q', '5 1'],
        ['dir/r', ''],
      ]),
    );
    expect(restored?.content?.renamed).toEqual(new Map([['dir/q', 'q (2)']]));
    expect(restored?.content).toMatchObject({ mayBeStored: true, doneBytes: 5 });
    for (const one of children) expect(one.parent).toBe(restored);
  });

  test('that is done needs no keys any more, only sums', () => {
    const done = stateOf('f', { at: 'done', verified: 'crc64', versionId: null });
    const [restored] = restore(...folderLines(settled('dir/q', 'dir/r'), done));
    expect([restored?.content?.settled.size, restored?.content?.counts().done]).toEqual([0, 2]);
    expect(restored?.content?.mayBeStored).toBe(false);
  });

  test('does not take back what had left it', () => {
    const tasks = restore(...folderLines(child('x'), child('y'), settled('dir/x'), stateOf('y', { at: 'cancelled' })));
    expect(idsOf(tasks)).toEqual(['f']);
  });

  test('takes its files with it when it is gone, from the file too', () => {
    expect(restore(...folderLines(child('x'), { type: 'gone', id: 'f' }), task('a')).map(({ id }) => id)).toEqual([
      'a',
    ]);
    expect(readFileSync(path, 'utf8')).not.toContain('dir/x');
  });

  test.each([
    ['x', {}, true],
    ['..x', {}, true],
    ['deep', { path: '/d/deep/deeper' }, true],
    ['other key', { key: 'elsewhere/x' }, false],
    ['folder above', { path: '/' }, false],
    ['the folder itself', { path: '/d' }, true],
    ['beside', { path: '/e/x' }, false],
    ['back and forth', { path: '/d/x/../../e' }, false],
  ])('has only files that are inside it: %s', (name, fields, isInside) => {
    expect(idsOf(restore(...folderLines(child(name, fields))))).toEqual(isInside ? ['f', name] : ['f']);
  });

  test('to copy has copies, which have no path', () => {
    const place = { accountId, bucket: 'bbb' };
    const work = { kind: 'copy-folder', ...place, key: 'to/', source: { ...place, key: 'dir/' }, move: false } as const;
    const source = { ...place, key: 'dir/x', versionId: null };
    const copyWork = { kind: 'copy', ...place, key: 'to/x', source, move: false, copied: null } as const;
    const copy = task('x', { work: copyWork, folder: { id: 'f', key: 'to/x' } });
    expect(idsOf(restore(task('f', { work }), copy))).toEqual(['f', 'x']);
  });
});

describe('a multipart upload of an earlier run', () => {
  const upload: JournalLine = { type: 'upload', id: 'a', checkpoint };

  test('has the parts that were noted after it; one that was sent again replaces the first', () => {
    const [one] = restore(task('a'), upload, part(2), part(1, 'old'), part(1, 'new'));
    expect(one?.checkpoints.upload?.parts.map(({ partNumber, etag }) => [partNumber, etag])).toEqual([
      [2, 'e'],
      [1, 'new'],
    ]);
  });

  test('is gone when it was aborted, and a part without one counts for nothing', () => {
    const [one] = restore(task('a'), upload, part(1), { ...upload, checkpoint: null }, part(2));
    expect(one?.checkpoints.upload).toBeNull();
  });
});

describe('a download of an earlier run', () => {
  const span = (index: number): JournalLine => ({ type: 'span', id: 'a', index, crc64: '9' });
  const spansOf = (...lines: readonly JournalLine[]) => restore(task('a'), ...lines)[0]?.checkpoints.download?.spans;

  test('has the ranges that were finished after it; others change nothing', () => {
    const spans = spansOf(downloadOf([spanOf(0, 6), spanOf(6, 4)]), span(1), span(2));
    expect(spans).toEqual([spanOf(0, 6), { ...spanOf(6, 4, 4), crc64: '9' }]);
    expect(spansOf(span(0))).toBeUndefined();
  });

  test('claims nothing of an object of unknown size', () => {
    expect(spansOf(downloadOf([spanOf(0, null)], null), span(0))).toEqual([{ ...spanOf(0, null), crc64: '9' }]);
  });

  test('is checked again if bytes were written since it was last known to be whole', () => {
    const kept = downloadOf([spanOf(0, 10)]);
    if (kept.type !== 'download' || kept.checkpoint === null) throw new Error('no checkpoint');
    const keptAs = { sizeBytes: 10, modifiedAt: 1 };
    const line = { ...kept, checkpoint: { ...kept.checkpoint, keptAs } };
    expect(restore(task('a'), line)[0]?.checkpoints.download?.keptAs).toEqual(keptAs);
    expect(restore(task('a'), line, span(0))[0]?.checkpoints.download?.keptAs).toBeNull();
  });

  test.each<readonly [string, readonly ReturnType<typeof spanOf>[], number | null, boolean]>([
    ['one range', [spanOf(0, 10)], 10, true],
    ['two', [spanOf(0, 4), spanOf(4, 6)], 10, true],
    ['an empty object', [spanOf(0, 0)], 0, true],
    ['an unknown size', [spanOf(0, null)], null, true],
    ['a known size, read to its end', [spanOf(0, 4), spanOf(4, null)], 10, true],
    ['no range', [], 10, false],
    ['no range of an empty object', [], 0, false],
    ['a gap', [spanOf(0, 4), spanOf(5, 5)], 10, false],
    ['an overlap', [spanOf(0, 4), spanOf(3, 7)], 10, false],
    ['a beginning that is not one', [spanOf(1, 9)], 10, false],
    ['too little', [spanOf(0, 9)], 10, false],
    ['too much', [spanOf(0, 11)], 10, false],
    ['something behind the end', [spanOf(0, null), spanOf(0, 10)], 10, false],
    ['more done than there is', [spanOf(0, 10, 11)], 10, false],
    ['all done', [spanOf(0, 10, 10)], 10, true],
  ])('continues only if its ranges cover the object: %s', (_, spans, sizeBytes, isWhole) => {
    const [one] = restore(task('a'), downloadOf(spans, sizeBytes));
    expect(one?.checkpoints.download === null).toBe(!isWhole);
  });

  test('of very many ranges is written in lines of 50,000', () => {
    const linesOf = (count: number): readonly number[] => {
      const spans = Array.from({ length: count }, (_, index) => spanOf(index, 1));
      const line = downloadOf(spans, count);
      const lines = [...splitSpans(line)];
      return lines.map((one) => {
        if (one.type === 'spans') return one.spans.length;
        return one.type === 'download' ? (one.checkpoint?.spans.length ?? 0) : 0;
      });
    };
    expect([linesOf(50_000), linesOf(50_001), linesOf(100_001)]).toEqual([[50_000], [50_000, 1], [50_000, 50_000, 1]]);
  });

  test('that has further ranges before its own line has none', () => {
    expect(spansOf({ type: 'spans', id: 'a', spans: [spanOf(0, 10)] })).toBeUndefined();
    const spans = spansOf(downloadOf([spanOf(0, 4)]), { type: 'spans', id: 'a', spans: [spanOf(4, 6)] });
    expect(spans).toEqual([spanOf(0, 4), spanOf(4, 6)]);
  });
});
