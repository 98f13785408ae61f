import { expect, test } from 'vitest';
import type { Bucket, ObjectPage } from '../../../../../main/contract/contract.ts';
import { CallFailed } from '../../../../../renderer/lib/bridge.ts';
import { Destination } from '../../../../../renderer/screens/moving/destination.svelte.ts';
import { answering } from '../../answering.ts';
import { makeAccount, makeGate, makePage, settle } from '../../making.ts';

const { id: accountId } = makeAccount();
const inBucket = (prefix: string) => ({ accountId, bucket: 'photos', prefix });

function makeDestination(page: (prefix: string) => ObjectPage | Promise<ObjectPage>): Destination {
  const call = answering({
    'buckets.list': () => ['photos', 'films'].map((name) => ({ name }) as Bucket),
    'objects.list': ({ prefix }) => page(prefix),
  });
  return new Destination(inBucket('album/'), call);
}

test('the folders of a place are the choices, and its files are not', async () => {
  const destination = makeDestination(() => makePage(['album/cat.jpg', 'album/2026/']));
  expect(destination.choices).toBeNull();
  await settle();
  expect(destination.choices).toEqual([inBucket('album/2026/')]);
  expect(destination.address).toBe('oss://photos/album/');
});

test('one can go up to the buckets of the account, and no further', async () => {
  const destination = makeDestination(() => makePage([]));
  destination.up();
  destination.up();
  await settle();
  expect(destination.choices?.map(({ bucket }) => bucket)).toEqual(['photos', 'films']);
  expect(destination.canGoUp).toBe(false);
  destination.up();
  expect(destination.place.bucket).toBeNull();
});

test('folders of a place that was left are not choices of the next', async () => {
  const slow = makeGate<ObjectPage>();
  const destination = makeDestination((prefix) => (prefix === 'album/' ? slow.answer : makePage(['other/'])));
  await destination.open(inBucket(''));
  slow.open(makePage(['album/late/']));
  await settle();
  expect(destination.choices).toEqual([inBucket('other/')]);
});

test('a failure is shown for the place it belongs to', async () => {
  const failure = { kind: 'credentials', cause: 'denied-by-policy', action: 'oss:ListObjects' } as const;
  const destination = makeDestination((prefix) => {
    if (prefix === 'album/') throw new CallFailed(failure);
    return makePage([]);
  });
  await settle();
  expect([destination.loading.failure, destination.choices]).toEqual([failure, null]);
  await destination.open(inBucket(''));
  expect([destination.loading.failure, destination.choices]).toEqual([null, []]);
});

test('an address is a folder with or without its slash, and a bucket is needed', () => {
  const destination = makeDestination(() => makePage([]));
  destination.address = 'oss://films/2026';
  expect(destination.target).toEqual({ accountId, bucket: 'films', prefix: '2026/' });
  destination.address = 'oss://films/';
  expect(destination.target).toEqual({ accountId, bucket: 'films', prefix: '' });
  destination.address = 'oss://';
  expect(destination.target).toBeNull();
  destination.address = 'what?';
  expect(destination.target).toBeNull();
});

test('nothing goes where it is already, nor a folder into itself', async () => {
  const destination = makeDestination(() => makePage([]));
  const subject = { accountId, bucket: 'photos', keys: ['album/cat.jpg'], prefixes: ['album/2026/'] };
  const problemAt = async (prefix: string) => {
    await destination.open(inBucket(prefix));
    return destination.problemFor(subject);
  };
  expect(await problemAt('album/')).toBe('same');
  expect(await problemAt('album/2026/')).toBe('inside');
  expect(await problemAt('')).toBeNull();
  await destination.open({ ...inBucket('album/'), bucket: 'films' });
  expect(destination.problemFor(subject)).toBeNull();
});

test('a new folder of the place is a target before it is there', () => {
  const destination = makeDestination(() => makePage([]));
  destination.aimAtNew('/2027/May/');
  expect(destination.target).toEqual(inBucket('album/2027/May/'));
  destination.aimAtNew('');
  expect(destination.target).toEqual(inBucket('album/'));
});
