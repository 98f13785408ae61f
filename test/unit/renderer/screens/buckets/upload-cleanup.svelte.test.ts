import { beforeEach, describe, expect, test } from 'vitest';
import type { ArgsOf } from '../../../../../main/contract/contract.ts';
import { BucketSettings } from '../../../../../renderer/screens/buckets/bucket-settings.svelte.ts';
import { UploadCleanup } from '../../../../../renderer/screens/buckets/upload-cleanup.svelte.ts';
import { answering } from '../../answering.ts';

const dayMs = 86_400_000;
const started = { now: 0, hours: dayMs / 8, days: 2 * dayMs, weeks: 20 * dayMs };
let aborted: ArgsOf<'buckets.abortUploads'>['uploads'][] = [];

beforeEach(() => {
  aborted = [];
});

async function openCleanup(): Promise<UploadCleanup> {
  const uploads = Object.entries(started).map(([key, ago]) => ({
    key,
    uploadId: `id of ${key}`,
    initiatedAt: Date.now() - ago,
  }));
  const main = answering({
    'buckets.versioning': () => 'never',
    'buckets.uploads': () => ({ uploads, isAll: true }),
    'buckets.abortUploads': ({ uploads: unwanted }) => {
      aborted.push(unwanted);
      return null;
    },
  });
  const settings = new BucketSettings({ accountId: 'a', bucket: 'photos' }, main);
  const cleanup = new UploadCleanup(settings);
  await settings.loadUploads();
  return cleanup;
}

function keysOf(uploads: readonly { readonly key: string }[]): readonly string[] {
  return uploads.map(({ key }) => key);
}

describe('the incomplete uploads of a bucket', () => {
  test('are those of more than a day ago, unless another age is chosen', async () => {
    const cleanup = await openCleanup();
    expect(keysOf(cleanup.shown)).toEqual(['days', 'weeks']);
    cleanup.days = 7;
    expect(keysOf(cleanup.shown)).toEqual(['weeks']);
    cleanup.days = 0;
    expect(keysOf(cleanup.shown)).toEqual(['now', 'hours', 'days', 'weeks']);
  });

  test('are deleted only once the question is answered', async () => {
    const cleanup = await openCleanup();
    await cleanup.confirm();
    expect(aborted).toEqual([]);
    cleanup.asking = true;
    await cleanup.confirm();
    expect(aborted.map(keysOf)).toEqual([['days', 'weeks']]);
    await cleanup.confirm();
    expect(aborted).toHaveLength(1);
  });

  test('are asked about again once others are meant', async () => {
    const cleanup = await openCleanup();
    cleanup.asking = true;
    cleanup.days = 0;
    await cleanup.confirm();
    cleanup.asking = true;
    cleanup.choose('id of now', true);
    await cleanup.confirm();
    expect(aborted).toEqual([]);
  });

  test('are the selected ones, as far as they are shown', async () => {
    const cleanup = await openCleanup();
    cleanup.choose('id of weeks', true);
    cleanup.choose('id of now', true);
    cleanup.choose('id of days', true);
    cleanup.choose('id of days', false);
    expect(keysOf(cleanup.doomed)).toEqual(['weeks']);
    cleanup.asking = true;
    await cleanup.confirm();
    expect(aborted.map(keysOf)).toEqual([['weeks']]);
  });
});
