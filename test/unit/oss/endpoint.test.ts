import { describe, expect, test } from 'vitest';
import {
  bucketUrl,
  endpointOfRegion,
  formatEndpoint,
  hostOfRegion,
  isMainland,
  parseEndpoint,
  regionOfHost,
} from '../../../main/oss/endpoint.ts';
import { regionOfText, regions } from '../../../main/oss/regions.ts';
import { WaybillError } from '../../../main/failure.ts';

test.each([
  [
    'oss-cn-hangzhou.aliyuncs.com',
    { protocol: 'https', host: 'oss-cn-hangzhou.aliyuncs.com', port: null, addressing: 'virtual' },
  ],
  [
    ' HTTPS://OSS-cn-hangzhou.aliyuncs.com/ ',
    { protocol: 'https', host: 'oss-cn-hangzhou.aliyuncs.com', port: null, addressing: 'virtual' },
  ],
  [
    'http://oss-cn-hangzhou.aliyuncs.com:80',
    { protocol: 'http', host: 'oss-cn-hangzhou.aliyuncs.com', port: null, addressing: 'virtual' },
  ],
  ['http://127.0.0.1:1234', { protocol: 'http', host: '127.0.0.1', port: 1234, addressing: 'path' }],
  ['http://[::1]:1234', { protocol: 'http', host: '[::1]', port: 1234, addressing: 'path' }],
  ['localhost:443', { protocol: 'https', host: 'localhost', port: null, addressing: 'path' }],
])('%s is an endpoint', (text, endpoint) => {
  expect(parseEndpoint(text)).toEqual(endpoint);
  expect(parseEndpoint(formatEndpoint(parseEndpoint(text)))).toEqual(endpoint);
});

test('a custom domain says so', () => {
  expect(parseEndpoint('static.example.com', { cname: true }).addressing).toBe('cname');
});

test.each([
  '',
  'ftp://x',
  'a b',
  'https://user@host',
  'host/path',
  'host?x',
  'host:0',
  'host:65536',
  '-a.com',
  'a..b',
  '[zz]',
  '例え.jp',
])('"%s" is refused as an endpoint', (text) => {
  expect(() => parseEndpoint(text)).toThrow(WaybillError);
});

test.each([
  ['oss-cn-hangzhou.aliyuncs.com', 'cn-hangzhou'],
  ['bucket.oss-cn-hangzhou.aliyuncs.com:443', 'cn-hangzhou'],
  ['bucket.oss-cn-hangzhou-internal.aliyuncs.com', 'cn-hangzhou'],
  ['cn-hangzhou.oss.aliyuncs.com', 'cn-hangzhou'],
  ['bucket.cn-hangzhou.oss.aliyuncs.com', 'cn-hangzhou'],
  ['oss-us-west-1.aliyuncs.com', 'us-west-1'],
  ['oss-accelerate.aliyuncs.com', null],
  ['bucket.oss-accelerate-overseas.aliyuncs.com', null],
  ['oss-data-acc.aliyuncs.com', null],
  ['bucket.cn-hangzhou-j-internal.oss-data-acc.aliyuncs.com', 'cn-hangzhou'],
  ['oss-cloudbox.aliyuncs.com', null],
  ['oss-cn-hzjbp-a-internal.aliyuncs.com', 'cn-hangzhou-finance'],
  ['bucket.ep-1234.oss.cn-hangzhou.privatelink.aliyuncs.com', 'cn-hangzhou'],
  ['reader-1.oss-cn-shenzhen-internal.oss-accesspoint.aliyuncs.com', 'cn-shenzhen'],
  ['oss-console.aliyuncs.com', null],
  ['OSS-CN-HANGZHOU.ALIYUNCS.COM', 'cn-hangzhou'],
  ['static.example.com', null],
  ['oss-cn-hangzhou.aliyuncs.com.evil.example', null],
])('the region of %s is %s', (host, region) => {
  expect(regionOfHost(host)).toBe(region);
});

