import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeDispatcher } from '../../../main/http/dispatcher.ts';
import { downloadObject } from '../../../main/transfers/download/download.ts';
import { accountSource } from '../../../main/transfers/download/object-source.ts';
import { seeded } from '../../support/seeded.ts';
import { digest, digestOf, makePracticeBucket, makeWatch, noise, type PracticeBucket } from './practice-bucket.ts';

/** How many bytes are flipped on their way, one a download; `npm run soak` flips more. */
const FLIPS = Number(process.env['FLIPS'] ?? 60);

let practice: PracticeBucket;
const pool = makeDispatcher();
const bytes = noise(200_000);

beforeAll(async () => {
  practice = await makePracticeBucket();
  await practice.put('flipped', bytes);
}, 60_000);
afterAll(async () => {
  await pool.close();
  await practice.close();
});

test.each(['threads', 'pools'] as const)(
  'a byte that is flipped on its way to the %s is noticed',
  async (way) => {
    const random = seeded();
    const folder = await mkdtemp(join(practice.folder, `${way}-`));
    const { connection, bucket } = practice;
    const dispatcher = way === 'threads' ? connection.dispatcher : pool;
    const source = accountSource({ ...connection, dispatcher }, { bucket, key: 'flipped' });
    for (let flip = 0; flip < FLIPS; flip += 1) {
      const atByte = random.below(bytes.length);
      const told = `flip ${flip} at ${atByte}, SEED=${random.seed}`;
      const target = join(folder, String(flip));
      const job = { source, target, replace: false, checkpoint: null };
      practice.server.faults.add({ match: { operation: 'GetObject' }, times: 1, effect: { kind: 'corrupt', atByte } });
      await expect(downloadObject(job, makeWatch().download), told).rejects.toMatchObject({
        failure: { kind: 'integrity' },
      });
      await downloadObject(job, makeWatch().download);
      expect(await digestOf(target), told).toBe(digest(bytes));
    }
  },
  600_000,
);
