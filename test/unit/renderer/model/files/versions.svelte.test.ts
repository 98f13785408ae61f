import { beforeEach, describe, expect, test } from 'vitest';
import type { ArgsOf, ObjectVersion } from '../../../../../main/contract/contract.ts';
import { CallFailed } from '../../../../../renderer/lib/bridge.ts';
import { Messages } from '../../../../../renderer/lib/messages.svelte.ts';
import type { App } from '../../../../../renderer/model/app.ts';
import { makeApp } from '../../../../../renderer/model/make-app.ts';
import { answering } from '../../answering.ts';
import { makeAccount, makeInfo, makeObject, settle } from '../../making.ts';

const account = makeAccount();
const place = { accountId: account.id, bucket: 'photos' };
let deleted: ArgsOf<'objects.deleteVersions'>[] = [];
let downloaded: ArgsOf<'transfers.download'>[] = [];
let failedCount = 0;
let isRefused = false;

beforeEach(() => {
  [deleted, downloaded, failedCount, isRefused] = [[], [], 0, false];
});

function makeVersion(key: string, versionId: string, changes: Partial<ObjectVersion> = {}): ObjectVersion {
  return { ...makeObject(key), versionId, isLatest: false, deleteMarker: false, ...changes };
}

/** A folder with a file of two versions, and one that was deleted: its marker and the version before. */
async function openVersions(): Promise<App> {
  const versions = [
    makeVersion('cat.jpg', 'c2', { isLatest: true }),
    makeVersion('cat.jpg', 'c1'),
    makeVersion('dog.jpg', 'd2', { isLatest: true, deleteMarker: true, sizeBytes: 0 }),
    makeVersion('dog.jpg', 'd1'),
  ];
  const main = answering({
    'accounts.list': () => [account],
    'buckets.list': () => [],
    'objects.listVersions': () => ({ versions, prefixes: [], after: null }),
    'objects.deleteVersions': (args) => {
      deleted.push(args);
      if (isRefused) throw new CallFailed({ kind: 'credentials', cause: 'denied-by-policy' });
      return { deleted: args.versions.length - failedCount, failedCount };
    },
    'transfers.download': (args) => {
      downloaded.push(args);
      return { ids: args.keys };
    },
  });
  const app = makeApp(makeInfo(), new Messages('en'), main);
  await app.accounts.load(null);
  app.browser.showsVersions = true;
  app.browser.open({ ...place, prefix: '' });
  await settle();
  return app;
}

/** Selects the rows of these versions. */
function select({ browser }: App, ...versionIds: readonly string[]): void {
  const rows = browser.list?.rows ?? [];
  browser.selection.all(rows.filter((row) => row.kind !== 'folder' && versionIds.includes(row.versionId ?? '')));
}

const shown = ({ news }: App) => [...news.board.items.values()].map(({ tone, title }) => `${tone}: ${title}`);

describe('selected versions', () => {
  test('are only versions, or among files; the current one is its file', async () => {
    const app = await openVersions();
    select(app, 'c2');
    expect([app.versions.selection, app.versions.selected]).toEqual(['none', []]);
    select(app, 'c1', 'd2');
    expect(app.versions.selection).toBe('only');
    expect(app.versions.selected.map(({ versionId }) => versionId)).toEqual(['c1', 'd2']);
    select(app, 'c1', 'c2');
    expect([app.versions.selection, app.versions.selected]).toEqual(['mixed', []]);
    app.versions.selectOnlyVersions();
    expect(app.versions.selected.map(({ versionId }) => versionId)).toEqual(['c1']);
  });

  test('are deleted only after a question, each by its ID', async () => {
    const app = await openVersions();
    select(app, 'c1', 'd1');
    app.versions.askToDelete(app.versions.selected);
    expect(deleted).toEqual([]);
    const { current } = app.dialogs;
    if (current?.name !== 'delete-versions') throw new Error('no question was asked');
    await app.versions.delete(current.versions);
    const versions = [
      { key: 'cat.jpg', versionId: 'c1' },
      { key: 'dog.jpg', versionId: 'd1' },
    ];
    expect(deleted).toEqual([{ ...place, versions }]);
    expect(shown(app)).toEqual([]);
  });

  test('that OSS did not delete are told', async () => {
    failedCount = 1;
    const app = await openVersions();
    select(app, 'c1', 'd1');
    await app.versions.bringBack(app.versions.selected);
    expect(shown(app)).toEqual(['partly: Couldn’t delete 1 item']);
  });

  test('that main refuses to delete are told with the reason', async () => {
    isRefused = true;
    const app = await openVersions();
    select(app, 'd2');
    await app.versions.bringBack(app.versions.selected);
    expect(shown(app)).toEqual([expect.stringMatching(/^failed: /)]);
  });

  test('are downloaded each as it was', async () => {
    const app = await openVersions();
    select(app, 'c1', 'd1');
    await app.versions.download(app.versions.selected);
    expect(downloaded.map(({ keys, versionId }) => [keys, versionId])).toEqual([
      [['cat.jpg'], 'c1'],
      [['dog.jpg'], 'd1'],
    ]);
  });

  test('that are delete markers are neither shared nor previewed: there is nothing in them', async () => {
    const app = await openVersions();
    select(app, 'd2');
    for (const row of app.versions.selected) {
      app.versions.share(row);
      app.versions.preview(row);
    }
    expect(app.dialogs.current).toBeNull();
  });
});
