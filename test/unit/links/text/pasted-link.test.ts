import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readSignedUrl, readSignedUrls } from '../../../../main/links/text/pasted-link.ts';
import { parseEndpoint } from '../../../../main/oss/endpoint.ts';
import { makeSignedUrl } from '../../../../main/oss/signing/signed-url.ts';
import { linkOf, linkWithPlus, makeOptions, signedAt, temporary } from '../../oss/signing/links.ts';

describe('reading back', () => {
  const key = fc
    .array(
      fc.oneof(fc.string({ unit: 'grapheme', minLength: 1 }), fc.constantFrom('.', '..', '', '+', '%2F', '?#&=')),
      {
        minLength: 1,
      },
    )
    .map((segments) => segments.join('/'))
    .filter((text) => text !== '' && !/^[/\\]/.test(text) && Buffer.byteLength(text) <= 1023);
  const endpoint = fc.constantFrom(
    ...[
      'oss-cn-hangzhou.aliyuncs.com',
      'http://oss-us-west-1-internal.aliyuncs.com',
      'oss-accelerate.aliyuncs.com',
    ].map((text) => parseEndpoint(text)),
    parseEndpoint('cn-hangzhou.oss.aliyuncs.com'),
    parseEndpoint('http://127.0.0.1:8080'),
    parseEndpoint('static.example.com', { cname: true }),
  );

  test('what was made is what is read', () => {
    fc.assert(
      fc.property(
        fc.record({
          key,
          endpoint,
          signVersion: fc.constantFrom('v4' as const, 'v1' as const),
          accessKey: fc.constantFrom(makeOptions().accessKey, temporary),
          expiresSeconds: fc.integer({ min: 1, max: 604_800 }),
          versionId: fc.option(fc.string({ unit: 'grapheme-ascii', minLength: 1 })),
        }),
        ({ versionId, ...options }) => {
          const params: Record<string, string> = versionId === null ? {} : { versionId };
          const url = makeSignedUrl(makeOptions({ ...options, params }));
          const { signVersion } = options;
          expect(readSignedUrl(url)).toEqual({
            kind: 'link',
            url,
            fragment: '',
            repaired: [],
            parts: {
              signVersion,
              bucket: options.endpoint.addressing === 'cname' ? null : 'example-bucket',
              key: options.key,
              host: /^https?:\/\/([^/]+)/.exec(url)?.[1],
              region: signVersion === 'v4' ? 'cn-hangzhou' : regionOf(options.endpoint.host),
              accessKeyId: options.accessKey.accessKeyId,
              temporary: options.accessKey.securityToken !== null,
              versionId,
              signedAt: signVersion === 'v4' ? signedAt : null,
              validUntil: signedAt + options.expiresSeconds * 1000,
              params: Object.entries(params),
              additionalHeaders: [],
            },
          });
        },
      ),
    );
  });

  function regionOf(host: string): string | null {
    return /(cn-hangzhou|us-west-1)/.exec(host)?.[1] ?? null;
  }

  test('whatever is pasted, reading does not throw', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        'https://',
        'a.oss-cn-hangzhou.aliyuncs.com/',
        '?',
        '&',
        'Signature=',
        'OSSAccessKeyId=x',
        '%',
        '\n',
        '"',
      ),
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        expect(readSignedUrl(pieces.join(''))).toHaveProperty('kind');
      }),
    );
  });
});

describe('a text of any length', () => {
  test.each([
    ['', 'https://', 320_000],
    ['', 'https://a?security-token=CA IS ', 320_000],
    ['', '\nhttps://oss.aliyuncs.com/a?', 320_000],
    ['', '|https://oss/a b?c=', 320_000],
    ['', '=\n', 320_000],
    ['https://a.oss-cn-hangzhou.aliyuncs.com/a?Expires=1', '\\', 48_000],
    ['https://a?security-token=', 'A ', 24_000],
  ])('is read in a time that grows with it: %j and many %j', (start, piece, longest) => {
    const timeOf = (length: number): number => {
      const text = start + piece.repeat(Math.floor(length / piece.length));
      const begin = performance.now();
      readSignedUrls(text);
      return performance.now() - begin;
    };
    timeOf(longest / 16);
    // Twice as long may take twice the time; where it grew with the square, eight times as long would take 64 times.
    expect(timeOf(longest)).toBeLessThan(30 * Math.max(timeOf(longest / 8), 10));
  });
});

