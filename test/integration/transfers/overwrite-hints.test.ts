import { afterAll, beforeAll, expect, test } from 'vitest';
import { send } from '../../../main/oss/exchange/request.ts';
import { OverwriteHints } from '../../../main/transfers/run/overwrite-hints.ts';
import { makeBucket, makePracticeBucket, type PracticeBucket } from './practice-bucket.ts';

let practice: PracticeBucket;

beforeAll(async () => {
  practice = await makePracticeBucket();
});
afterAll(() => practice.close());

/** OSS ignores x-oss-forbid-overwrite where versioning is on or suspended: without a HEAD, objects would be replaced. */
test.each([
  ['was never on', null, true],
  ['is on', 'Enabled', false],
  ['is suspended', 'Suspended', false],
])('in a bucket whose versioning %s, OSS itself is trusted to refuse: %s → %s', async (what, status, expected) => {
  const { connection } = practice;
  const bucket = `hints-${what.replaceAll(' ', '-')}`;
  await makeBucket(connection, bucket, status !== null);
  if (status !== null) {
    const body = Buffer.from(`<VersioningConfiguration><Status>${status}</Status></VersioningConfiguration>`);
    (await send(connection, { method: 'PUT', bucket, params: { versioning: null }, body })).body.resume();
  }
  expect(await new OverwriteHints().canSkipHead({ connection, bucket, key: 'k' })).toBe(expected);
});
