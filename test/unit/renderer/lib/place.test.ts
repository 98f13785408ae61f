import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parentOf, readAddress, toAddress, toCrumbs } from '../../../../renderer/lib/place.ts';

const accountId = 'a';

describe('an address', () => {
  test.each([
    ['oss://photos/album/2026/', { bucket: 'photos', key: 'album/2026/' }],
    ['oss://photos', { bucket: 'photos', key: '' }],
    ['photos/cat.jpg', { bucket: 'photos', key: 'cat.jpg' }],
    ['  oss://photos/a  ', { bucket: 'photos', key: 'a' }],
    ['oss://', { bucket: null, key: '' }],
    ['oss://photos//x', { bucket: 'photos', key: '/x' }],
  ])('%s is understood', (text, address) => {
    expect(readAddress(text)).toEqual(address);
  });

  test.each(['https://photos.oss-cn-hangzhou.aliyuncs.com/a', 'oss://Photos/', 'oss://ab', 'a b', 's3://photos/'])(
    '%s is none',
    (text) => {
      expect(readAddress(text)).toBeNull();
    },
  );

  test('of any folder leads back to that folder', () => {
    const segment = fc.string({ unit: 'grapheme', maxLength: 8 }).map((text) => text.replaceAll('/', ''));
    fc.assert(
      fc.property(fc.array(segment, { maxLength: 4 }), (segments) => {
        const prefix = segments.map((text) => `${text}/`).join('');
        expect(readAddress(toAddress({ bucket: 'photos', prefix }))).toEqual({ bucket: 'photos', key: prefix });
      }),
    );
  });
});

describe('breadcrumbs', () => {
  test('lead to each folder on the way', () => {
    expect(toCrumbs('album/2026/')).toEqual([
      { segment: 'album', prefix: 'album/' },
      { segment: '2026', prefix: 'album/2026/' },
    ]);
  });

  test('keep the folders without a name that two slashes make', () => {
    expect(toCrumbs('a//b/').map((crumb) => crumb.segment)).toEqual(['a', '', 'b']);
  });
});

describe('one step up', () => {
  test('goes from a folder to the one around it, to the bucket, to the buckets, and no further', () => {
    const folder = { accountId, bucket: 'photos', prefix: 'album/2026/' };
    const around = parentOf(folder);
    expect(around?.prefix).toBe('album/');
    const root = around === null ? null : parentOf(around);
    expect(root).toEqual({ accountId, bucket: 'photos', prefix: '' });
    const buckets = root === null ? null : parentOf(root);
    expect(buckets?.bucket).toBeNull();
    expect(buckets === null ? undefined : parentOf(buckets)).toBeNull();
  });
});
