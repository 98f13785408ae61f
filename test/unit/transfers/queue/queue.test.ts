import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent } from 'undici';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Failure, WaybillError } from '../../../../main/failure.ts';
import { bandwidthOf } from '../../../../main/http/transmit.ts';
import { TransferAgent } from '../../../../main/http/threads/transfer-agent.ts';
import { TransferQueue } from '../../../../main/transfers/queue/queue.ts';
import type { PlannedTransfer } from '../../../../main/transfers/queue/planned-transfer.ts';
import type { NewLinkDownload, QueueOptions } from '../../../../main/transfers/tasks/requests.ts';
import type { Transfer, TransferBatch } from '../../../../main/transfers/tasks/transfer.ts';

const accountId = 'a';
const missing = { kind: 'file', reason: 'missing', path: '/nowhere' } as const;
const standing = { slots: 0, connections: 1, up: null, down: null };
let folder: string;
let queue: TransferQueue;
let batches: TransferBatch[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'waybill-queue-'));
  batches = [];
  queue = makeQueue();
});
afterEach(async () => {
  await queue.close();
  rmSync(folder, { recursive: true });
});

/** A queue in which nothing starts, unless `options` say otherwise. */
function makeQueue(options: Partial<QueueOptions> = {}): TransferQueue {
  return new TransferQueue({
    connection: () => Promise.reject(new WaybillError({ kind: 'credentials', cause: 'missing' })),
    dispatcher: new Agent(),
    journalFile: null,
    limits: standing,
    onBatch: (batch) => batches.push(batch),
    onUploaded: () => undefined,
    ...options,
  });
}

function planned(key: string, failure: Failure | null = null): PlannedTransfer {
  const place = { accountId, bucket: 'b', key, path: `/nowhere/${key}` };
  return { work: { kind: 'upload', what: 'file', ...place }, name: key, sizeBytes: 7, failure };
}

/** Adds uploads, and returns their IDs by name. */
async function add(...keys: readonly string[]): Promise<Readonly<Record<string, string>>> {
  await queue.add(keys.map((key) => planned(key)));
  return ids();
}

const ids = (): Readonly<Record<string, string>> => Object.fromEntries(queue.list().map(({ name, id }) => [name, id]));
const idOf = (name: string): string => ids()[name] ?? `no ${name}`;
const stateOf = (name: string): string | undefined => queue.list().find((one) => one.name === name)?.state.at;
const states = (): readonly string[] => queue.list().map(({ name, state }) => `${name} ${state.at}`);
const byOrder = (a: Transfer, b: Transfer): number => a.rank - b.rank;
const order = (): string =>
  queue
    .list()
    .toSorted(byOrder)
    .map(({ name }) => name)
    .join(' ');

test.each<[string, () => unknown]>([
  ['dismissed after it failed', () => queue.clear('failed')],
  ['forgotten with all others', () => queue.forget()],
])('what is %s is reported as it leaves', async (_, remove) => {
  const left: (string | null)[] = [];
  queue = makeQueue({ onRemoved: ({ localPath }) => left.push(localPath) });
  await queue.add([planned('x', missing)]);
  expect(left).toEqual([]);
  await remove();
  expect(left).toEqual(['/nowhere/x']);
});

test('what is added is listed in its order, with its name and size, and counted', async () => {
  const ids = await queue.add([planned('x'), planned('y', missing)]);
  const [x, y] = queue.list();
  expect(ids).toEqual([x?.id, y?.id]);
  expect(x).toMatchObject({
    name: 'x',
    key: 'x',
    sizeBytes: 7,
    priority: 'normal',
    folderId: null,
    state: { at: 'queued' },
  });
  expect(y).toMatchObject({ name: 'y', state: { at: 'failed', because: missing } });
  expect(Math.abs(Date.now() - (x?.createdAt ?? 0))).toBeLessThan(60_000);
});

test('a queue that is closed takes nothing any more', async () => {
  await queue.close();
  expect(await queue.add([planned('x')])).toEqual([]);
  expect(await queue.addLinkDownloads([linkTo('x')])).toEqual([]);
  expect(queue.list()).toEqual([]);
});

test('one transfer for each file and each folder that is uploaded, object that is downloaded, and key that is copied', async () => {
  writeFileSync(join(folder, 'file'), 'x');
  mkdirSync(join(folder, 'dir'));
  const paths = ['file', 'dir'].map((name) => join(folder, name));
  expect(await queue.addUploads({ accountId, bucket: 'b', prefix: 'p/', paths })).toHaveLength(2);
  const place = { accountId, bucket: 'b', versionId: null };
  expect(await queue.addDownloads({ ...place, keys: ['k'], prefixes: ['p/'], folder })).toHaveLength(2);
  const from = { ...place, keys: ['k'], prefixes: [] };
  const copies = await queue.addCopies({ from, to: { accountId, bucket: 'b', prefix: 'to/' }, move: true, name: null });
  expect(copies).toHaveLength(1);
  expect(queue.list().map(({ direction, key }) => `${direction} ${key}`)).toEqual([
    'upload p/file',
    'upload p/dir/',
    'download k',
    'download p/',
    'move to/k',
  ]);
});

