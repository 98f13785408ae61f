import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Failure, toFailure, WaybillError } from '../../../../main/failure.ts';
import { discardDownload, downloadObject } from '../../../../main/transfers/download/download.ts';
import type { DownloadJob, DownloadWatch } from '../../../../main/transfers/download/download-job.ts';
import type { DownloadCheckpoint, Span } from '../../../../main/transfers/tasks/checkpoints.ts';
import { crc64Of, type MemorySource, memorySource, refusal } from './memory-source.ts';

const MiB = 1024 ** 2;
/** 20 MiB in which no range looks like another. */
const large = Buffer.alloc(20 * MiB);
for (let at = 0; at < large.length; at += 4) large.writeUInt32LE((at * 2654435761) % 2 ** 32, at);
const medium = large.subarray(0, 6 * MiB);
const small = large.subarray(4, 1004);
let folder: string;
let target: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'waybill-download-'));
  target = join(folder, 'file');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** What a download told. */
function makeSeen(connections = 4) {
  const abort = new AbortController();
  const seen = {
    ...{ bytes: 0, kept: 0, sizes: [] as (number | null)[], isVerifying: false, spans: [] as number[] },
    checkpoints: [] as (DownloadCheckpoint | null)[],
  };
  const watch: DownloadWatch = {
    signal: abort.signal,
    connections: () => connections,
    onBytes: (count) => void (seen.bytes += count),
    onKept: (count) => void (seen.kept += count),
    onSize: (sizeBytes) => void seen.sizes.push(sizeBytes),
    onVerifying: () => void (seen.isVerifying = true),
    onCheckpoint: (checkpoint) => void seen.checkpoints.push(checkpoint),
    onSpan: (index) => void seen.spans.push(index),
  };
  return { seen, watch, abort };
}

const jobOf = (source: MemorySource, more: Partial<DownloadJob> = {}): DownloadJob => ({
  ...{ source, target, replace: false, checkpoint: null },
  ...more,
});

/** Downloads, and returns what was told and how it failed. */
async function failing(job: DownloadJob, { seen, watch }: Omit<ReturnType<typeof makeSeen>, 'abort'> = makeSeen()) {
  const failure = await downloadObject(job, watch).then(() => null, toFailure);
  return { seen, failure, checkpoint: seen.checkpoints.at(-1) ?? null };
}

const span = (start: number, sizeBytes: number | null, doneBytes = 0): Span => ({
  ...{ start, sizeBytes, doneBytes },
  crc64: crc64Of(large.subarray(start, start + doneBytes)),
});

/** A part file that holds the bytes that its spans claim, and the checkpoint of the attempt that left it. */
function leftBy(spans: readonly Span[], more: Partial<DownloadCheckpoint> = {}): DownloadCheckpoint {
  const partPath = join(folder, '.file.waybill-part');
  const held = Buffer.alloc(Math.max(0, ...spans.map(({ start, doneBytes }) => start + doneBytes)));
  for (const { start, doneBytes } of spans) large.copy(held, start, start, start + doneBytes);
  writeFileSync(partPath, held);
  const { size: sizeBytes, mtimeMs: modifiedAt } = statSync(partPath);
  return {
    ...{ partPath, etag: 'E1', crc64: crc64Of(large), versionId: 'v1', sizeBytes: large.length, spans },
    ...{ modifiedAt: null, keptAs: { sizeBytes, modifiedAt } },
    ...more,
  };
}

