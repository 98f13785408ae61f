import { expect, test } from 'vitest';
import type { ArgsOf, Preview } from '../../../../../main/contract/contract.ts';
import { Selection } from '../../../../../renderer/model/browsing/selection.svelte.ts';
import type { call } from '../../../../../renderer/lib/bridge.ts';
import { Previewing } from '../../../../../renderer/screens/preview/previewing.svelte.ts';

const place = { accountId: 'a', bucket: 'b', versionId: null };

function open(key: string, { rows = ['folder/', 'one.txt', 'two.txt'], versionId = null as string | null } = {}) {
  const asked: ArgsOf<'objects.preview'>[] = [];
  const answering = (_name: string, args: ArgsOf<'objects.preview'>): Promise<Preview> => {
    asked.push(args);
    return Promise.resolve({ kind: 'text', text: args.key, encoding: args.encoding ?? 'utf-8', cut: null });
  };
  const listed = rows.map((id) => ({ id, kind: id.endsWith('/') ? 'folder' : 'object' }));
  const selection = new Selection();
  const browser = { list: { rows: listed, hasMore: false }, selection } as never;
  const previewing = new Previewing({ ...place, key, versionId }, browser, answering as typeof call);
  return { previewing, asked, selection };
}

test('the position counts files, not folders', () => {
  const { previewing } = open('one.txt');
  expect(previewing.position).toEqual({ at: 0, count: 2, hasMore: false });
  expect([previewing.canStep(-1), previewing.canStep(1)]).toEqual([false, true]);
});

test('a step shows the next file and selects it', async () => {
  const { previewing, selection } = open('one.txt');
  previewing.step(1);
  await expect.poll(() => previewing.preview).toMatchObject({ text: 'two.txt' });
  expect([...selection.ids]).toEqual(['two.txt']);
  previewing.step(1);
  expect(previewing.object.key).toBe('two.txt');
});

test.each([
  ['an older version', { versionId: 'v1' }],
  ['a file that is not listed', { rows: ['other.txt'] }],
])('%s has no position, and no next file', (_, options) => {
  const { previewing } = open('one.txt', options);
  expect(previewing.position).toBeNull();
  previewing.step(1);
  expect(previewing.object.key).toBe('one.txt');
});

test('a chosen encoding is asked for, and only for this file', async () => {
  const { previewing, asked } = open('one.txt');
  await previewing.load('gb18030');
  expect(previewing.preview).toMatchObject({ encoding: 'gb18030' });
  previewing.step(1);
  expect(asked.map(({ encoding }) => encoding)).toEqual([undefined, 'gb18030', undefined]);
});