test('every region is found again in its endpoints', () => {
  for (const { id } of regions) {
    for (const network of ['public', 'internal', 'dualstack'] as const) {
      const host = hostOfRegion(id, network);
      if (host !== null) expect(regionOfHost(parseEndpoint(host).host)).toBe(id);
    }
    expect(regionOfHost(parseEndpoint(endpointOfRegion(id, 'accelerate')).host)).toBeNull();
  }
});

test('a region without a dual-stack or internal host has none to offer, and is reached at its public one', () => {
  expect(hostOfRegion('ap-southeast-1', 'dualstack')).toBeNull();
  expect(hostOfRegion('rg-china-mainland', 'internal')).toBeNull();
  expect(hostOfRegion('cn-shanghai-finance-1', 'dualstack')).toBe('cn-shanghai-finance.oss.aliyuncs.com');
  expect(endpointOfRegion('ap-southeast-1', 'dualstack')).toBe('https://oss-ap-southeast-1.aliyuncs.com');
});

test.each([
  ['oss-cn-hangzhou', 'oss-cn-hangzhou.aliyuncs.com'],
  ['oss-cn-hangzhou-internal', 'oss-cn-hangzhou-internal.aliyuncs.com'],
  ['cn-hangzhou', 'oss-cn-hangzhou.aliyuncs.com'],
  ['cn-shenzhen-finance-1', 'oss-cn-szfinance.aliyuncs.com'],
  ['https://bucket.oss-cn-hangzhou.aliyuncs.com/', 'oss-cn-hangzhou.aliyuncs.com'],
  ['nas-1', 'nas-1'],
  ['oss-dev-1', 'oss-dev-1'],
])('%s is understood as %s', (text, host) => {
  expect(parseEndpoint(text).host).toBe(host);
});

test.each([
  ['cb-1234.cn-heyuan.oss-cloudbox.aliyuncs.com', 'endpoint-cloudbox'],
  ['sts.cn-hangzhou.aliyuncs.com', 'endpoint-unknown'],
  ['oss-hangzhou.aliyuncs.com', 'endpoint-unknown'],
  ['300.1.1.1', 'endpoint-format'],
])('%s is refused: %s', (text, rule) => {
  expect(() => parseEndpoint(text)).toThrow(rule);
});

test('buckets without a region are in the Chinese mainland, those of Hong Kong are not', () => {
  expect(['cn-hangzhou', 'rg-china-mainland', 'cn-hongkong', 'us-west-1'].filter(isMainland)).toEqual([
    'cn-hangzhou',
    'rg-china-mainland',
  ]);
});

test('a region may be written as its address, with a slash', () => {
  expect(regionOfText('https://oss-cn-hangzhou.aliyuncs.com/')).toBe('cn-hangzhou');
});

describe('a bucket goes', () => {
  const at = (text: string, cname = false) => bucketUrl(parseEndpoint(text, { cname }), 'b-1', 'a b');
  test('before the host', () => {
    const host = 'b-1.oss-cn-hangzhou.aliyuncs.com:8443';
    expect(at('oss-cn-hangzhou.aliyuncs.com:8443')).toEqual({ origin: `https://${host}`, path: '/a%20b', host });
  });
  test('into the path on an IP address', () => {
    const host = '192.0.2.10';
    expect(at('http://192.0.2.10')).toEqual({ origin: `http://${host}`, path: '/b-1/a%20b', host });
  });
  test('nowhere on a custom domain', () => {
    const host = 'static.example.com';
    expect(at('static.example.com', true)).toEqual({ origin: `https://${host}`, path: '/a%20b', host });
  });
});

test('a bucket without key, and a service without bucket, have a path too', () => {
  expect(bucketUrl(parseEndpoint('http://127.0.0.1'), 'b-1', null).path).toBe('/b-1/');
  expect(bucketUrl(parseEndpoint('http://127.0.0.1'), null, null).path).toBe('/');
  expect(bucketUrl(parseEndpoint('oss-cn-hangzhou.aliyuncs.com'), 'b-1', null).path).toBe('/');
});