describe('an object that one request holds', () => {
  test('is read by one, compared, and put in place with its time', async () => {
    const source = memorySource(small);
    const { seen, watch } = makeSeen();
    expect(await downloadObject(jobOf(source), watch)).toEqual({ verified: 'crc64', versionId: 'v1' });
    expect(source.asked).toEqual([`0-${8 * MiB - 1}`]);
    expect(readFileSync(target).equals(small)).toBe(true);
    expect(statSync(target).mtimeMs).toBe(5_000);
    expect(seen).toMatchObject({ bytes: 1000, kept: 0, sizes: [1000], isVerifying: true, spans: [0] });
    expect(seen.checkpoints).toMatchObject([{ sizeBytes: 1000, etag: 'E1' }, null]);
    expect(readdirSync(folder)).toEqual(['file']);
  });

  test('and is empty has no first byte to ask for', async () => {
    const source = memorySource(Buffer.alloc(0));
    const { seen, watch } = makeSeen();
    expect(await downloadObject(jobOf(source), watch)).toMatchObject({ verified: 'crc64' });
    expect(source.asked).toEqual([`0-${8 * MiB - 1}`, 'all']);
    expect([readFileSync(target).length, seen.sizes]).toEqual([0, [0]]);
    for (const body of source.bodies) expect(body.destroyed).toBe(true);
  });

  test('is known by its length alone if the server knows no more', async () => {
    const source = memorySource(small);
    source.object.crc64 = null;
    expect(await downloadObject(jobOf(source), makeSeen().watch)).toMatchObject({ verified: 'length' });
    source.object.sizeBytes = null;
    const { seen, watch } = makeSeen();
    await downloadObject(jobOf(source, { target: `${target} 2` }), watch);
    expect([seen.sizes, readFileSync(`${target} 2`).equals(small)]).toEqual([[null], true]);
  });

  test('and has another CRC-64 leaves nothing', async () => {
    const source = memorySource(small);
    source.object.crc64 = '1';
    const { seen, failure } = await failing(jobOf(source));
    expect(failure).toEqual({ kind: 'integrity', expected: '1', actual: crc64Of(small) });
    expect([seen.bytes, seen.checkpoints.at(-1), readdirSync(folder)]).toEqual([0, null, []]);
  });

  test('and was refused leaves nothing, and is not asked for again', async () => {
    const source = memorySource(small);
    source.before = () => Promise.reject(refusal(404, 'NoSuchKey'));
    const { failure, seen } = await failing(jobOf(source));
    expect([failure?.kind, source.asked.length, seen.checkpoints, readdirSync(folder)]).toEqual(['oss', 1, [], []]);
  });

  test('has its connection freed if there is no place for the file', async () => {
    writeFileSync(join(folder, 'not a folder'), 'x');
    const source = memorySource(small);
    const { failure } = await failing(jobOf(source, { target: join(folder, 'not a folder', 'file') }));
    expect([failure?.kind, source.bodies[0]?.destroyed]).toEqual(['file', true]);
  });
});

test('an answer that does not begin where the object does is refused', async () => {
  const source = memorySource(large);
  source.answer = (body) => ({ ...body, contentRange: { start: 1, end: 5, sizeBytes: large.length } });
  const { abort, ...rest } = makeSeen();
  source.before = (number) => (number > 1 ? abort.abort() : undefined);
  const { failure } = await failing(jobOf(source), rest);
  expect([failure?.kind, source.bodies[0]?.destroyed, readdirSync(folder)]).toEqual(['oss', true, []]);
});

test('a large object is read in ranges that follow each other, some at a time', async () => {
  const source = memorySource(large);
  let [running, most] = [0, 0];
  source.answer = (body, number) => {
    if (number === 1) return body;
    running += 1;
    most = Math.max(most, running);
    body.body.once('close', () => (running -= 1));
    return body;
  };
  const { seen, watch } = makeSeen(1);
  await downloadObject(jobOf(source), watch);
  expect(source.asked).toEqual([`0-${8 * MiB - 1}`, `${8 * MiB}-${16 * MiB - 1}`, `${16 * MiB}-${20 * MiB - 1}`]);
  expect([most, seen.bytes, seen.spans]).toEqual([1, large.length, [0, 1, 2]]);
  expect(readFileSync(target).equals(large)).toBe(true);
});

test('a link that limits each connection is read through one', async () => {
  const source = memorySource(large, 'one');
  await downloadObject(jobOf(source), makeSeen().watch);
  expect(source.asked).toEqual(['all']);
  expect(readFileSync(target).equals(large)).toBe(true);
});

