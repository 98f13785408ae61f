import { describe, expect, test } from 'vitest';
import type { LinkOptions } from '../../../../main/links/making/link-options.ts';
import { linkParts } from '../../../../main/links/making/link-parts.ts';
import { linkProblems } from '../../../../main/links/making/link-rules.ts';

function problems(options: Partial<LinkOptions>, versionId: string | null = null) {
  const parts = linkParts({ fileName: null, open: null, ...options }, { key: 'a.txt', versionId });
  return linkProblems(parts).map(({ field, rule, limit }) => [field, rule, limit]);
}

describe('OSS would refuse', () => {
  test.each([
    [
      'a slower connection than any',
      { trafficLimitBitsPerSecond: 819_199 },
      ['x-oss-traffic-limit', 'traffic-limit', '819200…838860800'],
    ],
    [
      'a faster one',
      { trafficLimitBitsPerSecond: 838_860_801 },
      ['x-oss-traffic-limit', 'traffic-limit', '819200…838860800'],
    ],
    [
      'half a bit',
      { trafficLimitBitsPerSecond: 900_000.5 },
      ['x-oss-traffic-limit', 'traffic-limit', '819200…838860800'],
    ],
    [
      'a limit for HEAD',
      { method: 'HEAD', trafficLimitBitsPerSecond: 819_200 },
      ['x-oss-traffic-limit', 'get-or-put-only', 'GET, PUT'],
    ],
    [
      'image processing of an upload',
      { method: 'PUT', process: 'image/resize,w_1' },
      ['x-oss-process', 'get-only', 'GET'],
    ],
    ['no address', { access: { sourceIp: 'here' } }, ['x-oss-ac-source-ip', 'ip-address', undefined]],
    [
      'a mask without an address',
      { access: { subnetMask: 8 } },
      ['x-oss-ac-subnet-mask', 'needs-source-ip', undefined],
    ],
    [
      '33 bits of an IPv4 address',
      { access: { sourceIp: '192.0.2.0', subnetMask: 33 } },
      ['x-oss-ac-subnet-mask', 'subnet-mask', '0…32'],
    ],
    ['a VPC that is none', { access: { vpcId: 'my vpc' } }, ['x-oss-ac-vpc-id', 'vpc-id', undefined]],
    ['a header of an upload with GET', { upload: { storageClass: 'IA' } }, ['x-oss-storage-class', 'put-only', 'PUT']],
    ['half an MD5', { method: 'PUT', upload: { contentMd5: 'abc' } }, ['content-md5', 'content-md5', '24']],
    [
      'a type without a slash',
      { method: 'PUT', upload: { contentType: 'text' } },
      ['content-type', 'content-type', undefined],
    ],
    [
      'a header that HTTP would break',
      { method: 'PUT', upload: { contentType: 'text/plain\r\nx: y' } },
      ['content-type', 'not-ascii', undefined],
    ],
    ['metadata in Chinese', { method: 'PUT', upload: { meta: { a: '运' } } }, ['x-oss-meta-a', 'not-ascii', undefined]],
    [
      '9 KB of metadata',
      { method: 'PUT', upload: { meta: { a: 'x'.repeat(4000), b: 'x'.repeat(4000), c: 'x'.repeat(1000) } } },
      ['x-oss-meta', 'meta-too-long', '8192'],
    ],
    [
      'eleven tags',
      { method: 'PUT', upload: { tags: Object.fromEntries(Array.from({ length: 11 }, (_, n) => [`tag${n}`, ''])) } },
      ['x-oss-tagging', 'too-many-tags', '10'],
    ],
    [
      'a tag with a comma',
      { method: 'PUT', upload: { tags: { a: 'b,c' } } },
      ['x-oss-tagging', 'tag-character', 'a-z 0-9 + - = . _ : /'],
    ],
    [
      'a tag in another script',
      { method: 'PUT', upload: { tags: { owner: '林' } } },
      ['x-oss-tagging', 'tag-character', 'a-z 0-9 + - = . _ : /'],
    ],
    [
      'a callback to nowhere',
      { method: 'PUT', upload: { callback: { url: 'javascript:x', body: 'a' } } },
      ['x-oss-callback', 'callback-url', '1…5'],
    ],
    [
      'a callback to an address that is not encoded',
      { method: 'PUT', upload: { callback: { url: 'https://example.com/完成', body: 'a' } } },
      ['x-oss-callback', 'callback-url', '1…5'],
    ],
    [
      'a callback to six addresses',
      { method: 'PUT', upload: { callback: { url: Array(6).fill('https://example.com').join(';'), body: 'a' } } },
      ['x-oss-callback', 'callback-url', '1…5'],
    ],
    [
      'a callback that says nothing',
      { method: 'PUT', upload: { callback: { url: 'https://example.com', body: '' } } },
      ['x-oss-callback', 'callback-body', undefined],
    ],
    [
      'a callback with a host that is none',
      { method: 'PUT', upload: { callback: { url: 'https://example.com', body: 'a', host: 'a b' } } },
      ['x-oss-callback', 'callback-host', undefined],
    ],
    [
      'a name in capitals for a value of a callback',
      { method: 'PUT', upload: { callback: { url: 'https://example.com', body: 'a', vars: { Who: 'Lin' } } } },
      ['x-oss-callback-var', 'callback-var', 'a-z 0-9 _'],
    ],
    [
      '5 KB of values for a callback',
      { method: 'PUT', upload: { callback: { url: 'https://example.com', body: 'a', vars: { a: 'x'.repeat(4000) } } } },
      ['x-oss-callback-var', 'callback-var-too-long', '5120'],
    ],
    ['a date in no form of HTTP', { response: { expires: 'tomorrow' } }, ['response-expires', 'http-date', undefined]],
    [
      'a line break in an answer',
      { response: { contentDisposition: 'inline\n' } },
      ['response-content-disposition', 'control-character', undefined],
    ],
  ] as const)('%s', (_what, options, problem) => {
    expect(problems(options as Partial<LinkOptions>)).toEqual([problem]);
  });

  const base64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64');
  test.each([
    ['a version with a line break', { versionId: 'v\n' }, {}, ['versionId', 'version-format', undefined]],
    ['a version without a name', { versionId: '' }, {}, ['versionId', 'version-format', undefined]],
    [
      'whether to forward, in other words',
      { 'x-oss-ac-forward-allow': 'yes' },
      {},
      ['x-oss-ac-forward-allow', 'true-or-false', undefined],
    ],
    [
      'whether to overwrite, in other words',
      {},
      { 'x-oss-forbid-overwrite': '1' },
      ['x-oss-forbid-overwrite', 'true-or-false', undefined],
    ],
    [
      'a class of storage that is none',
      {},
      { 'x-oss-storage-class': 'Cold' },
      ['x-oss-storage-class', 'one-of', 'Standard, IA, Archive, ColdArchive, DeepColdArchive'],
    ],
    ['a tag without a name', {}, { 'x-oss-tagging': '=a' }, ['x-oss-tagging', 'tag-name', '1…128']],
    ['a tag twice', {}, { 'x-oss-tagging': 'a=b&a=c' }, ['x-oss-tagging', 'tag-twice', '1']],
    ['a tag with a second =', {}, { 'x-oss-tagging': 'a=b=c' }, ['x-oss-tagging', 'tag-format', 'a=1&b=2']],
    ['a long name of a tag', {}, { 'x-oss-tagging': 'a'.repeat(129) }, ['x-oss-tagging', 'tag-name', '1…128']],
    ['a long tag', {}, { 'x-oss-tagging': `a=${'b'.repeat(257)}` }, ['x-oss-tagging', 'tag-value', '0…256']],
    ['a callback in no base64', {}, { 'x-oss-callback': '{}' }, ['x-oss-callback', 'callback-format', undefined]],
    [
      'a callback without a body',
      {},
      { 'x-oss-callback': base64({ callbackUrl: 'https://example.com' }) },
      ['x-oss-callback', 'callback-format', undefined],
    ],
    [
      'no values for a callback',
      {},
      { 'x-oss-callback-var': base64({}) },
      ['x-oss-callback-var', 'callback-var', 'a-z 0-9 _'],
    ],
    ['a header that is no name', {}, { 'a b': 'c' }, ['a b', 'header-name', undefined]],
    ['metadata in capitals', {}, { 'x-oss-meta-aB': 'b' }, ['x-oss-meta', 'meta-name', 'a-z 0-9 -']],
  ] as const)('%s', (_what, params, headers, problem) => {
    const method = problem[0] === 'versionId' ? 'GET' : 'PUT';
    const found = linkProblems({ method, params, headers });
    expect(found.map(({ field, rule, limit }) => [field, rule, limit])).toEqual([problem]);
  });

  test.each([
    ['x-oss-tagging', `${'a'.repeat(128)}=${'b'.repeat(256)}`],
    ['x-oss-callback-var', base64({ 'x:a': '' })],
    ['content-type', 'text/plain'],
    ...['default', 'private', 'public-read', 'public-read-write'].map((acl) => ['x-oss-object-acl', acl]),
    ...['Standard', 'IA', 'Archive', 'ColdArchive', 'DeepColdArchive'].map((name) => ['x-oss-storage-class', name]),
    ...['true', 'false'].map((value) => ['x-oss-forbid-overwrite', value]),
  ])('nothing of %s at its limits', (name, value) => {
    expect(linkProblems({ method: 'PUT', params: {}, headers: { [name]: value } })).toEqual([]);
  });

  test('a version of a PUT, and says so', () => {
    expect(problems({ method: 'PUT' }, 'v1')).toEqual([['versionId', 'version-on-put', undefined]]);
    expect(problems({ method: 'DELETE' }, 'v1')).toEqual([]);
  });

  test('several things at once, each named', () => {
    const found = problems({ trafficLimitBitsPerSecond: 1, process: '', access: { sourceIp: '' } });
    expect(found.map(([field]) => field)).toEqual(['x-oss-process', 'x-oss-traffic-limit', 'x-oss-ac-source-ip']);
  });
});

