import { expect, test } from 'vitest';
import type { Bucket } from '../../../../../main/contract/contract.ts';
import { CallFailed } from '../../../../../renderer/lib/bridge.ts';
import { BucketList } from '../../../../../renderer/model/browsing/bucket-list.svelte.ts';
import { answering } from '../../answering.ts';
import { makeAccount, makeGate } from '../../making.ts';

const [one, two] = [makeAccount().id, makeAccount().id];
const bucketsOf = (...names: string[]) => names.map((name) => ({ name }) as Bucket);

test('the buckets of an account are listed, and none of the account before', async () => {
  const list = new BucketList(answering({ 'buckets.list': ({ accountId }) => bucketsOf(accountId) }));
  await list.open(one);
  expect([list.all.map(({ name }) => name), list.loaded]).toEqual([[one], true]);
  const opened = list.open(two);
  expect([list.all, list.loaded, list.loading.busy]).toEqual([[], false, true]);
  await opened;
  expect(list.all.map(({ name }) => name)).toEqual([two]);
});

test('an answer for the account before is discarded, and so is its failure', async () => {
  const slow = makeGate<Bucket[]>();
  const list = new BucketList(
    answering({ 'buckets.list': ({ accountId }) => (accountId === one ? slow.answer : bucketsOf('b')) }),
  );
  const first = list.open(one);
  await list.open(two);
  slow.fail(new CallFailed({ kind: 'network', reason: 'reset' }));
  await first;
  expect([list.all.map(({ name }) => name), list.loading.failure]).toEqual([['b'], null]);
});

test('without an account nothing is asked', async () => {
  const list = new BucketList(answering({}));
  await list.open(null);
  expect([list.loading.busy, list.loading.failure]).toEqual([false, null]);
});

test('a failure is kept until the next try', async () => {
  const failure = { kind: 'credentials', cause: 'denied-by-policy', action: 'oss:ListBuckets' } as const;
  let refused = true;
  const list = new BucketList(
    answering({
      'buckets.list': () => {
        if (refused) throw new CallFailed(failure);
        return bucketsOf('b');
      },
    }),
  );
  await list.open(one);
  expect([list.loading.failure, list.loaded]).toEqual([failure, false]);
  refused = false;
  await list.refresh();
  expect([list.loading.failure, list.loaded]).toEqual([null, true]);
});