test.each([
  [undefined, null, null],
  ['ask', null, null],
  ['skip', null, 'skip'],
  ['skip', 'replace', 'replace'],
  ['ask', 'replace', 'replace'],
] as const)('of the rule %s and the choice %s for what is added together, %s is noted', async (rule, choice, noted) => {
  const journalFile = join(folder, 'transfers.jsonl');
  await queue.close();
  queue = makeQueue({ journalFile, ...(rule === undefined ? {} : { overwrite: () => rule }) });
  await queue.add([planned('x')], choice);
  const lines = readFileSync(journalFile, 'utf8').trim().split('\n');
  expect(lines.map((line) => JSON.parse(line) as unknown).at(-1)).toMatchObject({ task: { name: 'x', choice: noted } });
});

describe('a wish', () => {
  test('applies to those that are named, and to no others', async () => {
    const { x, y } = await add('x', 'y');
    queue.pause([x ?? '', 'unknown']);
    expect(states()).toEqual(['x paused', 'y queued']);
    queue.cancel([y ?? '']);
    expect(states()).toEqual(['x paused', 'y cancelled']);
    queue.resume([x ?? '']);
    queue.retry([y ?? '']);
    expect(states()).toEqual(['x queued', 'y queued']);
  });

  test('applies to all', async () => {
    await add('x', 'y');
    queue.pause('all');
    expect(states()).toEqual(['x paused', 'y paused']);
    queue.resume('all');
    expect(states()).toEqual(['x queued', 'y queued']);
    queue.cancel('all');
    expect(states()).toEqual(['x cancelled', 'y cancelled']);
  });

  test('to retry all means what failed, not what was cancelled or paused', async () => {
    await add('paused', 'cancelled');
    await queue.add([planned('failed', missing)]);
    queue.pause([idOf('paused')]);
    queue.cancel([idOf('cancelled')]);
    queue.retry('all');
    expect(states()).toEqual(['paused paused', 'cancelled cancelled', 'failed queued']);
  });

  test('to resume all means what was paused, not what waits for a person', async () => {
    await add('x', 'y');
    queue.pause([idOf('y')]);
    queue.setLimits({ ...standing, slots: 1 });
    await expect.poll(() => stateOf('x')).toBe('blocked');
    queue.setLimits(standing);
    queue.resume('all');
    expect(states()).toEqual(['x blocked', 'y queued']);
    queue.credentialsRenewed('other');
    expect(stateOf('x')).toBe('blocked');
    queue.credentialsRenewed(accountId);
    expect(stateOf('x')).toBe('queued');
  });

  test('to clear takes what has ended, but what failed stays until somebody deals with it', async () => {
    await add('queued', 'cancelled');
    await queue.add([planned('failed', missing)]);
    queue.cancel([idOf('cancelled')]);
    queue.clear();
    expect(states()).toEqual(['queued queued', 'failed failed']);
  });
});

describe('the order', () => {
  test.each([
    ['top', ['d', 'b'], 'b d a c'],
    ['bottom', ['c', 'a'], 'b d a c'],
    ['up', ['d', 'c'], 'a c d b'],
    ['down', ['b', 'a'], 'c a b d'],
    ['up', ['a'], 'a b c d'],
    ['down', ['d'], 'a b c d'],
  ] as const)('after moving to the %s keeps those together that were moved: %j', async (where, names, expected) => {
    await add('a', 'b', 'c', 'd');
    queue.move(names.map(idOf), where);
    expect(order()).toBe(expected);
  });

  test('of what is added later is behind all that is there', async () => {
    await add('a', 'b');
    queue.move([idOf('a')], 'bottom');
    await add('c');
    queue.move([idOf('b')], 'top');
    expect(order()).toBe('b a c');
    queue.prioritise([idOf('b'), 'unknown'], 'low');
    expect(queue.list().map(({ priority }) => priority)).toEqual(['normal', 'low', 'normal']);
  });
});

test('a path that could not be read is walked again as a whole, in place of the transfer that stands for it', async () => {
  const path = join(folder, 'dir');
  await queue.addUploads({ accountId, bucket: 'b', prefix: 'p/', paths: [path] });
  const [before] = queue.list();
  expect([before?.key, before?.state.at]).toEqual(['p/dir', 'failed']);
  mkdirSync(path);
  queue.retry('all');
  await expect.poll(() => queue.list().map(({ key, state }) => `${key} ${state.at}`)).toEqual(['p/dir/ queued']);
  queue.retry('all');
  expect(queue.list()).toHaveLength(1);
});

