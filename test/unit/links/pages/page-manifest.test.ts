import { describe, expect, test } from 'vitest';
import type { BatchLink } from '../../../../main/links/making/link-batch.ts';
import { pageManifest, type SharePageHead } from '../../../../main/links/pages/page-manifest.ts';
import { isManifest, readManifest } from '../../../../main/links/receiving/share-manifest.ts';
import { parseEndpoint } from '../../../../main/oss/endpoint.ts';
import { makeSignedUrl } from '../../../../main/oss/signing/signed-url.ts';

const madeAt = Date.UTC(2026, 10, 24, 12);
const head: SharePageHead = {
  ...{ bucket: 'samples', base: 'reports/', validUntil: madeAt + 3_600_000, madeAt },
  ...{ title: 'reports', endsEarlier: false },
};

function signed(key: string, params: Record<string, string>, securityToken: string | null): string {
  return makeSignedUrl({
    ...{ method: 'GET', bucket: 'samples', key, params, region: 'cn-hangzhou', signVersion: 'v4', signedAt: madeAt },
    endpoint: parseEndpoint('oss-cn-hangzhou.aliyuncs.com'),
    accessKey: { accessKeyId: 'LTAI5tExample', accessKeySecret: 'secret', securityToken },
    expiresSeconds: 3600,
  });
}

function makeLink(key: string, securityToken: string | null = null): BatchLink {
  const url = signed(key, { 'response-content-disposition': `attachment; filename*=UTF-8''${key}` }, securityToken);
  const thumbnail = key.endsWith('.jpg') ? signed(key, { 'x-oss-process': 'image/resize,w_200' }, securityToken) : null;
  return { key, versionId: null, sizeBytes: 12, crc64: '42', modifiedAt: madeAt - 1000, url, thumbnail };
}

function written(links: readonly BatchLink[]): string {
  return [...pageManifest(head, links)].join('');
}

interface Written {
  readonly title: string;
  readonly texts: readonly string[];
  readonly objects: readonly Readonly<Record<'url' | 'thumbnail', readonly (string | number)[] | null>>[];
}

/** As the page puts a URL together. */
function joined({ texts }: Written, pieces: readonly (string | number)[] | null | undefined): string | null {
  return pieces?.map((piece) => (typeof piece === 'number' ? texts[piece] : piece)).join('') ?? null;
}

describe('the manifest of a page', () => {
  test.each([
    [[]],
    [['reports/a.jpg']],
    [['reports/a.jpg', 'reports/b.txt']],
    [['reports/b.txt', 'reports/c.txt', 'reports/x/d.jpg', 'reports/x/d.jpg']],
    [['reports/运单/a?b=c&d.jpg', 'reports/https:/x.jpg', 'reports/<b>.jpg', 'other/z.jpg']],
  ])('gives back every link of %j', (keys) => {
    const links = keys.map((key) => makeLink(key));
    const text = written(links);
    expect(isManifest(text)).toBe(true);
    expect(readManifest(text).objects.map(({ url }) => url)).toEqual(links.map(({ url }) => url));
    const data = JSON.parse(text) as Written;
    expect(data.objects.map(({ thumbnail }) => joined(data, thumbnail))).toEqual(
      links.map(({ thumbnail }) => thumbnail),
    );
  });

  test('says a token once, and not for each of two links to one object', () => {
    const token = 'CAIS'.repeat(220);
    const links = Array.from({ length: 100 }, (_, index) => makeLink(`reports/photo-${index}.jpg`, token));
    const text = written(links);
    expect(text.split(token)).toHaveLength(3);
    expect(text.length / links.length).toBeLessThan(600);
    expect(readManifest(text).objects.map(({ url }) => url)).toEqual(links.map(({ url }) => url));
  });

  test('has one object a line, with its path below the folder, its date and its size', () => {
    const lines = written([makeLink('reports/a/b.txt'), makeLink('reports/c')]).split('\n');
    expect(lines).toHaveLength(4);
    expect(JSON.parse(lines[1]?.replace(/,$/, '') ?? '')).toMatchObject({
      ...{ path: 'a/b.txt', sizeBytes: 12, modifiedAt: madeAt - 1000, crc64: '42', versionId: null, thumbnail: null },
    });
  });
});

describe('a manifest in pieces is refused', () => {
  const base = JSON.parse(written([makeLink('reports/a')])) as object;
  const long = 'a'.repeat(16_384);
  const object = (url: readonly unknown[]) => ({ path: 'a', sizeBytes: 1, crc64: null, versionId: null, url });

  test.each([
    ['with a place that has no text', [object([99])], [], 'manifest-link'],
    ['with a place before the first', [object([-1])], [], 'manifest-format'],
    ['with a link longer than a whole one may be', [object([0, 0])], [long], 'manifest-link'],
    ['with more pieces than links need', [object(Array(65).fill(0))], ['a'], 'manifest-format'],
    ['with a link to elsewhere', [object(['https://evil.example/', 0])], ['x'], 'manifest-link'],
  ])('%s', (_what, objects, texts, rule) => {
    expect(() => readManifest(JSON.stringify({ ...base, texts, objects }))).toThrow(
      expect.objectContaining({ failure: expect.objectContaining({ rule }) as unknown }),
    );
  });

  test('that would grow beyond any manifest', () => {
    const objects = Array.from({ length: 40_000 }, () => object([0]));
    expect(() => readManifest(JSON.stringify({ ...base, texts: [long], objects }))).toThrow(
      expect.objectContaining({ failure: expect.objectContaining({ rule: 'manifest-too-large' }) as unknown }),
    );
  });
});
