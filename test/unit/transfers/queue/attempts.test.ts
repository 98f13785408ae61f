import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, expect, test } from 'vitest';
import type { Failure } from '../../../../main/failure.ts';
import type { Command, QueueEvent } from '../../../../main/transfers/queue/events.ts';
import { QueueState } from '../../../../main/transfers/queue/queue-state.ts';
import { reduce } from '../../../../main/transfers/queue/reduce.ts';
import type { AttemptReport } from '../../../../main/transfers/run/attempt.ts';
import type { Task, Work } from '../../../../main/transfers/tasks/task.ts';
import { add, askOverwrite, busy, checkpoint, ended, failed, fill, finish, goOn, inputs, limits } from './tasks.ts';
import { linesOf, makeTask, partFile, refused, reported, startedBy, stop, stopped } from './tasks.ts';

const place = { accountId: 'a', bucket: 'bucket', key: 'k' } as const;
const download = { kind: 'download', what: 'object', ...place, versionId: null, path: '/k' } as const;
const source = { ...place, key: 'from', versionId: null } as const;
const copy = { kind: 'copy', ...place, source, move: false, copied: null } as const;
const linkUpload = { kind: 'link-upload', host: 'h', bucket: 'bucket', key: 'k', path: '/k' } as const;
let queue: QueueState;

beforeEach(() => {
  queue = new QueueState([], false);
});

function send(...events: readonly QueueEvent[]): readonly Command[] {
  return events.flatMap((event) => reduce(queue, event, inputs));
}

function running(id: string, work?: Work): Task {
  const task = makeTask(queue, id, work === undefined ? {} : { work });
  send(add(task), fill);
  return task;
}

const due = (task: Task): QueueEvent => ({ type: 'apply', task, event: { type: 'due' } });
const toldOf = (commands: readonly Command[]): readonly string[] =>
  commands.flatMap((command) => (command.do === 'tell-stored' ? [`${command.bucket}/${command.key}`] : []));

const part = { partNumber: 1, etag: 'e', crc64: '7', sizeBytes: 1 };

test.each<readonly [string, AttemptReport]>([
  ['a multipart upload', { type: 'upload', checkpoint }],
  ['a part', { type: 'part', part }],
  ['a part file', { type: 'download', checkpoint: partFile }],
  ['a finished range', { type: 'span', index: 0, crc64: '7' }],
])('%s is written down as it comes', (_, report) => {
  const task = running('a');
  expect(linesOf(send(reported(task, report)))).toEqual([{ ...report, id: 'a' }]);
});

test('a task keeps its multipart upload and its part file, each beside the other', () => {
  const task = running('a');
  send(reported(task, { type: 'upload', checkpoint }), reported(task, { type: 'download', checkpoint: partFile }));
  expect(task.checkpoints).toEqual({ upload: checkpoint, download: partFile });
  send(reported(task, { type: 'upload', checkpoint: null }));
  expect(task.checkpoints).toEqual({ upload: null, download: partFile });
});

test('the size, the bytes and the comparison of a transfer are told', () => {
  const task = running('a');
  const told = { do: 'report', task };
  expect(send(reported(task, { type: 'size', sizeBytes: 9 }))).toEqual([told]);
  expect(send(reported(task, { type: 'bytes', count: 9 }))).toEqual([told]);
  expect(send(reported(task, { type: 'verifying' }))).toContainEqual(told);
  expect(task.toTransfer()).toMatchObject({ sizeBytes: 9, doneBytes: 9, state: { at: 'verifying' } });
});

test('a transfer that goes elsewhere than was asked keeps its new name and place', () => {
  const task = running('a');
  const line = linesOf(send(reported(task, { type: 'renamed', to: { key: 'a (2)' }, name: 'a (2)' })));
  expect(task.record).toMatchObject({ name: 'a (2)', work: { kind: 'upload', key: 'a (2)', path: '/a' } });
  expect(line).toEqual([{ type: 'task', task: task.record, sizeBytes: null }]);
});

test('of a move it is written down that the copy is whole, and from which state of its source', () => {
  const task = running('a', { ...copy, move: true });
  const copied = { etag: 'e', versionId: null };
  send(reported(task, { type: 'copied', copied }));
  expect(task.record.work).toEqual({ ...copy, move: true, copied });
});

test.each<readonly [string, Work | undefined, number, boolean]>([
  ['bytes that a download received prove that its route works', download, 1, true],
  ['so do those of a link', { ...linkUpload, kind: 'link-download', versionId: null }, 1, true],
  ['bytes that were sent prove nothing', undefined, 1, false],
  ['nor does a range that begins anew', download, -1, false],
  ['nor an empty answer', download, 0, false],
])('%s', (_, work, count, isProof) => {
  const [waiting, going] = [running('waiting', work), running('going', work)];
  send(failed(waiting, refused), reported(going, { type: 'bytes', count }));
  expect(waiting.state.at).toBe(isProof ? 'queued' : 'waiting');
});

