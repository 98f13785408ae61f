import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { toFailure, WaybillError } from '../../../../main/failure.ts';
import type { FinishedPart } from '../../../../main/transfers/tasks/checkpoints.ts';
import { LocalSource } from '../../../../main/transfers/upload/local-source.ts';
import { type SendPart, sendMissingParts } from '../../../../main/transfers/upload/send-parts.ts';

/** Parts of 100 bytes, of a file of 200. `send` is asked for each of them. */
async function uploadWith(send: SendPart, stop: AbortController) {
  const folder = await mkdtemp(join(tmpdir(), 'waybill-send-'));
  const path = join(folder, 'file');
  await writeFile(path, Buffer.alloc(200, 'x'));
  const source = await LocalSource.at(path);
  onTestFinished(async () => {
    await source.close();
    await rm(folder, { recursive: true });
  });
  const parts: FinishedPart[] = [];
  const { modifiedAt } = source;
  const checkpoint = { bucket: 'b', key: 'k', uploadId: 'u', partSizeBytes: 100, sizeBytes: 200, modifiedAt, parts };
  let counted = 0;
  const count = (bytes: number): void => void (counted += bytes);
  const nothing = (): void => undefined;
  const watch = {
    ...{ signal: stop.signal, connections: () => 2, onBytes: count, onKept: count },
    ...{ onSize: nothing, onVerifying: nothing, onPart: nothing, onCheckpoint: nothing },
  };
  const failure = await sendMissingParts({ source, checkpoint, send }, watch).catch(toFailure);
  return { failure, parts, counted };
}

test('a part that was on its way as a whole when the upload stopped counts, one that was not starts over', async () => {
  const stop = new AbortController();
  const { failure, parts, counted } = await uploadWith(async ({ partNumber, signal, onSent }) => {
    onSent?.(partNumber === 1 ? 100 : 60);
    // Part 2 is the last to begin.
    if (partNumber === 2) stop.abort();
    else await once(stop.signal, 'abort');
    if (signal?.aborted === true) throw new WaybillError({ kind: 'cancelled' });
    return { etag: 'e', crc64: '1', sentCrc64: '1' };
  }, stop);
  expect(failure).toMatchObject({ kind: 'cancelled' });
  expect(parts.map(({ partNumber }) => partNumber)).toEqual([1]);
  expect(counted).toBe(100);
});

test('a part whose response does not come ends soon after the upload stopped', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const stop = new AbortController();
  const { failure, parts, counted } = await uploadWith(({ partNumber, signal, onSent }) => {
    onSent?.(100);
    const isOver = new Promise<never>((_, reject) => {
      const end = (): void => reject(new WaybillError({ kind: 'cancelled' }));
      signal?.addEventListener('abort', end);
    });
    if (partNumber === 2) {
      stop.abort();
      vi.advanceTimersToNextTimer();
      vi.advanceTimersToNextTimer();
    }
    return isOver;
  }, stop);
  expect(failure).toMatchObject({ kind: 'cancelled' });
  expect([parts, counted]).toEqual([[], 0]);
});
