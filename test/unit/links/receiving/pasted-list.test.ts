import { describe, expect, test } from 'vitest';
import { exportLedger } from '../../../../main/links/ledger/ledger-export.ts';
import { formatLinks } from '../../../../main/links/making/link-list.ts';
import { longPastedListOf, type PastedList, pastedListOf } from '../../../../main/links/receiving/pasted-list.ts';
import { withNote } from '../../../../main/links/text/link-note.ts';
import { readManySignedUrls, readSignedUrls } from '../../../../main/links/text/pasted-link.ts';
import { parseEndpoint } from '../../../../main/oss/endpoint.ts';
import { makeSignedUrl, type SignedUrlOptions } from '../../../../main/oss/signing/signed-url.ts';

const now = Date.UTC(2026, 10, 24, 12);

function makeUrl(key: string, fields: Partial<SignedUrlOptions> = {}): string {
  return makeSignedUrl({
    ...{ method: 'GET', bucket: 'samples', key, endpoint: parseEndpoint('oss-cn-hangzhou.aliyuncs.com') },
    ...{ region: 'cn-hangzhou', signVersion: 'v4', signedAt: now, expiresSeconds: 3600 },
    accessKey: { accessKeyId: 'LTAI5tExampleExample', accessKeySecret: 'secret', securityToken: null },
    ...fields,
  });
}

function listOf(text: string): PastedList | null {
  return pastedListOf(text, readSignedUrls(text), now);
}

const keys = ['a/报告 1.txt', 'a/b.bin', 'c/b.bin', 'it’s, "d".txt', 'e.txt'];
const urls = keys.map((key) => makeUrl(key));
const listed = keys.map((key, index) => ({
  ...{ key, versionId: null, sizeBytes: index === 0 ? null : 1000 + index, crc64: null, url: urls[index] ?? '' },
}));
const head = { bucket: 'samples', base: '', validUntil: now + 3_600_000, madeAt: now };
const written = (format: 'text' | 'csv' | 'json' | 'markdown' | 'html') =>
  [...formatLinks(format, head, listed)].join('');