test('bytes that an earlier attempt left prove nothing: a download that goes on is no sign of a network', () => {
  const [waiting, going] = [running('waiting', download), running('going', download)];
  send(failed(waiting, refused), failed(going, refused), { type: 'probe-due', route: waiting.route }, fill);
  expect(send(reported(waiting, { type: 'kept', count: 5 }))).toEqual([{ do: 'report', task: waiting }]);
  expect([waiting.doneBytes, going.state.at]).toEqual([5, 'waiting']);
  const waits = send(failed(waiting, refused)).filter((command) => command.do === 'wait');
  expect(waits).toMatchObject([{ afterMs: 1_000 }]);
});

test('a part that OSS confirmed, or a refusal of OSS, proves that the route works', () => {
  for (const report of [{ type: 'part', part } as const, { type: 'failed', because: busy } as const]) {
    const [waiting, going] = [running(`waiting ${report.type}`), running(`going ${report.type}`)];
    send(failed(waiting, refused), reported(going, report));
    expect(waiting.state.at).toBe('queued');
  }
});

test('a finished transfer proves it too, but not a folder that was made on this disk', () => {
  const waiting = running('waiting', download);
  const [folder, other] = [running('folder', { ...download, what: 'folder' }), running('other', download)];
  send(failed(waiting, refused), ended(folder, finish));
  expect(waiting.state.at).toBe('waiting');
  send(ended(other, finish));
  expect(waiting.state.at).toBe('queued');
});

test.each<readonly [string, Work | undefined, readonly string[]]>([
  ['an upload', undefined, ['bucket/a']],
  ['a copy', copy, ['bucket/k']],
  ['a move, whose source is gone', { ...copy, move: true }, ['bucket/k', 'bucket/from']],
  ['not a download', download, []],
  ['not an upload through a link', linkUpload, []],
])('the listing is told what changed in a bucket: %s', (_, work, told) => {
  expect(toldOf(send(ended(running('a', work), finish)))).toEqual(told);
});

test('a finished transfer counts as whole, whatever was counted on the way', () => {
  const task = running('a');
  send(reported(task, { type: 'size', sizeBytes: 9 }), reported(task, { type: 'bytes', count: 4 }));
  send(ended(task, finish));
  expect(task.doneBytes).toBe(9);
  const unknown = running('b');
  send(reported(unknown, { type: 'bytes', count: 4 }), ended(unknown, finish));
  expect(unknown.doneBytes).toBe(4);
});

test('what OSS refuses for a moment is given up after twelve attempts, what the network breaks never', () => {
  const attempts = (because: Failure): number => {
    const task = running(because.kind);
    for (let count = 1; count <= 30; count += 1) {
      send(failed(task, because));
      if (task.state.at === 'failed') return count;
      send({ type: 'probe-due', route: task.route }, due(task), fill);
    }
    return Infinity;
  };
  expect(attempts(busy)).toBe(12);
  expect(attempts(refused)).toBe(Infinity);
});

test('an attempt that broke says when the next one comes, and why', () => {
  const task = running('a');
  const because = { ...busy, retryAfterMs: 7_000 };
  expect(send(failed(task, because))).toContainEqual({ do: 'wait', timer: 'a', afterMs: 7_500, then: due(task) });
  expect(task.state).toEqual({ at: 'waiting', attempt: 1, retryAt: 8_500, because });
});

test('only damage counts as damage: what broke in between does not', () => {
  const task = running('a');
  const damaged = { kind: 'integrity', expected: '1', actual: '2' } as const;
  for (const because of [damaged, busy, busy, damaged]) send(failed(task, because), due(task), fill);
  expect(task.state.at).toBe('running');
  send(failed(task, damaged));
  expect(task.state).toEqual({ at: 'failed', because: damaged });
});

test.each<readonly [Failure, object]>([
  [
    { kind: 'file', reason: 'full', path: '/k' },
    { at: 'blocked', need: 'disk-space' },
  ],
  [
    { kind: 'keychain', reason: 'locked' },
    { at: 'blocked', need: 'credentials' },
  ],
  [
    { kind: 'link', cause: 'expired' },
    { at: 'blocked', need: 'fresh-link' },
  ],
  [{ kind: 'file', reason: 'missing', path: '/k' }, { at: 'failed' }],
])('%j is left to a person', (because, state) => {
  const task = running('a');
  expect(send(failed(task, because)).map((command) => command.do)).not.toContain('wait');
  expect(task.state).toEqual({ ...state, because });
});

test('credentials that were renewed let the transfer try again at once; others are asked for', () => {
  const because = { kind: 'credentials', cause: 'token-expired' } as const;
  const [renewed, not] = [running('renewed'), running('not')];
  send(failed(renewed, because), failed(not, because));
  const commands = send({ type: 'renewed', task: renewed, because, isRenewed: true });
  expect(commands).toContainEqual({ do: 'wait', timer: 'renewed', afterMs: 0, then: due(renewed) });
  expect(renewed.state).toEqual({ at: 'waiting', attempt: 0, retryAt: 1_000, because });
  send({ type: 'renewed', task: not, because, isRenewed: false });
  expect(not.state).toEqual({ at: 'blocked', need: 'credentials', because });
});