test('a server that ignores ranges sends all at once', async () => {
  const source = memorySource(large);
  const whole = { ...source, open: ({ signal }: { readonly signal: AbortSignal }) => source.open({ signal }) };
  const { seen, watch } = makeSeen();
  await downloadObject(jobOf(whole), watch);
  expect([source.asked, seen.spans]).toEqual([['all'], [0]]);
});

describe('an object that changes meanwhile', () => {
  test('is read anew, and never mixed', async () => {
    const source = memorySource(large);
    const after = Buffer.from(large.map((byte) => byte ^ 1));
    source.before = (number) => {
      if (number === 2) Object.assign(source.object, { bytes: after, etag: 'E2', crc64: crc64Of(after) });
    };
    const { seen, watch } = makeSeen(1);
    await downloadObject(jobOf(source), watch);
    expect([readFileSync(target).equals(after), seen.bytes, readdirSync(folder)]).toEqual([
      true,
      after.length,
      ['file'],
    ]);
  });

  test('three times is given up', async () => {
    const source = memorySource(large);
    source.before = (number) => void (source.object.etag = `E${number}`);
    const { failure, seen } = await failing(jobOf(source), makeSeen(1));
    expect(failure).toMatchObject({ kind: 'oss', status: 412 });
    expect(source.asked.filter((range) => range.startsWith('0-'))).toHaveLength(3);
    expect([seen.bytes, seen.checkpoints.at(-1), readdirSync(folder)]).toEqual([0, null, []]);
  });
});

describe('what stops a download', () => {
  const full = { kind: 'file', reason: 'full', path: '/x' } as const;
  test.each<readonly [Failure, boolean]>([
    [{ kind: 'credentials', cause: 'token-expired' }, true],
    [{ kind: 'keychain', reason: 'locked' }, true],
    [{ kind: 'link', cause: 'expired' }, true],
    [{ kind: 'cancelled' }, true],
    [{ kind: 'network', reason: 'tls' }, true],
    [full, true],
    [{ kind: 'file', reason: 'exists', path: '/x' }, true],
    [{ kind: 'file', reason: 'denied', path: '/x' }, false],
    [{ kind: 'integrity', expected: '1', actual: '2' }, false],
    [{ kind: 'oss', cause: 'other', status: 403, code: 'AccessDenied', message: '' }, false],
  ])('%j keeps the bytes so far: %j', async (because, isKept) => {
    const source = memorySource(large);
    const { abort, ...told } = makeSeen(1);
    source.before = (number) => {
      if (number === 1) return;
      // Nothing is tried again.
      if (because.kind === 'integrity') abort.abort();
      throw new WaybillError(because);
    };
    const { failure, seen, checkpoint } = await failing(jobOf(source), told);
    expect(failure).toEqual(because);
    expect(readdirSync(folder)).toEqual(isKept ? ['.file.waybill-part'] : []);
    expect(seen.bytes).toBe(isKept ? 8 * MiB : 0);
    const kept = {
      keptAs: { sizeBytes: 8 * MiB },
      spans: [{ doneBytes: 8 * MiB }, { doneBytes: 0 }, { doneBytes: 0 }],
    };
    if (isKept) expect(checkpoint).toMatchObject(kept);
    else expect(checkpoint).toBeNull();
  });

  test('keeps nothing without an ETag: what is missing may be of another object', async () => {
    const source = memorySource(large);
    source.object.etag = null;
    source.before = (number) => {
      if (number > 1) throw new WaybillError({ kind: 'credentials', cause: 'token-expired' });
    };
    const { checkpoint, seen } = await failing(jobOf(source), makeSeen(1));
    expect([checkpoint, seen.bytes, readdirSync(folder)]).toEqual([null, 0, []]);
  });

  test('keeps a file that is whole, even without an ETag, if it can’t be put in place', async () => {
    writeFileSync(target, 'mine');
    const source = memorySource(small);
    source.object.etag = null;
    const { failure, checkpoint, seen } = await failing(jobOf(source));
    expect([failure, seen.bytes, readFileSync(target, 'utf8')]).toEqual([
      { kind: 'file', reason: 'exists', path: target },
      1000,
      'mine',
    ]);
    expect(checkpoint).toMatchObject({ spans: [{ doneBytes: 1000 }] });
    // The next attempt only puts it in place.
    const again = memorySource(small);
    await downloadObject(jobOf(again, { replace: true, checkpoint }), makeSeen().watch);
    expect([again.asked, readFileSync(target).equals(small)]).toEqual([[], true]);
  });
});