test('a path that was cancelled after it could not be read is left alone', async () => {
  await queue.addUploads({ accountId, bucket: 'b', prefix: '', paths: [join(folder, 'dir')] });
  const before = queue.list().map(({ id }) => id);
  queue.cancel('all');
  mkdirSync(join(folder, 'dir'));
  queue.retry(before);
  expect(queue.list().map(({ id, state }) => [id, state.at])).toEqual([[before[0], 'queued']]);
});

const refusedHost = { kind: 'oss', cause: 'needs-custom-domain', status: 400, code: 'C', message: '' } as const;

test('once a custom domain was chosen, what failed for want of one is tried again, of that bucket alone', async () => {
  const because = refusedHost;
  const source = { accountId: 'other', bucket: 'b', key: 'k', versionId: null };
  const copyWork = { kind: 'copy', accountId, bucket: 'b', key: 'k', source, move: false, copied: null } as const;
  const link = { kind: 'link-upload', host: 'h', bucket: 'b', key: 'k', path: '/k' } as const;
  const of = (work: PlannedTransfer['work'], name: string, failure: Failure | null = because): PlannedTransfer => ({
    ...{ work, name, sizeBytes: null, failure },
  });
  const { work } = planned('k');
  await queue.add([of(work, 'own'), of(work, 'missing', missing), of(copyWork, 'copy'), of(link, 'link')]);
  await queue.add([of(work, 'waits', null)]);
  queue.domainChosen({ accountId: 'unknown', bucket: 'b' });
  queue.domainChosen({ accountId, bucket: 'another' });
  expect(states()).toEqual(['own failed', 'missing failed', 'copy failed', 'link failed', 'waits queued']);
  queue.domainChosen({ accountId: 'other', bucket: 'b' });
  expect(states()).toEqual(['own failed', 'missing failed', 'copy queued', 'link failed', 'waits queued']);
  queue.domainChosen({ accountId, bucket: 'b' });
  expect(states()).toEqual(['own queued', 'missing failed', 'copy queued', 'link failed', 'waits queued']);
});

test('an answer goes to the transfer that asks, and one for a transfer that is gone to nobody', async () => {
  const journalFile = join(folder, 'transfers.jsonl');
  await queue.close();
  queue = makeQueue({ journalFile });
  const { x } = await add('x');
  await queue.close();
  const state = { at: 'blocked', need: 'overwrite-choice' };
  appendFileSync(journalFile, `${JSON.stringify({ type: 'state', id: x, state })}\n`);
  queue = makeQueue({ journalFile });
  queue.choose('unknown', 'skip', true);
  expect(states()).toEqual(['x blocked']);
  queue.choose(x ?? '', 'skip', false);
  expect(states()).toEqual(['x skipped']);
});

test('where a transfer goes on this disk is known, and nothing of one that is not there', async () => {
  const { x } = await add('x');
  expect([queue.localPathOf(x ?? ''), queue.localPathOf('unknown')]).toEqual(['/nowhere/x', null]);
});

test('limits of speed count for the connections that the queue uses', async () => {
  await queue.close();
  const dispatcher = new TransferAgent();
  queue = makeQueue({ dispatcher, limits: { ...standing, up: 1_000_000, down: null } });
  const bandwidth = bandwidthOf(dispatcher);
  expect([bandwidth?.up.isLimited, bandwidth?.down.isLimited]).toEqual([true, false]);
  queue.setLimits({ ...standing, up: null, down: 5 });
  expect([bandwidth?.up.isLimited, bandwidth?.down.isLimited]).toEqual([false, true]);
  await dispatcher.destroy();
});

function linkTo(key: string, more: Partial<NewLinkDownload['parts']> = {}): NewLinkDownload {
  const parts = {
    ...({ signVersion: 'v4', bucket: 'b', host: 'h', region: null, accessKeyId: 'x', temporary: false } as const),
    ...{ versionId: null, signedAt: 0, validUntil: 9e15, params: [], additionalHeaders: [], key, ...more },
  };
  return { url: `http://h/${key}?Signature=1`, parts, folder, fileName: key };
}