test('OSS takes every option within its range', () => {
  expect(
    problems({
      response: {
        contentType: 'text/html; charset=utf-8',
        contentDisposition: 'inline; filename="报告"',
        cacheControl: 'no-cache',
        contentEncoding: 'gzip',
        contentLanguage: 'zh-CN',
        expires: 'Tue, 24 Nov 2026 12:00:00 GMT',
      },
      process: 'image/resize,w_200',
      trafficLimitBitsPerSecond: 838_860_800,
      access: { sourceIp: '2001:db8::', subnetMask: 64, vpcId: 'vpc-t4nlw426y44rd3iq4xxxx', forwardAllow: true },
    }),
  ).toEqual([]);
  const upload: LinkOptions['upload'] = {
    contentType: 'image/png',
    contentMd5: 'eB5eJF1ptWaXm4bijSPyxw==',
    storageClass: 'DeepColdArchive',
    acl: 'public-read',
    forbidOverwrite: true,
    tags: { owner: 'Lin + a=1' },
    meta: { 'from-camera': '3' },
    callback: {
      url: 'https://example.com/done;http://203.0.113.7:8080/%E5%AE%8C',
      host: 'example.com',
      body: 'bucket=${bucket}',
      bodyType: 'application/json',
      vars: { who: 'Lin' },
    },
  };
  expect(problems({ method: 'PUT', upload })).toEqual([]);
});