describe('a link that ends while it is read', () => {
  test.each(['expired', 'token-expired'] as const)('stops no request that was answered before (%s)', async (cause) => {
    const source = memorySource(large, 'few');
    let last: AbortSignal | undefined;
    source.before = (number, { signal }) => {
      last = signal;
      if (number === 2) throw new WaybillError({ kind: 'link', cause });
    };
    const { failure, checkpoint } = await failing(jobOf(source), makeSeen(2));
    expect([failure, last?.aborted]).toEqual([{ kind: 'link', cause }, false]);
    expect(checkpoint?.spans.map(({ doneBytes, sizeBytes }) => doneBytes === sizeBytes)).toEqual([true, false, true]);
  });

  test('asks for all of it at once, beside the first and small request', async () => {
    const source = memorySource(large, 'few');
    let isFirstOver = false;
    source.answer = (body, number) => {
      if (number === 1) body.body.once('close', () => (isFirstOver = true));
      return body;
    };
    const before: boolean[] = [];
    source.before = (number) => void (number > 1 && before.push(isFirstOver));
    await downloadObject(jobOf(source), makeSeen(2).watch);
    expect(source.asked).toEqual([`0-${8 * MiB - 1}`, `${8 * MiB}-${16 * MiB - 1}`, `${16 * MiB}-${20 * MiB - 1}`]);
    expect(before).toEqual([false, false]);
  });

  test('stops at once if it was refused for another reason', async () => {
    const source = memorySource(large, 'few');
    let last: AbortSignal | undefined;
    source.before = (number, { signal }) => {
      last = signal;
      if (number === 2) throw new WaybillError({ kind: 'link', cause: 'link-mismatch' });
    };
    const { failure } = await failing(jobOf(source), makeSeen(2));
    expect([failure, last?.aborted]).toEqual([{ kind: 'link', cause: 'link-mismatch' }, true]);
  });
});

describe('a download that goes on', () => {
  test('reads what is missing, and only that, of the same object', async () => {
    const source = memorySource(large);
    const ifMatch: (string | undefined)[] = [];
    source.before = (_, request) => void ifMatch.push(request.ifMatch);
    const checkpoint = leftBy([span(0, 8 * MiB, 8 * MiB), span(8 * MiB, 8 * MiB, 5), span(16 * MiB, 4 * MiB)]);
    const { seen, watch } = makeSeen(1);
    expect(await downloadObject(jobOf(source, { checkpoint }), watch)).toEqual({ verified: 'crc64', versionId: 'v1' });
    expect(source.asked).toEqual([`${8 * MiB + 5}-${16 * MiB - 1}`, `${16 * MiB}-${20 * MiB - 1}`]);
    expect(ifMatch).toEqual(['E1', 'E1']);
    expect(seen).toMatchObject({ kept: 8 * MiB + 5, bytes: 12 * MiB - 5, sizes: [large.length], spans: [1, 2] });
    expect(seen.checkpoints[0]?.keptAs).toBeNull();
    expect(readFileSync(target).equals(large)).toBe(true);
  });

  test('begins anew if its part file is gone, or may be of another object', async () => {
    const spans = [span(0, 8 * MiB, 8 * MiB), span(8 * MiB, 12 * MiB)];
    for (const isGone of [true, false]) {
      const checkpoint = leftBy(spans, isGone ? {} : { etag: null });
      if (isGone) rmSync(checkpoint.partPath);
      const source = memorySource(large);
      const { seen, watch } = makeSeen();
      await downloadObject(jobOf(source, { checkpoint, replace: true }), watch);
      expect([source.asked[0], seen.kept, readdirSync(folder)]).toEqual([`0-${8 * MiB - 1}`, 0, ['file']]);
    }
  });

  test('keeps its part file if it is stopped while that is checked', async () => {
    const checkpoint = leftBy([span(0, 8 * MiB, 8 * MiB), span(8 * MiB, 12 * MiB)], { keptAs: null });
    const { abort, ...told } = makeSeen();
    abort.abort();
    const source = memorySource(large);
    const { failure, seen } = await failing(jobOf(source, { checkpoint }), told);
    expect([failure?.kind, source.asked, seen.checkpoints]).toEqual(['cancelled', [], []]);
    expect(existsSync(checkpoint.partPath)).toBe(true);
  });

  test('is thrown away on request', async () => {
    const checkpoint = leftBy([span(0, null, 5)]);
    await discardDownload(checkpoint);
    expect(readdirSync(folder)).toEqual([]);
    await discardDownload(checkpoint);
  });
});

