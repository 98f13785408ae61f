import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { toFailure } from '../../../../main/failure.ts';
import { LocalSource } from '../../../../main/transfers/upload/local-source.ts';
import { matchParts } from '../../../../main/transfers/upload/multipart-session.ts';
import type { FinishedPart } from '../../../../main/transfers/tasks/checkpoints.ts';

const partSizeBytes = 100;

async function fileOf(sizeBytes: number) {
  const folder = await mkdtemp(join(tmpdir(), 'waybill-match-'));
  const path = join(folder, 'file');
  await writeFile(path, Buffer.alloc(sizeBytes, 'x'));
  const source = await LocalSource.at(path);
  onTestFinished(async () => {
    await source.close();
    await rm(folder, { recursive: true });
  });
  const checkpoint = (parts: FinishedPart[]) => ({
    ...{ bucket: 'b', key: 'k', uploadId: 'u', partSizeBytes, sizeBytes, modifiedAt: source.modifiedAt, parts },
  });
  return { source, checkpoint };
}

async function* listed(numbers: readonly number[], beforeEach: (number: number) => void = () => undefined) {
  await Promise.resolve();
  for (const partNumber of numbers) {
    beforeEach(partNumber);
    yield { partNumber, etag: 'e', sizeBytes: partSizeBytes, lastModified: 0, crc64: '1' };
  }
}

test('a listing stops being compared with the file once it is cancelled', async () => {
  const { source, checkpoint } = await fileOf(300);
  const control = new AbortController();
  const seen: number[] = [];
  const parts = listed([1, 2, 3], (number) => {
    seen.push(number);
    if (number === 2) control.abort();
  });
  const failure = await matchParts(parts, checkpoint([]), source, control.signal).catch(toFailure);
  expect(failure).toEqual({ kind: 'cancelled' });
  expect(seen).toEqual([1, 2]);
});

test('a part that was noted in another size, or behind the end of the file, is not taken', async () => {
  const { source, checkpoint } = await fileOf(150);
  const noted = [1, 2, 3].map((partNumber) => ({ partNumber, etag: 'e', crc64: '1', sizeBytes: partSizeBytes }));
  const { signal } = new AbortController();
  const sent = await matchParts(listed([1, 2, 3]), checkpoint(noted), source, signal);
  expect(sent.map(({ partNumber }) => partNumber)).toEqual([1]);
});
