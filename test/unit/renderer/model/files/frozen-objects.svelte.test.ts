import { expect, test } from 'vitest';
import type { ObjectHead } from '../../../../../main/contract/contract.ts';
import { FrozenObjects, worthTrying } from '../../../../../renderer/model/files/frozen-objects.ts';
import { answering } from '../../answering.ts';
import { makeAccount } from '../../making.ts';

const place = { accountId: makeAccount().id, bucket: 'depot' };

function makeFrozen(classes: Readonly<Record<string, string>>, heads: Readonly<Record<string, Partial<ObjectHead>>>) {
  const asked: string[] = [];
  const rows = Object.entries(classes).map(([id, storageClass]) => ({
    ...{ kind: 'object', id, sizeBytes: 1, lastModified: 1 },
    storageClass,
  }));
  const call = answering({
    'objects.head': ({ key }) => {
      asked.push(key);
      const head = heads[key];
      if (head === undefined) throw new Error('not to be seen');
      return { storageClass: classes[key] ?? '', restore: null, ...head } as ObjectHead;
    },
  });
  return { frozen: new FrozenObjects({ list: { rows } } as never, call), asked };
}

test('Archive objects of a bucket that reads them directly aren’t frozen, and the bucket is asked once', async () => {
  const asked: string[] = [];
  const rows = ['Archive', 'ColdArchive'].map((storageClass) => ({ kind: 'object', id: storageClass, storageClass }));
  const call = answering({
    'objects.head': ({ key }) => ({ storageClass: key, restore: null }) as ObjectHead,
    'buckets.readsArchive': ({ bucket }) => {
      asked.push(bucket);
      return bucket === 'depot';
    },
  });
  const frozen = new FrozenObjects({ list: { rows } } as never, call);
  const among = async (where: typeof place) =>
    (await frozen.among(where, ['Archive', 'ColdArchive'])).map(({ key }) => key);
  expect(await among(place)).toEqual(['ColdArchive']);
  expect(await among(place)).toEqual(['ColdArchive']);
  expect(await among({ ...place, bucket: 'other' })).toEqual(['Archive', 'ColdArchive']);
  expect(asked).toEqual(['depot', 'other']);
});

test('nothing is asked for objects that can be read at any time', async () => {
  const { frozen, asked } = makeFrozen({ a: 'Standard', b: 'IA' }, {});
  expect(await frozen.among(place, ['a', 'b'])).toEqual([]);
  expect(asked).toEqual([]);
});

test('archived objects are frozen until they are restored, and again once that ends', async () => {
  const { frozen } = makeFrozen(
    { a: 'Archive', b: 'ColdArchive', c: 'DeepColdArchive', d: 'Archive', e: 'Archive' },
    {
      a: {},
      b: { restore: { at: 'restored', until: Date.now() + 60_000 } },
      c: { restore: { at: 'ongoing' } },
      e: { restore: { at: 'restored', until: 1 } },
    },
  );
  // What can't be looked at is let through: the download says why it fails.
  expect(await frozen.among(place, ['a', 'b', 'c', 'd', 'e'])).toEqual([
    { key: 'a', storageClass: 'Archive' },
    { key: 'c', storageClass: 'DeepColdArchive' },
    { key: 'e', storageClass: 'Archive' },
  ]);
});

test('more than twenty are taken at the word of the list', async () => {
  const keys = Array.from({ length: 21 }, (_, at) => `k${at}`);
  const { frozen, asked } = makeFrozen(Object.fromEntries(keys.map((key) => [key, 'Archive'])), {});
  expect((await frozen.among(place, keys)).map(({ key }) => key)).toEqual(keys);
  expect(asked).toEqual([]);
});

test('what the list says to be readable is not asked for, and not frozen until that ends', async () => {
  const rows = [
    { id: 'now', restore: { at: 'restored', until: Date.now() + 60_000 } },
    { id: 'was', restore: { at: 'restored', until: 1 } },
    { id: 'soon', restore: { at: 'ongoing' } },
  ].map((row) => ({ kind: 'object', sizeBytes: 1, lastModified: 1, storageClass: 'Archive', ...row }));
  const asked: string[] = [];
  const call = answering({
    'objects.head': ({ key }) => {
      asked.push(key);
      return {
        storageClass: 'Archive',
        restore: key === 'soon' ? { at: 'restored', until: null } : null,
      } as ObjectHead;
    },
  });
  const frozen = new FrozenObjects({ list: { rows } } as never, call);
  expect(await frozen.among(place, ['now', 'was', 'soon'])).toMatchObject([{ key: 'was' }]);
  expect(asked).toEqual(['was', 'soon']);
});

test('of archived files, those that a bucket may let people read are worth trying, beside what is readable anyway', () => {
  const frozen = [
    { key: 'archive', storageClass: 'Archive' },
    { key: 'cold', storageClass: 'ColdArchive' },
    { key: 'deep', storageClass: 'DeepColdArchive' },
  ];
  expect(worthTrying(['archive', 'cold', 'deep', 'plain'], frozen)).toEqual(['archive', 'plain']);
});
