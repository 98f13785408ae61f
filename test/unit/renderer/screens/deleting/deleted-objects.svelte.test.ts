import { beforeEach, describe, expect, test } from 'vitest';
import type { ArgsOf, DeleteMarker, Results } from '../../../../../main/contract/contract.ts';
import { CallFailed } from '../../../../../renderer/lib/bridge.ts';
import { DeletedObjects } from '../../../../../renderer/screens/deleting/deleted-objects.svelte.ts';
import { answering } from '../../answering.ts';
import { makeGate, settle } from '../../making.ts';

type Restored = Results['objects.deleteVersions'];

const folder = { accountId: 'a', bucket: 'photos', prefix: 'album/' };
const after = { keyMarker: 'album/b', versionIdMarker: 'm-b', pagesOfKey: 0 };
const markerOf = (name: string): DeleteMarker => ({ key: `album/${name}`, versionId: `m-${name}`, deletedAt: 1 });
let removed: ArgsOf<'objects.deleteVersions'>[] = [];

beforeEach(() => {
  removed = [];
});

/** The deleted files a and b, and c on the next page; `failedCount` is what OSS doesn't restore. */
async function openDeleted(failedCount = 0): Promise<DeletedObjects> {
  const pages: Readonly<Record<string, Results['objects.deleted']>> = {
    first: { markers: [markerOf('a'), markerOf('b')], after },
    last: { markers: [markerOf('c')], after: null },
  };
  const main = answering({
    'objects.deleted': (args) => (args.after === null ? pages['first'] : pages['last']) ?? { markers: [], after: null },
    'objects.deleteVersions': (args) => {
      removed.push(args);
      return { deleted: args.versions.length - failedCount, failedCount };
    },
  });
  const deleted = new DeletedObjects(folder, main);
  await settle();
  return deleted;
}

const namesOf = ({ objects }: DeletedObjects) => objects?.map(({ key }) => key);

describe('the deleted files of a folder', () => {
  test('are listed page by page', async () => {
    const deleted = await openDeleted();
    expect([namesOf(deleted), deleted.hasMore]).toEqual([['album/a', 'album/b'], true]);
    await deleted.loadMore();
    expect([namesOf(deleted), deleted.hasMore]).toEqual([['album/a', 'album/b', 'album/c'], false]);
  });

  test('are restored by removing the marker that hides each', async () => {
    const deleted = await openDeleted();
    await deleted.restore(markerOf('a'));
    const versions = [{ key: 'album/a', versionId: 'm-a' }];
    expect(removed).toEqual([{ accountId: 'a', bucket: 'photos', versions }]);
    expect([namesOf(deleted), deleted.unrestored]).toEqual([['album/b'], null]);
  });

  test('stay in the list where OSS does not restore them, and it is said', async () => {
    const deleted = await openDeleted(1);
    await deleted.restore(markerOf('a'));
    expect([namesOf(deleted), deleted.unrestored]).toEqual([['album/a', 'album/b'], 'album/a']);
  });

  test('stay in the list where main refuses, with the reason', async () => {
    const failure = { kind: 'credentials', cause: 'denied-by-policy' } as const;
    const main = answering({
      'objects.deleted': () => ({ markers: [markerOf('a')], after: null }),
      'objects.deleteVersions': () => {
        throw new CallFailed(failure);
      },
    });
    const deleted = new DeletedObjects(folder, main);
    await settle();
    await deleted.restore(markerOf('a'));
    expect([namesOf(deleted), deleted.failure]).toEqual([['album/a'], failure]);
  });

  /** Restores a and then b before OSS has answered either. */
  async function restoreBoth() {
    const gates = { 'm-a': makeGate<Restored>(), 'm-b': makeGate<Restored>() };
    const main = answering({
      'objects.deleted': () => ({ markers: [markerOf('a'), markerOf('b')], after: null }),
      'objects.deleteVersions': ({ versions }) => gates[versions[0]?.versionId === 'm-a' ? 'm-a' : 'm-b'].answer,
    });
    const deleted = new DeletedObjects(folder, main);
    await settle();
    void deleted.restore(markerOf('a'));
    void deleted.restore(markerOf('b'));
    return { deleted, a: gates['m-a'], b: gates['m-b'] };
  }

  test('are both gone where two are restored at a time', async () => {
    const { deleted, a, b } = await restoreBoth();
    a.open({ deleted: 1, failedCount: 0 });
    await settle();
    expect(namesOf(deleted)).toEqual(['album/b']);
    b.open({ deleted: 1, failedCount: 0 });
    await settle();
    expect(namesOf(deleted)).toEqual([]);
  });

  test('say which one OSS does not restore, while another is under way', async () => {
    const { deleted, a, b } = await restoreBoth();
    a.open({ deleted: 0, failedCount: 1 });
    b.open({ deleted: 1, failedCount: 0 });
    await settle();
    expect([namesOf(deleted), deleted.unrestored]).toEqual([['album/a'], 'album/a']);
  });

  test('say why main refuses one, while another is under way', async () => {
    const { deleted, a, b } = await restoreBoth();
    const failure = { kind: 'credentials', cause: 'denied-by-policy' } as const;
    a.fail(new CallFailed(failure));
    b.open({ deleted: 1, failedCount: 0 });
    await settle();
    expect([namesOf(deleted), deleted.failure]).toEqual([['album/a'], failure]);
  });
});
