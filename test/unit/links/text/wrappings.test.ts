import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { withNote } from '../../../../main/links/text/link-note.ts';
import { readSignedUrls } from '../../../../main/links/text/pasted-link.ts';
import { parseEndpoint } from '../../../../main/oss/endpoint.ts';
import { makeSignedUrl } from '../../../../main/oss/signing/signed-url.ts';
import { makeOptions } from '../../oss/signing/links.ts';
import { wrappings } from './wrappings.ts';

const key = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }),
      fc.constantFrom(
        '.',
        '..',
        '',
        '+',
        '%2F',
        '?#&=',
        'R&amp;D',
        '报告（终稿）.pdf',
        "it's",
        'https://a.example/b',
        'a b',
      ),
    ),
    { minLength: 1, maxLength: 5 },
  )
  .map((segments) => segments.join('/'))
  .filter((text) => text !== '' && !/^[/\\]/.test(text) && Buffer.byteLength(text) <= 1023);

const token = fc
  .uint8Array({ minLength: 96, maxLength: 600 })
  .filter(({ length }) => length % 3 === 0)
  .map((bytes) => `CAIS${Buffer.from(bytes).toString('base64')}`);

const link = fc
  .record({
    key,
    token: fc.option(token),
    signVersion: fc.constantFrom('v4' as const, 'v1' as const),
    endpoint: fc.constantFrom(
      parseEndpoint('oss-cn-hangzhou.aliyuncs.com'),
      parseEndpoint('http://oss-us-west-1-internal.aliyuncs.com'),
      parseEndpoint('static.example.com', { cname: true }),
    ),
    expiresSeconds: fc.integer({ min: 1, max: 604_800 }),
    process: fc.option(fc.constantFrom('image/resize,w_100', 'style/a', 'video/snapshot,t_1,f_jpg')),
    hasNote: fc.boolean(),
  })
  .map(({ token: securityToken, process, hasNote, ...options }) => {
    const accessKeyId = securityToken === null ? 'LTAI5tExampleExample01' : 'STS.NTExampleExample02';
    const accessKey = { accessKeyId, accessKeySecret: 'secret', securityToken };
    const params: Record<string, string> = process === null ? {} : { 'x-oss-process': process };
    const url = makeSignedUrl(makeOptions({ ...options, accessKey, params }));
    return hasNote ? withNote(url, { method: 'GET', headers: { 'x-oss-meta-a': 'b' } }) : url;
  });

describe('a link that Waybill created', () => {
  test.each(wrappings)('comes back equal from %s', (_name, wrap) => {
    fc.assert(
      fc.property(link, (created) => {
        const { links } = readSignedUrls(wrap(created));
        const [url = '', fragment = ''] = created.split('#');
        expect(links.map((found) => [found.url, found.fragment])).toEqual([[url, fragment]]);
      }),
      { numRuns: 60 },
    );
  });
});