test('a step further, or new credentials, let credentials be renewed once more', () => {
  const because = { kind: 'credentials', cause: 'token-expired' } as const;
  const task = running('a');
  const isRenewing = (): boolean => send(failed(task, because)).some((command) => command.do === 'renew');
  const again = (): void => void send({ type: 'renewed', task, because, isRenewed: true }, due(task), fill);
  expect(isRenewing()).toBe(true);
  again();
  send(reported(task, { type: 'bytes', count: 1 }));
  expect(isRenewing()).toBe(true);
  again();
  send({ type: 'credentials', accountId: 'a' });
  expect(isRenewing()).toBe(true);
  again();
  send(stop(task, 'pause'), stopped(task), goOn(task, 'resume'), fill);
  expect(isRenewing()).toBe(true);
  again();
  expect(isRenewing()).toBe(false);
});

test('nobody can renew the credentials of a link', () => {
  const task = running('a', linkUpload);
  const because = { kind: 'credentials', cause: 'token-expired' } as const;
  expect(send(failed(task, because)).map((command) => command.do)).not.toContain('renew');
  expect(task.state).toEqual({ at: 'blocked', need: 'credentials', because });
});

test.each([
  ['replace', 'queued'],
  ['skip', 'skipped'],
] as const)('who asks after the answer "%s" for all is %s', (choice, state) => {
  const batch = { choice: null };
  const [first, late] = [makeTask(queue, 'first', {}, batch), makeTask(queue, 'late', {}, batch)];
  send(add(first), add(late), fill, ended(first, askOverwrite));
  send({ type: 'choose', task: first, choice, isForAll: true }, ended(late, askOverwrite));
  expect(late.state.at).toBe(state);
});

test('an answer for all does not answer other questions', () => {
  const batch = { choice: 'replace' as const };
  const task = makeTask(queue, 'a', {}, batch);
  send(add(task), fill, ended(task, { type: 'block', need: 'disk-space' }));
  expect(task.state).toEqual({ at: 'blocked', need: 'disk-space' });
});

test.each<readonly [string, (task: Task) => readonly QueueEvent[]]>([
  ['done', (task) => [ended(task, finish)]],
  ['gone', (task) => [stop(task, 'pause'), stopped(task), { type: 'remove', task }]],
])('an upload whose ID arrives when its task is %s is aborted', (_, events) => {
  const task = running('a');
  send(...events(task));
  expect(send(reported(task, { type: 'late-upload', checkpoint })).map((command) => command.do)).toEqual(['clean-up']);
});

test('of two uploads whose IDs arrive late one is kept', () => {
  const task = running('a');
  send(stop(task, 'pause'), stopped(task), reported(task, { type: 'late-upload', checkpoint }));
  const second = { ...checkpoint, uploadId: 'second' };
  expect(send(reported(task, { type: 'late-upload', checkpoint: second }))).toEqual([
    { do: 'clean-up', task, leftovers: { upload: second, download: null } },
  ]);
  expect(task.checkpoints.upload).toBe(checkpoint);
});

test('an attempt that was stopped frees its slot', () => {
  const task = running('a');
  send(stop(task, 'pause'));
  expect(send(stopped(task))).toEqual([{ do: 'fill' }]);
  expect(queue.running.size).toBe(0);
});

test('a transfer that broke waits, and its credentials are left alone', () => {
  expect(send(failed(running('a'), busy)).map((command) => command.do)).not.toContain('renew');
});

test('small files that are fewer than may run say nothing about how many may', async () => {
  const small = (id: string): Task => {
    const task = makeTask(queue, id);
    task.change({ sizeBytes: 1 });
    return task;
  };
  send(limits(1), add(small('first')), add(small('second')), fill);
  for (let count = 0; count < 30; count += 1) {
    const [first] = queue.running;
    if (first !== undefined) send(ended(first, finish), add(small(`${count}`)), fill);
    await sleep(5);
  }
  expect([queue.running.size, queue.smallConcurrency.perSlot]).toEqual([2, 4]);
});

test('while small files go well more of them run together, and after one broke fewer do', async () => {
  let count = 0;
  const addSmall = (): QueueEvent => {
    const task = makeTask(queue, `small ${(count += 1)}`);
    task.change({ sizeBytes: 1 });
    return add(task);
  };
  send(limits(1));
  for (let round = 0; round < 12; round += 1) send(addSmall());
  send(fill);
  expect(queue.running.size).toBe(4);
  while (queue.running.size < 8) {
    const [first] = queue.running;
    if (first === undefined) throw new Error('nothing runs');
    send(ended(first, finish), addSmall(), fill);
    await sleep(5);
  }
  const [broken] = queue.running;
  if (broken !== undefined) send(failed(broken, busy));
  expect(queue.smallConcurrency.perSlot).toBe(4);
  expect(startedBy(send(fill))).toEqual([]);
});

test('large files say nothing about how many small ones may run', () => {
  send(limits(1));
  queue.smallConcurrency.onFailed();
  const task = running('large');
  const before = queue.smallConcurrency.perSlot;
  send(failed(task, busy));
  expect(queue.smallConcurrency.perSlot).toBe(before);
});