describe('a request that breaks', () => {
  test('is followed by one for the rest', async () => {
    const source = memorySource(large);
    source.breaks.set(1, 3 * MiB).set(2, MiB);
    const { seen, watch } = makeSeen(1);
    await downloadObject(jobOf(source), watch);
    expect(source.asked.slice(0, 3)).toEqual([
      `0-${8 * MiB - 1}`,
      `${3 * MiB}-${8 * MiB - 1}`,
      `${4 * MiB}-${8 * MiB - 1}`,
    ]);
    expect([seen.bytes, readFileSync(target).equals(large)]).toEqual([large.length, true]);
  });

  test('is followed by one for the rest of unknown length too', async () => {
    const source = memorySource(medium);
    source.object.sizeBytes = null;
    source.breaks.set(1, 3 * MiB);
    await downloadObject(jobOf(source), makeSeen().watch);
    expect(source.asked).toEqual([`0-${8 * MiB - 1}`, `${3 * MiB}-`]);
    expect(readFileSync(target).equals(medium)).toBe(true);
  });

  test('is followed by one for all of it if the server names no state of the object', async () => {
    const source = memorySource(small);
    source.object.etag = null;
    source.breaks.set(1, 400);
    const { seen, watch } = makeSeen();
    await downloadObject(jobOf(source), watch);
    expect([source.asked[1], seen.bytes, readFileSync(target).equals(small)]).toEqual(['all', 1000, true]);
  });

  test('ends too early without an error: the rest is asked for', async () => {
    const source = memorySource(small);
    source.answer = (body, number) => {
      if (number > 1) return body;
      const short = memorySource(small.subarray(0, 300));
      return { ...body, body: short.bodies[0] ?? body.body.take(0) };
    };
    await downloadObject(jobOf(source), makeSeen().watch);
    expect([source.asked[1], readFileSync(target).equals(small)]).toEqual(['0-999', true]);
  });

  test('and is answered with another range, or of another object, is not written', async () => {
    for (const wrong of [{ contentRange: { start: 0, end: 5, sizeBytes: medium.length } }, { etag: 'E2' }]) {
      const source = memorySource(medium);
      source.breaks.set(1, 3 * MiB);
      source.answer = (body, number) => (number === 2 ? { ...body, ...wrong } : body);
      const file = `${target} ${Object.keys(wrong).join('')}`;
      await downloadObject(jobOf(source, { target: file }), makeSeen().watch);
      expect([source.bodies[1]?.destroyed, readFileSync(file).equals(medium)]).toEqual([true, true]);
      expect(source.asked[2]).toBe('etag' in wrong ? `0-${8 * MiB - 1}` : `${3 * MiB}-${6 * MiB - 1}`);
    }
  });
});
