import { expect, test } from 'vitest';
import type { BatchLink } from '../../../../../main/links/making/link-batch.ts';
import { pageManifest } from '../../../../../main/links/pages/page-manifest.ts';
import { readShare } from '../../../../../renderer/pages/share/share-data.ts';

const head = {
  ...{ bucket: 'samples', base: 'set/', validUntil: Date.UTC(2026, 11, 1), madeAt: Date.UTC(2026, 10, 30) },
  ...{ title: 'set', endsEarlier: true },
};

function linkOf(key: string, fields: Partial<BatchLink> = {}): BatchLink {
  const url = `https://samples.oss-cn-hangzhou.aliyuncs.com/${encodeURI(key)}?x-oss-expires=3600&x-oss-signature=abc`;
  return { key, versionId: null, sizeBytes: 7, crc64: '1', modifiedAt: 5, url, thumbnail: null, ...fields };
}

test('a page reads what Waybill wrote: files with their folders, and every link', () => {
  const written = [
    linkOf('set/a.txt'),
    linkOf('set/deep/b c.jpg', { thumbnail: `${linkOf('set/deep/b c.jpg').url}&t`, sizeBytes: null }),
    linkOf('set/deep/folder/'),
    linkOf('other/运单.txt', { crc64: null, modifiedAt: null }),
  ];
  const { share, links } = readShare([...pageManifest(head, written)].join(''));
  expect(share).toMatchObject({ title: 'set', validUntil: head.validUntil, endsEarlier: true });
  expect(share.files).toEqual([
    { index: 0, name: 'a.txt', folder: '', sizeBytes: 7, modifiedAt: 5, crc64: '1' },
    { index: 1, name: 'b c.jpg', folder: 'deep/', sizeBytes: null, modifiedAt: 5, crc64: '1' },
    { index: 2, name: 'folder/', folder: 'deep/', sizeBytes: 7, modifiedAt: 5, crc64: '1' },
    { index: 3, name: '运单.txt', folder: 'other/', sizeBytes: 7, modifiedAt: null, crc64: null },
  ]);
  expect(share.files.map((file) => links.download(file))).toEqual(written.map(({ url }) => url));
  expect(share.files.map((file) => links.thumbnail(file))).toEqual(written.map(({ thumbnail }) => thumbnail));
  links.forget();
  expect(share.files.map((file) => links.download(file) ?? links.thumbnail(file))).toEqual([null, null, null, null]);
});

test('what Waybill did not write is no page', () => {
  expect(() => readShare('{"waybill":"share"}')).toThrow();
  expect(() => readShare('')).toThrow();
});