describe('several links', () => {
  const urls = ['a.txt', 'b.txt', 'c.txt', 'd.txt', 'e.txt'].map((key) => makeSignedUrl(makeOptions({ key })));

  test.each([
    ['one a line, with a signature below', `${urls.join('\n')}\n-- \nLin\nhttps://www.example.com/`],
    ['in a sentence', urls.join(' and ')],
    ['with commas', urls.join(',')],
    ['as JSON', JSON.stringify(urls)],
    ['as JSON of Go', JSON.stringify(urls).replaceAll('&', String.raw`\u0026`)],
    ['as CSV', urls.map((url) => `file,"${url}",3\r\n`).join('')],
    ['as HTML', urls.map((url) => `<a href="${url.replaceAll('&', '&amp;')}">file</a>`).join('<br>')],
    ['quoted', urls.map((url) => `> ${url}`).join('\n')],
    ['twice', [...urls, ...urls].join('\n')],
  ])('%s, are read in their order, each once', (_what, text) => {
    expect(readSignedUrls(text).links.map(({ url }) => url)).toEqual(urls);
  });
});

describe('a pasted link', () => {
  const v4 = makeSignedUrl(
    makeOptions({ params: { 'response-content-disposition': "attachment; filename*=UTF-8''a%20b.txt" } }),
  );
  const v1 = linkWithPlus();
  const v1Temporary = linkWithPlus(temporary);

  test.each([
    ['blanks around it', (url: string) => `  \n\t${url}\n `, []],
    ['double quotes', (url: string) => `"${url}"`, ['quotes']],
    ['single quotes', (url: string) => `'${url}'`, ['quotes']],
    ['Chinese quotes', (url: string) => `“${url}”`, ['quotes']],
    ['angle brackets', (url: string) => `<${url}>`, ['brackets']],
    ['parentheses', (url: string) => `see [it](${url}).`, ['brackets']],
    ['HTML entities', (url: string) => url.replaceAll('&', '&amp;'), ['entities']],
    ['JSON escapes', (url: string) => url.replaceAll('&', '\\u0026').replaceAll('/', '\\/'), ['escapes']],
    ['line breaks inside', (url: string) => url.replace(/(.{60})/g, '$1\r\n'), ['line-breaks']],
    ['a full stop', (url: string) => `Here: ${url}.`, ['punctuation']],
    ['a Chinese sentence', (url: string) => `请下载：${url}。谢谢`, ['punctuation']],
    ['a sentence on the next line', (url: string) => `${url}\nThanks a lot!`, []],
    ['a word on the next line', (url: string) => `${url}\nThanks!`, []],
    ['a second link on the next line', (url: string) => `${url}\n${v1}`, []],
    ['another address before it', (url: string) => `From https://example.com/: ${url}`, []],
    ['a JSON reply', (url: string) => `{"url": "${url}", "name": "x"}`, ['quotes']],
    ['zero-width blanks', (url: string) => `\ufeff${url.slice(0, 40)}\u200b${url.slice(40)}`, []],
    ['a fragment', (url: string) => `${url}#top`, []],
  ])('is read through %s', (_what, spoil, repaired) => {
    for (const url of [v4, v1, v1Temporary]) {
      const reading = linkOf(readSignedUrl(spoil(url)));
      expect(reading.url).toBe(url);
      if (repaired.length > 0) expect(reading.repaired).toEqual(repaired);
    }
  });

  test('a + left bare in a V1 signature and token is meant as one', () => {
    const reading = linkOf(
      readSignedUrl(v1Temporary.replaceAll('%2B', '+').replaceAll('%2F', '/').replaceAll('%3D', '=')),
    );
    expect(reading.repaired).toEqual(['plus']);
    expect(reading.url).toContain(/Signature=[^&]*%2B/.exec(v1Temporary)?.[0] ?? 'none');
    expect(reading.url).toContain('security-token=CAIS%2Bto');
  });

  test('a key that was pasted decoded is encoded again', () => {
    const url = makeSignedUrl(makeOptions({ key: '报告 1.pdf' }));
    expect(linkOf(readSignedUrl(decodedPath(url))).url).toBe(url);
  });

  function decodedPath(url: string): string {
    const [path = '', query = ''] = url.split('?');
    return `${decodeURIComponent(path)}?${query}`;
  }

  test('without a scheme it is taken as https', () => {
    expect(linkOf(readSignedUrl(v4.replace('https://', ''))).url).toBe(v4);
  });

  test.each([
    ['no signature', (url: string) => url.replace(/&(x-oss-signature|Signature)=[^&]*/, ''), 'no-signature'],
    ['an empty signature', (url: string) => url.replace(/(x-oss-signature|Signature)=[^&]*/, '$1='), 'no-signature'],
    [
      'a signature that was cut',
      (url: string) => url.replace(/(x-oss-signature|Signature)=[^&]*/, '$1=0a1b2'),
      'cut-off',
    ],
    ['no expiry', (url: string) => url.replace(/&(x-oss-expires|Expires)=[^&]*/, ''), 'no-expiry'],
    [
      'an expiry that is no number',
      (url: string) => url.replace(/(x-oss-expires|Expires)=[^&]*/, '$1=soon'),
      'no-expiry',
    ],
    ['no key', (url: string) => url.replace(/\.com\/[^?]*/, '.com/'), 'no-key'],
    ['a host that is no name', (url: string) => url.replace(/\/\/[^/]*/, '//x\u010d\u010aPOST\u0120'), 'bad-host'],
    ['broken percent-encoding', (url: string) => url.replace('dir/', 'dir%zz/'), 'bad-encoding'],
  ])('with %s is damaged', (_what, spoil, reason) => {
    for (const url of [v4, v1]) expect(readSignedUrl(spoil(url))).toEqual({ kind: 'damaged', reason });
  });

  const damages: readonly (readonly [what: string, url: string, part: RegExp, instead: string])[] = [
    ['bad-encoding', v4, /(x-oss-signature)=[^&]*/, '$1=zz'],
    ['no-id', v4, /&x-oss-credential=[^&]*/, ''],
    ['cut-off', v4, /(x-oss-credential)=[^&]*/, '$1=LTAI%2F20261124'],
    ['cut-off', v4, /x-oss-signature-version=[^&]*&?/, ''],
    ['no-expiry', v4, /&x-oss-date=[^&]*/, ''],
    ['no-expiry', v4, /(x-oss-date)=[^&]*/, '$1=20261124'],
    ['bad-encoding', v1, /([?&]Signature)=[^&]*/, '$1=a.b'],
    ['bad-encoding', v1, /([?&]Signature)=[^&]*/, `$1=${'0'.repeat(28)}`],
    ['no-id', v1, /OSSAccessKeyId=[^&]*&?/, ''],
  ];
  test.each(damages)('is damaged (%s) where a field is not what it was: %#', (reason, url, part, instead) => {
    expect(url).toMatch(part);
    expect(readSignedUrl(url.replace(part, instead))).toEqual({ kind: 'damaged', reason });
  });

  test('that was cut anywhere in its query is never taken for a whole one', () => {
    const cut = makeSignedUrl(makeOptions());
    for (let length = cut.indexOf('?') + 2; length < cut.length; length += 1) {
      expect(readSignedUrl(cut.slice(0, length)).kind).not.toBe('link');
    }
  });

  test.each([
    ['https://bucket.s3.amazonaws.com/a?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=00&X-Amz-Expires=1', 's3'],
    ['https://bucket.s3.amazonaws.com/a?AWSAccessKeyId=x&Expires=1&Signature=y', 's3'],
    ['https://example.com/a?Expires=1&Signature=y&Key-Pair-Id=z', 'cloudfront'],
    ['https://b.cos.ap-beijing.myqcloud.com/a?q-sign-algorithm=sha1&q-ak=x&q-signature=y', 'tencent'],
    ['https://b.obs.cn-north-4.myhuaweicloud.com/a?AccessKeyId=x&Expires=1&Signature=y', 'huawei'],
    ['https://a.blob.core.windows.net/c/b?sv=2024-01-01&sig=x%3D&se=2026-01-01', 'azure'],
    ['https://storage.googleapis.com/b/a?GoogleAccessId=x&Expires=1&Signature=y', 'google'],
    ['https://cdn.example.com/a?auth_key=1-0-0-0', 'aliyun-cdn'],
    ['https://example.com/', 'other'],
  ])('%s is foreign', (url, service) => {
    expect(readSignedUrl(url)).toMatchObject({ kind: 'foreign', service });
  });

  test('an OSS address without any signature is told apart', () => {
    const url = 'https://bucket.oss-cn-hangzhou.aliyuncs.com/a.txt';
    const host = 'bucket.oss-cn-hangzhou.aliyuncs.com';
    expect(readSignedUrl(`See ${url}.`)).toEqual({
      ...{ kind: 'unsigned', host, url },
      parts: { bucket: 'bucket', key: 'a.txt', host, versionId: null, params: [] },
    });
    expect(readSignedUrl(`https://${host}/?prefix=a`)).toMatchObject({ kind: 'unsigned', parts: null });
  });

  test('an address whose host a stray # cuts off is no link', () => {
    const { kind } = readSignedUrl(v4.replace('aliyuncs.com', 'aliyuncs.co#m'));
    expect(kind).not.toBe('link');
  });

  test.each(['', 'hello', 'ftp://a/b', 'a@b.com', 'oss://bucket/key', 'http://'])('"%s" is no link', (text) => {
    expect(readSignedUrl(text)).toEqual({ kind: 'not-a-link' });
  });

  test.each([
    ['https://b-1.oss-cn-hangzhou-internal.aliyuncs.com/k', 'b-1'],
    ['https://b-1.oss-accelerate-overseas.aliyuncs.com/k', 'b-1'],
    ['https://b-1.cn-hangzhou.oss.aliyuncs.com/k', 'b-1'],
    ['https://oss-cn-hangzhou.aliyuncs.com/b-1/k', 'b-1'],
    ['https://cn-hangzhou.oss.aliyuncs.com/b-1/k', 'b-1'],
    ['http://127.0.0.1:80/b-1/k', 'b-1'],
    ['http://[::1]:80/b-1/k', 'b-1'],
    ['https://b-1.oss-cn-hangzhou.aliyuncs.com.example.com/k', null],
    ['https://my.b-1.oss-cn-hangzhou.aliyuncs.com/k', null],
    ['https://download.example.com/k', null],
  ])('%s is in bucket %s', (address, bucket) => {
    const query = v4.slice(v4.indexOf('?'));
    expect(linkOf(readSignedUrl(address + query)).parts).toMatchObject({ bucket, key: 'k' });
  });
});

test.each(['&', '&&', '&&&'])('a link that ends in %j is the same without', (ending) => {
  const url = makeSignedUrl(makeOptions());
  for (const text of [`${url}${ending}`, `<${url}${ending}>`]) {
    expect(readSignedUrl(text)).toMatchObject({ kind: 'link', url });
  }
});

test.each(['[@photos.oss', '(@photos.oss', '[.evil.test'])(
  'a host that goes on with %j is none: another program would read another host',
  (rest) => {
    const url = makeSignedUrl(makeOptions()).replace(/^https:\/\/[^/]+/, `https://p${rest}`);
    expect(readSignedUrl(url)).toMatchObject({ kind: 'not-a-link' });
  },
);
