import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openOf } from '../../../../main/cli/transfers/link-queue.ts';
import { downloadName, planLinkTask } from '../../../../main/transfers/queue/link-task.ts';
import type { NewLinkDownload } from '../../../../main/transfers/tasks/requests.ts';

const parts = {
  ...({ signVersion: 'v4', bucket: 'b', host: 'h', region: null, accessKeyId: 'x', temporary: false } as const),
  ...{ key: 'k', versionId: null, signedAt: 0, validUntil: 9e15, additionalHeaders: [] },
};

/** A link to one object, under a name of its own. */
function link(fileName: string, processing?: string): NewLinkDownload & { readonly fileName: string } {
  const params = processing === undefined ? [] : [['x-oss-process', processing] as const];
  return { url: `http://h/k?${fileName}`, parts: { ...parts, params }, folder: '/d', fileName };
}

function finished(request: NewLinkDownload, fileName: string) {
  const name = downloadName(planLinkTask({ ...request, kind: 'download' }).work) ?? '';
  return { name, path: join('/d', fileName) };
}

const [one, two] = [link('one.txt'), link('two.txt')];

test('a file stands for the link of its own name, wherever that is in the list', () => {
  expect(openOf([one, two], [finished(two, 'two.txt')])).toEqual([one]);
  expect(openOf([one, two], [finished(one, 'one.txt')])).toEqual([two]);
});

test('a file whose name got a number stands for one link to its object', () => {
  expect(openOf([one], [finished(one, 'one (2).txt')])).toEqual([]);
  expect(openOf([one, two], [finished(two, 'two (2).txt'), finished(one, 'one.txt')])).toEqual([]);
  expect(openOf([one, one, one], [finished(one, 'one.txt'), finished(one, 'one (2).txt')])).toEqual([one]);
});

test('a picture in one size stands for no other size', () => {
  const [small, large] = [link('a.jpg', 'image/resize,w_100'), link('a (2).jpg', 'image/resize,w_800')];
  expect(openOf([small, large], [finished(large, 'a (2).jpg')])).toEqual([small]);
  expect(openOf([small], [finished(large, 'a.jpg')])).toEqual([small]);
});
