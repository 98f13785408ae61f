import { expect, test } from 'vitest';
import type { Results } from '../../../../../main/contract/contract.ts';
import { CallFailed } from '../../../../../renderer/lib/bridge.ts';
import { FolderSizes } from '../../../../../renderer/model/browsing/folder-sizes.svelte.ts';
import { answering } from '../../answering.ts';
import { makeAccount, makeGate, settle } from '../../making.ts';

type Page = Results['objects.measure'];

const folder = { accountId: makeAccount().id, bucket: 'photos', prefix: 'album/' };
const page = (nextPageToken: string | null): Page => ({ objects: 2, sizeBytes: 10, nextPageToken });

function makeSizes(answer: (pageToken: string | null) => Page | Promise<Page>) {
  const asked: (string | null)[] = [];
  const sizes = new FolderSizes(
    answering({
      'objects.measure': ({ pageToken }) => {
        asked.push(pageToken);
        return answer(pageToken);
      },
    }),
  );
  return { sizes, asked };
}

test('a folder is counted page by page, and not twice at a time', async () => {
  const { sizes, asked } = makeSizes((pageToken) => page(pageToken === null ? 'next' : null));
  expect(sizes.of(folder)).toBeNull();
  await Promise.all([sizes.count(folder), sizes.count(folder)]);
  expect(asked).toEqual([null, 'next']);
  expect(sizes.of(folder)).toEqual({ objects: 4, sizeBytes: 20, state: 'done', failure: null });
});

test('counting that is stopped keeps what it has and asks for no more', async () => {
  const gate = makeGate<Page>();
  const { sizes, asked } = makeSizes((pageToken) => (pageToken === null ? page('next') : gate.answer));
  const counted = sizes.count(folder);
  await settle();
  sizes.stop(folder);
  gate.open(page('last'));
  await counted;
  expect(asked).toEqual([null, 'next']);
  expect(sizes.of(folder)).toEqual({ objects: 2, sizeBytes: 10, state: 'stopped', failure: null });
});

test('counting that is stopped and begun again goes on once', async () => {
  const gates = [makeGate<Page>(), makeGate<Page>()];
  const { sizes, asked } = makeSizes((pageToken) => {
    const gate = pageToken === null ? gates[asked.length - 1] : undefined;
    return gate?.answer ?? page(null);
  });
  void sizes.count(folder);
  sizes.stop(folder);
  const counted = sizes.count(folder);
  for (const gate of gates) gate.open(page('next'));
  await counted;
  await settle();
  expect(asked).toEqual([null, null, 'next']);
  expect(sizes.of(folder)?.objects).toBe(4);
});

test('the failure of a count that was stopped is not that of the next one', async () => {
  const failing = makeGate<Page>();
  let count = 0;
  const { sizes } = makeSizes(() => ((count += 1) === 1 ? failing.answer : page(null)));
  const first = sizes.count(folder);
  sizes.stop(folder);
  await sizes.count(folder);
  failing.fail(new CallFailed({ kind: 'network', reason: 'reset' }));
  await first;
  expect(sizes.of(folder)).toMatchObject({ state: 'done', failure: null });
});

test('a failure leaves what was counted, as a part', async () => {
  const failure = { kind: 'network', reason: 'reset' } as const;
  const { sizes } = makeSizes((pageToken) => {
    if (pageToken !== null) throw new CallFailed(failure);
    return page('next');
  });
  await sizes.count(folder);
  expect(sizes.of(folder)).toEqual({ objects: 2, sizeBytes: 10, state: 'stopped', failure });
});

test('a size is forgotten once something in the folder changed, and no other is', async () => {
  const { sizes } = makeSizes(() => page(null));
  const other = { ...folder, prefix: 'other/' };
  await Promise.all([sizes.count(folder), sizes.count(other)]);
  sizes.forget({ ...folder, prefix: 'album/2026/' });
  expect([sizes.of(folder), sizes.of(other)?.objects]).toEqual([null, 2]);
  sizes.forget({ ...folder, bucket: 'films', prefix: '' });
  expect(sizes.of(other)?.objects).toBe(2);
  sizes.forget({ ...folder, prefix: '' });
  expect(sizes.of(other)).toBeNull();
});

test('a change while a folder is counted does not take away what is counted so far', async () => {
  const gate = makeGate<Page>();
  const { sizes } = makeSizes((pageToken) => (pageToken === null ? page('next') : gate.answer));
  const counted = sizes.count(folder);
  await settle();
  sizes.forget(folder);
  expect(sizes.of(folder)).toMatchObject({ objects: 2, state: 'counting' });
  gate.open(page(null));
  await counted;
  expect(sizes.of(folder)).toMatchObject({ objects: 4, state: 'done' });
});
