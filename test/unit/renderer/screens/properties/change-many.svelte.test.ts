import { describe, expect, test } from 'vitest';
import type { ArgsOf, Results } from '../../../../../main/contract/contract.ts';
import { ChangeManyForm } from '../../../../../renderer/screens/properties/change-many.svelte.ts';
import { answering } from '../../answering.ts';
import { makeAccount, makeGate, settle } from '../../making.ts';

const subject = { accountId: makeAccount().id, bucket: 'depot', keys: ['a', 'b'], prefixes: ['folder/'] };
const result: Results['properties.change'] = {
  ...{ changed: 6, unchanged: 1, failedCount: 1 },
  failed: [{ key: 'b', failure: { kind: 'oss', cause: 'no-such-key', status: 404, code: 'NoSuchKey', message: '' } }],
  stopped: null,
};

function makeForm(answer: Promise<Results['properties.change']> = Promise.resolve(result), chosen = subject) {
  const asked: ArgsOf<'properties.change'>[] = [];
  const others: string[] = [];
  const call = answering({
    // Two stretches of three.
    'objects.measure': ({ pageToken }) => ({
      ...{ objects: 3, sizeBytes: 9 },
      nextPageToken: pageToken === null ? 'more' : null,
    }),
    'properties.change': (args) => {
      asked.push(args);
      return answer;
    },
    'properties.retry': ({ changeId }) => {
      others.push(`retry ${changeId}`);
      return { ...result, failedCount: 0, failed: [] };
    },
    'properties.cancel': ({ changeId }) => {
      others.push(`cancel ${changeId}`);
      return null;
    },
  });
  return { form: new ChangeManyForm(chosen, null, call), asked, others };
}

test('everything is left as it is until something is chosen', async () => {
  const { form, asked } = makeForm();
  expect(form.change).toBeNull();
  await form.start();
  expect(asked).toEqual([]);
});

test('it counts what is selected and what is inside before anybody is asked to go on', async () => {
  const { form } = makeForm();
  await form.loadCount();
  expect(form.count).toEqual({ count: 8, isAll: true });
  const keysOnly = makeForm(undefined, { ...subject, prefixes: [] }).form;
  await keysOnly.loadCount();
  expect(keysOnly.count).toEqual({ count: 2, isAll: true });
});

test('each field that is not left as it is becomes part of the change', async () => {
  const { form, asked } = makeForm();
  form.set({
    ...{ storageClass: 'IA', acl: 'public-read', metaMode: 'add', tagMode: 'only' },
    headers: [
      { name: 'Cache-Control', value: 'no-store' },
      { name: 'Expires', value: '' },
      { name: '', value: 'x' },
    ],
    meta: [{ name: 'Colour', value: 'red' }],
    restore: { days: 2, tier: 'Bulk' },
  });
  expect(form.opensUp).toBe(true);
  await form.start();
  expect(asked[0]).toMatchObject({ keys: ['a', 'b'], prefixes: ['folder/'], versionId: null });
  expect(asked[0]?.change).toEqual({
    ...{ storageClass: 'IA', acl: 'public-read', restore: { days: 2, tier: 'Bulk' } },
    headers: { 'cache-control': 'no-store', expires: null },
    meta: { only: false, values: { colour: 'red' } },
    tags: { only: true, values: [] },
  });
  expect(form.result).toEqual(result);
});

test('progress of another change is not its own, and a second start waits for the first', async () => {
  const gate = makeGate<Results['properties.change']>();
  const { form, asked, others } = makeForm(gate.answer);
  form.set({ acl: 'private' });
  const started = form.start();
  await form.start();
  expect(asked).toHaveLength(1);
  form.follow({ changeId: crypto.randomUUID(), done: 99 });
  form.follow({ changeId: asked[0]?.changeId ?? '', done: 3 });
  expect(form.done).toBe(3);
  await form.cancel();
  expect(others).toEqual([`cancel ${asked[0]?.changeId ?? ''}`]);
  gate.open({ ...result, stopped: { kind: 'cancelled' } });
  await started;
  expect(form.running.busy).toBe(false);
  expect(form.result?.stopped).toEqual({ kind: 'cancelled' });
});

test('those that failed are tried again under the same name', async () => {
  const { form, asked, others } = makeForm();
  form.set({ acl: 'private' });
  await form.start();
  await form.retry();
  expect(others).toEqual([`retry ${asked[0]?.changeId ?? ''}`]);
  expect(form.result?.failedCount).toBe(0);
});

describe('counting', () => {
  type Page = Results['objects.measure'];

  /** Counts two folders of many pages, of which each waits for `next`. */
  function startCounting(change: Promise<Results['properties.change']> = Promise.resolve(result)) {
    const pages: ReturnType<typeof makeGate<Page>>[] = [];
    const form = new ChangeManyForm(
      { ...subject, prefixes: ['one/', 'two/'] },
      null,
      answering({
        'objects.measure': () => {
          const page = makeGate<Page>();
          pages.push(page);
          return page.answer;
        },
        'properties.change': () => change,
        'properties.cancel': () => null,
      }),
    );
    const next = async (nextPageToken: string | null) => {
      pages.at(-1)?.open({ objects: 3, sizeBytes: 9, nextPageToken });
      await settle();
      return pages.length;
    };
    void form.loadCount();
    return { form, next };
  }

  test.each(['more', null])(
    'ends when the dialog is closed, in this folder and those after it (next page: %s)',
    async (token) => {
      const { form, next } = startCounting();
      expect(await next('more')).toBe(2);
      await form.close();
      expect(await next(token)).toBe(2);
      expect(form.count).toEqual({ count: 8, isAll: false });
    },
  );

  test('ends when the change starts, which takes all there is', async () => {
    const change = makeGate<Results['properties.change']>();
    const { form, next } = startCounting(change.answer);
    form.set({ acl: 'private' });
    void form.start();
    expect(await next('more')).toBe(1);
    expect(form.count).toEqual({ count: 5, isAll: false });
  });
});

test('what came of a change is not shown of another one', async () => {
  const gate = makeGate<Results['properties.change']>();
  let answer: Promise<Results['properties.change']> = Promise.resolve(result);
  const form = new ChangeManyForm(subject, null, answering({ 'properties.change': () => answer }));
  form.set({ acl: 'private' });
  await form.start();
  expect(form.result).toEqual(result);
  answer = gate.answer;
  const again = form.start();
  expect([form.result, form.done]).toEqual([null, 0]);
  gate.open(result);
  await again;
  form.set({ acl: 'public-read' });
  expect(form.result).toBeNull();
});