describe('a link', () => {
  test('is a transfer through no account, into the folder that was chosen', () => {
    const id = queue.addLinkDownload(linkTo('k'));
    expect(queue.list()).toMatchObject([
      {
        id,
        direction: 'download',
        through: 'link',
        accountId: null,
        localPath: join(folder, 'k'),
        state: { at: 'queued' },
      },
    ]);
    const upload = { url: 'http://h/k?Signature=1', parts: linkTo('k').parts, path: '/nowhere/up', headers: {} };
    queue.addLinkUpload(upload);
    expect(queue.list()[1]).toMatchObject({ direction: 'upload', through: 'link', name: 'up' });
  });

  test('goes to the transfer that waits for it, and to no other', async () => {
    const journalFile = join(folder, 'transfers.jsonl');
    await queue.close();
    queue = makeQueue({ journalFile });
    const waiting = queue.addLinkDownload(linkTo('k'));
    await queue.close();
    queue = makeQueue({ journalFile });
    expect(states()).toEqual(['k blocked']);
    expect(queue.addLinkDownload(linkTo('other'))).not.toBe(waiting);
    expect(queue.addLinkDownload(linkTo('k', { versionId: 'v' }))).not.toBe(waiting);
    expect(queue.addLinkDownload({ ...linkTo('k'), folder: join(folder, 'elsewhere') })).not.toBe(waiting);
    expect(stateOf('k')).toBe('blocked');
    expect(queue.addLinkDownload(linkTo('k'))).toBe(waiting);
    expect(stateOf('k')).toBe('queued');
    expect(queue.addLinkDownload(linkTo('k'))).not.toBe(waiting);
  });

  test('for one object under several names, or in several sizes, goes to the transfer of its own', async () => {
    const journalFile = join(folder, 'transfers.jsonl');
    const sized = (value: string) => linkTo('k', { params: [['x-oss-process', value]] });
    const links = [
      linkTo('k'),
      { ...linkTo('k'), fileName: 'k2' },
      sized('image/resize,w_100'),
      sized('image/resize,w_8'),
    ];
    await queue.close();
    queue = makeQueue({ journalFile });
    const waiting = await queue.addLinkDownloads(links);
    await queue.close();
    queue = makeQueue({ journalFile });
    expect(await queue.addLinkDownloads(links.toReversed())).toEqual(waiting.toReversed());
  });

  test('of a list comes with all the others of it', async () => {
    const added = await queue.addLinkDownloads(['x', 'y'].map((key) => linkTo(key)));
    expect([added.length, queue.list().map(({ id }) => id)]).toEqual([2, added]);
  });
});

describe('an open folder', () => {
  /** Attempts begin, and stand still until the end of the test. */
  let release: () => void = () => undefined;
  afterEach(() => release());

  /** `refusals`: what the first attempts end with at once. */
  async function openFolder(
    refusals: readonly Failure[] = [],
  ): Promise<{ readonly id: string; readonly children: readonly Transfer[] }> {
    mkdirSync(join(folder, 'dir'));
    for (const name of ['x', 'y']) writeFileSync(join(folder, 'dir', name), name);
    await queue.close();
    const held = new Promise<never>((_, fail) => {
      release = () => fail(new WaybillError({ kind: 'cancelled' }));
    });
    const ends = refusals.values();
    queue = makeQueue({
      connection: async () => {
        const { value } = ends.next();
        if (value !== undefined) throw new WaybillError(value);
        return held;
      },
    });
    await queue.addUploads({ accountId, bucket: 'b', prefix: '', paths: [join(folder, 'dir')] });
    const id = idOf('dir');
    queue.setLimits({ ...standing, slots: 2 });
    await expect.poll(() => queue.openFolders([id])).toHaveLength(2);
    return { id, children: queue.openFolders([id, 'unknown']) };
  }
  const told = (): readonly string[] => batches.flatMap(({ changed }) => changed.map(({ name }) => name));

  test('tells of what is in it, which is no transfer of its own', async () => {
    const { id, children } = await openFolder();
    expect(children.map(({ name, folderId }) => [name, folderId])).toEqual([
      ['dir/x', id],
      ['dir/y', id],
    ]);
    expect(states()).toEqual(['dir running']);
    batches = [];
    queue.pause(children.map((child) => child.id));
    await expect.poll(told).toEqual(expect.arrayContaining(['dir/x', 'dir/y']));
  });

  test('goes on with what wanted a custom domain once one was chosen, and with nothing else', async () => {
    await openFolder([refusedHost, missing]);
    const failures = (): readonly string[] => {
      const children = queue.openFolders([idOf('dir')]);
      return children.map(({ state }) => (state.at === 'failed' ? state.because.kind : state.at)).toSorted();
    };
    await expect.poll(() => [states(), failures()]).toEqual([['dir failed'], ['file', 'oss']]);
    queue.domainChosen({ accountId, bucket: 'b' });
    await expect.poll(() => [states(), failures()]).toEqual([['dir running'], ['file', 'running']]);
  });

  test('that was closed again tells of itself only', async () => {
    const { children } = await openFolder();
    queue.openFolders([]);
    // What changed before is told in the next batch.
    await sleep(150);
    batches = [];
    queue.pause(children.map((child) => child.id));
    await expect.poll(told).toContain('dir');
    expect(told()).not.toContain('dir/x');
  });
});
