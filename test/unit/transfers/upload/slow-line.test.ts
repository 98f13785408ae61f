import { once } from 'node:events';
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { toFailure, WaybillError } from '../../../../main/failure.ts';
import type { UploadCheckpoint } from '../../../../main/transfers/tasks/checkpoints.ts';
import { sendByPace } from '../../../../main/transfers/upload/slow-line.ts';

const MiB = 1024 ** 2;
const part = { partNumber: 1, etag: 'e', crc64: '1', sizeBytes: 8 * MiB };

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
});

function makeUpload(parts: UploadCheckpoint['parts'] = []) {
  const stop = new AbortController();
  const seen = { counted: 0, checkpoints: [] as (UploadCheckpoint | null)[] };
  const count = (bytes: number): void => void (seen.counted += bytes);
  const nothing = (): void => undefined;
  const watch = {
    ...{ signal: stop.signal, connections: () => 4, onBytes: count, onKept: count },
    ...{ onSize: nothing, onVerifying: nothing, onPart: nothing },
    onCheckpoint: (checkpoint: UploadCheckpoint | null) => void seen.checkpoints.push(checkpoint),
  };
  const file = { bucket: 'b', key: 'k', uploadId: 'u', sizeBytes: 60 * MiB, modifiedAt: 1 };
  const checkpoint: UploadCheckpoint = { ...file, partSizeBytes: 8 * MiB, parts };
  return { checkpoint, seen, stop, watch };
}

type Send = Parameters<typeof sendByPace>[2];

/** Sends some bytes in the first seconds, then waits until it is stopped; takes them back as a part that starts over does. */
const stalling =
  (bytes: number, onStop: (checkpoint: UploadCheckpoint) => void = () => undefined): Send =>
  async (checkpoint, watch) => {
    watch.onBytes(bytes);
    const stopped = once(watch.signal, 'abort');
    vi.advanceTimersByTime(3_000);
    await stopped;
    if (checkpoint.parts.length === 0) onStop(checkpoint);
    watch.onBytes(-bytes + checkpoint.parts.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0));
    throw new WaybillError({ kind: 'cancelled' });
  };

const finishing: Send = (checkpoint, watch) => {
  const kept = checkpoint.parts.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  watch.onKept(kept);
  watch.onBytes(checkpoint.sizeBytes - kept);
  return Promise.resolve();
};

/** The first time one way, the second time the other. */
function inTurn(first: Send, then: Send): Send {
  let isFirst = true;
  return (...given) => {
    const send = isFirst ? first : then;
    isFirst = false;
    return send(...given);
  };
}

test('a slow upload begins anew with smaller parts, and each byte counts once', async () => {
  const { checkpoint, seen, watch } = makeUpload();
  const sent = await sendByPace(checkpoint, watch, inTurn(stalling(600 * 1024), finishing));
  expect(sent.partSizeBytes).toBe(704 * 1024);
  expect(seen).toEqual({ counted: 60 * MiB, checkpoints: [sent] });
});

test('a fast one, and one that goes on with parts that OSS has, keep their plan', async () => {
  for (const parts of [[], [part]]) {
    const { checkpoint, seen, watch } = makeUpload(parts);
    expect(await sendByPace(checkpoint, watch, finishing)).toBe(checkpoint);
    expect(seen).toEqual({ counted: 60 * MiB, checkpoints: [] });
  }
});

test('a part that is confirmed while the others stop is kept, and so is the plan', async () => {
  const { checkpoint, seen, watch } = makeUpload();
  const confirm = (planned: UploadCheckpoint) => void planned.parts.push(part);
  const sent = await sendByPace(checkpoint, watch, inTurn(stalling(600 * 1024, confirm), finishing));
  expect(sent).toBe(checkpoint);
  expect(seen).toEqual({ counted: 60 * MiB, checkpoints: [] });
});

test('one that is paused meanwhile stays paused', async () => {
  const { checkpoint, seen, stop, watch } = makeUpload();
  const send = stalling(600 * 1024, () => stop.abort());
  const failure = await sendByPace(checkpoint, watch, send).catch(toFailure);
  expect(failure).toMatchObject({ kind: 'cancelled' });
  expect(seen).toEqual({ counted: 0, checkpoints: [] });
});