describe('a text with several links', () => {
  test('that are very many is read a few milliseconds at a time, with the same result', async () => {
    const text = Array.from({ length: 2000 }, (_, index) => makeUrl(`${index}.txt`)).join('\n');
    let turns = 0;
    const counting = setInterval(() => (turns += 1), 0);
    const found = await readManySignedUrls(text);
    const turnsForReading = turns;
    const list = await longPastedListOf(text, found, now);
    clearInterval(counting);
    expect(turnsForReading).toBeGreaterThan(3);
    expect(turns).toBeGreaterThan(turnsForReading);
    expect(list).toEqual(listOf(text));
  });

  test('is a list of them, in its order, with names that are safe and unique in one folder', () => {
    const list = listOf(`Hello,\n\n${urls.join('\n\n')}\n\n-- \nLi Wei, https://example.com/about?from=mail\n`);
    const host = 'samples.oss-cn-hangzhou.aliyuncs.com';
    expect(list?.addresses).toHaveLength(5);
    expect(list?.addresses[0]).toEqual({
      ...{ kind: 'link', path: '报告 1.txt', sizeBytes: null, host, exposed: false, isDownload: true },
      ...{ validFrom: now, validUntil: now + 3_600_000, state: 'valid', temporary: false, method: null },
    });
    expect(list?.downloads.map((download) => download?.fileName)).toEqual([
      ...['报告 1.txt', 'b.bin', 'b (2).bin', 'it’s, _d_.txt', 'e.txt'],
    ]);
    expect(list?.downloads.map((download) => [download?.subfolder, download?.url])).toEqual(
      urls.map((url) => ['', url]),
    );
  });

  test.each(['text', 'csv', 'json', 'markdown', 'html'] as const)(
    'that Waybill itself wrote as %s is read back',
    (format) => {
      const list = listOf(written(format));
      expect(list?.downloads.map((download) => download?.url)).toEqual(urls);
      const sizes = list?.addresses.map(({ sizeBytes }) => sizeBytes);
      const hasSizes = format === 'csv' || format === 'json';
      expect(sizes).toEqual(hasSizes ? [null, 1001, 1002, 1003, 1004] : [null, null, null, null, null]);
    },
  );

  test.each([
    ['a tab', '\t'],
    ['a semicolon', ';'],
  ])('that a spreadsheet copied, with %s between its cells, tells the sizes', (_what, separator) => {
    const lines = listed.map(({ key, sizeBytes, url }) =>
      [`"${key.replaceAll('"', '""')}"`, sizeBytes ?? '', url].join(separator),
    );
    const list = listOf([['key', 'sizeBytes', 'url'].join(separator), ...lines].join('\r\n'));
    expect(list?.addresses.map(({ sizeBytes }) => sizeBytes)).toEqual([null, 1001, 1002, 1003, 1004]);
  });

  test('tells which of them are expired, damaged, or of another signature, and downloads the others', () => {
    const cut = makeUrl('cut.txt').replace(/(?<=x-oss-signature=[0-9a-f]{10})[0-9a-f]+/, '');
    const expired = makeUrl('old.txt', { signedAt: now - 7_200_000 });
    const v2 =
      'http://samples.oss-cn-hangzhou.aliyuncs.com/v2.txt?x-oss-signature-version=OSS2&x-oss-access-key-id=LTAI&x-oss-expires=1&x-oss-signature=abc';
    const list = listOf([urls[4], cut, expired, v2].join('\n'));
    expect(list?.addresses).toMatchObject([
      { kind: 'link', state: 'valid', isDownload: true },
      {
        kind: 'damaged',
        reason: 'cut-off',
        path: 'cut.txt',
        host: 'samples.oss-cn-hangzhou.aliyuncs.com',
        isDownload: false,
      },
      { kind: 'link', state: 'expired', path: 'old.txt', isDownload: true },
      { kind: 'unsupported', path: 'v2.txt', exposed: true, isDownload: false },
    ]);
    expect(list?.downloads.map((download) => download?.fileName)).toEqual(['e.txt', undefined, 'old.txt', undefined]);
  });

  test('names what isn’t for downloading and leaves it to be opened alone', () => {
    const upload = withNote(makeUrl('in.txt', { method: 'PUT' }), { method: 'PUT', headers: {} });
    const others = (['DELETE', 'HEAD'] as const).map((method) =>
      withNote(makeUrl(`${method}.txt`, { method }), { method, headers: {} }),
    );
    const part = makeUrl('part.bin', { method: 'PUT', params: { partNumber: '1' } });
    const list = listOf([urls[0], upload, ...others, part].join('\n'));
    expect(list?.addresses.slice(1)).toMatchObject([
      { path: 'in.txt', method: 'PUT', isDownload: false },
      { path: 'DELETE.txt', method: 'DELETE', isDownload: false },
      { path: 'HEAD.txt', method: 'HEAD', isDownload: false },
      { path: 'part.bin', method: 'PUT', isDownload: false },
    ]);
    expect(list?.downloads.slice(1)).toEqual([null, null, null, null]);
    expect(list?.readings[1]).toMatchObject({ kind: 'link', parts: { key: 'in.txt' } });
  });

  test('is one of addresses that nobody signed, if it holds no link; next to one link they don’t count, next to several they are marked', () => {
    const open = ['logo.png', 'a/报价.pdf'].map(
      (key) => `https://samples.oss-cn-hangzhou.aliyuncs.com/${encodeURI(key)}`,
    );
    const list = listOf(`${open.join('\n')}\nhttps://samples.oss-cn-hangzhou.aliyuncs.com/`);
    expect(list?.addresses).toMatchObject([
      { kind: 'public-file', path: 'logo.png', isDownload: true, besideLinks: false },
      { kind: 'public-file', path: '报价.pdf', isDownload: true, besideLinks: false },
    ]);
    expect(list?.downloads.map((download) => download?.url)).toEqual(open);
    expect(listOf([urls[0], ...open].join('\n'))).toBeNull();
    expect(listOf([urls[0], open[0], urls[1]].join('\n'))?.addresses).toMatchObject([
      { kind: 'link' },
      { kind: 'public-file', path: 'logo.png', isDownload: true, besideLinks: true },
      { kind: 'link' },
    ]);
  });

  test('marks those that are read on the way', () => {
    const plain = makeUrl('plain.txt', { endpoint: parseEndpoint('http://oss-cn-hangzhou.aliyuncs.com') });
    expect(listOf(`${urls[0]}\n${plain}`)?.addresses.map(({ exposed }) => exposed)).toEqual([false, true]);
  });

  test.each([
    ['one link', urls[0] ?? ''],
    ['one link, twice', `${urls[0]} ${urls[0]}`],
    ['one link and the shortened words of it', `${urls[0]?.slice(0, 130)}… <${urls[0]}>`],
    [
      'one link and other addresses',
      `${urls[0]} https://samples.oss-cn-hangzhou.aliyuncs.com/logo.png https://example.com/`,
    ],
    ['no link', 'https://example.com/ https://example.org/'],
    ['damaged links alone', urls.map((url) => url.slice(0, -20)).join('\n')],
    ['the record of what was shared, which holds no links', exportLedger([], 'csv')],
  ])('is no list with %s', (_what, text) => {
    expect(listOf(text)).toBeNull();
  });
});
