import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatLink, formatLinks, type ListedLink } from '../../../../main/links/making/link-list.ts';
import { isManifest, readManifest } from '../../../../main/links/receiving/share-manifest.ts';
import { manifestDownloads } from '../../../../main/links/receiving/manifest-downloads.ts';
import { parseEndpoint } from '../../../../main/oss/endpoint.ts';
import { makeSignedUrl } from '../../../../main/oss/signing/signed-url.ts';

const madeAt = Date.UTC(2026, 10, 24, 12);
const head = { bucket: 'samples', base: 'reports/', validUntil: madeAt + 3_600_000, madeAt };

function makeLink(key: string, fields: Partial<ListedLink> = {}): ListedLink {
  const url = makeSignedUrl({
    ...{ method: 'GET', bucket: 'samples', key, region: 'cn-hangzhou', signVersion: 'v4', signedAt: madeAt },
    endpoint: parseEndpoint('oss-cn-hangzhou.aliyuncs.com'),
    accessKey: { accessKeyId: 'LTAI5tExample', accessKeySecret: 'secret', securityToken: null },
    expiresSeconds: 3600,
  });
  return { key, versionId: null, sizeBytes: 12, crc64: '42', url, ...fields };
}

function written(format: Parameters<typeof formatLinks>[0], links: readonly ListedLink[]): string {
  return [...formatLinks(format, head, links)].join('');
}

test('as text there is one URL a line', () => {
  const links = [makeLink('a'), makeLink('b\nc')];
  expect(written('text', links)).toBe(links.map(({ url }) => `${url}\n`).join(''));
});

describe('as CSV', () => {
  test.each([
    ['=HYPERLINK("http://evil","x")', `"'=HYPERLINK(""http://evil"",""x"")"`],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\tx', "'\tx"],
    ['a,b', '"a,b"'],
    ['a"b', '"a""b"'],
    ['a\r\nb', '"a\r\nb"'],
  ])('%s is text to a spreadsheet', (key, cell) => {
    const link = makeLink(key);
    expect(written('csv', [link])).toBe(
      `key,sizeBytes,validUntil,url\r\n${cell},12,2026-11-24T13:00:00Z,${link.url}\r\n`,
    );
  });
});

test('as CSV a size that is unknown is left blank', () => {
  const link = makeLink('a', { sizeBytes: null });
  expect(written('csv', [link]).split('\r\n')[1]).toBe(`a,,2026-11-24T13:00:00Z,${link.url}`);
});

test('as JSON it is an array, of nothing too', () => {
  const link = makeLink('a"b');
  expect(JSON.parse(written('json', [link, link]))).toEqual([
    { key: 'a"b', versionId: null, sizeBytes: 12, validUntil: '2026-11-24T13:00:00Z', url: link.url },
    { key: 'a"b', versionId: null, sizeBytes: 12, validUntil: '2026-11-24T13:00:00Z', url: link.url },
  ]);
  expect(JSON.parse(written('json', []))).toEqual([]);
});

test('as Markdown a key cannot end its link or begin another', () => {
  const link = makeLink('a](javascript:x)<b>\n# c');
  const text = written('markdown', [link]);
  expect(text).toContain(`- [a\\]\\(javascript:x\\)\\<b\\> \\# c](<${link.url}>)\n`);
  expect(text.trim().split('\n')).toHaveLength(3);
});

describe('a share manifest', () => {
  test('says what it was made of, one object a line', () => {
    const text = written('manifest', [makeLink('reports/a/b.txt', { versionId: 'v1' }), makeLink('reports/c')]);
    expect(isManifest(text)).toBe(true);
    expect(text.split('\n')).toHaveLength(5);
    expect(readManifest(text)).toMatchObject({
      bucket: 'samples',
      madeAt,
      validUntil: head.validUntil,
      objects: [
        { path: 'a/b.txt', sizeBytes: 12, crc64: '42' },
        { path: 'c', parts: { key: 'reports/c' } },
      ],
    });
    expect(readManifest(written('manifest', [])).objects).toEqual([]);
  });

  test.each([
    ['no JSON', '{"waybill":"share"', 'manifest-not-json'],
    ['another version', JSON.stringify({ ...emptyManifest(), version: 2 }), 'manifest-format'],
    ['a link to elsewhere', JSON.stringify(emptyManifest({ url: 'https://evil.example/x' })), 'manifest-link'],
    ['a script', JSON.stringify(emptyManifest({ url: 'javascript:alert(1)' })), 'manifest-link'],
    ['a local file', JSON.stringify(emptyManifest({ url: 'file:///etc/passwd' })), 'manifest-link'],
    ['a negative size', JSON.stringify(emptyManifest({ sizeBytes: -1 })), 'manifest-format'],
    ['no path', JSON.stringify(emptyManifest({ path: '' })), 'manifest-format'],
  ])('with %s is refused', (_what, text, rule) => {
    expect(() => readManifest(text)).toThrow(
      expect.objectContaining({ failure: expect.objectContaining({ rule }) as unknown }),
    );
  });

  test('leads nowhere but below the folder, whatever its paths are', () => {
    const { url } = makeLink('a');
    const paths = fc.array(
      fc
        .array(fc.constantFrom('..', '.', '', 'a', 'C:', 'CON', '\\', '~', 'a\0b', '/etc'), { minLength: 1 })
        .map((parts) => parts.join('/')),
      { minLength: 1 },
    );
    fc.assert(
      fc.property(paths, (list) => {
        const objects = list
          .filter((path) => path !== '')
          .map((path) => ({ path, sizeBytes: 1, crc64: null, versionId: null, url }));
        const downloads = manifestDownloads(readManifest(JSON.stringify({ ...emptyManifest(), objects })).objects);
        const places = downloads.map(({ subfolder, fileName }) => [...subfolder.split('/'), fileName]);
        for (const place of places) {
          for (const name of place.slice(place[0] === '' ? 1 : 0)) {
            expect(name).not.toMatch(/^\.{0,2}$|[/\\\0:]/);
          }
        }
        expect(new Set(places.map((place) => place.join('/').toLowerCase())).size).toBe(places.length);
      }),
    );
  });
});

function emptyManifest(object?: object) {
  const objects =
    object === undefined
      ? []
      : [{ path: 'a', sizeBytes: 1, crc64: null, versionId: null, url: makeLink('a').url, ...object }];
  return {
    waybill: 'share',
    version: 1,
    madeAt: '2026-11-24T12:00:00Z',
    validUntil: '2026-11-24T13:00:00Z',
    bucket: 'samples',
    objects,
  };
}

test('as HTML no key ends its element, and one link is named by the last segment of its key', () => {
  const link = makeLink('a/"><script>b & c');
  const escaped = link.url.replaceAll('&', '&#38;');
  const name = '&#34;&#62;&#60;script&#62;b &#38; c';
  expect(written('html', [link])).toBe(`<ul>\n  <li><a href="${escaped}">a/${name}</a></li>\n</ul>\n`);
  expect(formatLink('html', link)).toBe(`<a href="${escaped}">${name}</a>`);
});

test.each([
  ['a/b.txt', 'b\\.txt'],
  ['folder/', 'folder/'],
  ['a]b*', 'a\\]b\\*'],
])('one link as Markdown: %s', (key, name) => {
  const link = makeLink(key);
  expect(formatLink('markdown', link)).toBe(`[${name}](<${link.url}>)`);
  expect(formatLink('url', link)).toBe(link.url);
});
