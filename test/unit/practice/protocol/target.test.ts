import { describe, expect, test } from 'vitest';
import { parseTarget } from '../../../../main/practice/protocol/target.ts';

const domains = {
  region: 'cn-hangzhou',
  customDomains: new Map([
    ['files.example.com', { bucket: 'mine', status: 'Enabled', certificate: null } as const],
    ['gone.example.com', { bucket: 'mine', status: 'Disabled', certificate: null } as const],
  ]),
  baseDomains: ['oss.test'],
};

function read(host: string, url: string) {
  const { bucket, key, addressing, endpointRegion } = parseTarget(url, host, domains);
  return { bucket, key, addressing, endpointRegion };
}

describe('the host says how a bucket is addressed', () => {
  test.each([
    ['127.0.0.1:8080', '/b/k', 'b', 'path', 'cn-hangzhou'],
    ['localhost', '/b/k', 'b', 'path', 'cn-hangzhou'],
    ['[::1]:80', '/b/k', 'b', 'path', 'cn-hangzhou'],
    ['b.oss-cn-beijing.aliyuncs.com', '/k', 'b', 'virtual', 'cn-beijing'],
    ['B.OSS-cn-beijing-internal.aliyuncs.com:443', '/k', 'b', 'virtual', 'cn-beijing'],
    ['b.oss-accelerate.aliyuncs.com', '/k', 'b', 'virtual', null],
    ['b.oss-accelerate-overseas.aliyuncs.com', '/k', 'b', 'virtual', null],
    ['b.cn-beijing.oss.aliyuncs.com', '/k', 'b', 'virtual', 'cn-beijing'],
    ['b.cn-shanghai-finance.oss.aliyuncs.com', '/k', 'b', 'virtual', 'cn-shanghai-finance-1'],
    ['b.oss-cn-hzfinance.aliyuncs.com', '/k', 'b', 'virtual', 'cn-hangzhou-finance'],
    ['b.oss-cn-hzjbp-b-internal.aliyuncs.com', '/k', 'b', 'virtual', 'cn-hangzhou-finance'],
    ['b.oss-cn-szfinance-internal.aliyuncs.com', '/k', 'b', 'virtual', 'cn-shenzhen-finance-1'],
    ['b.ap-southeast-1.oss.aliyuncs.com', '/k', 'b.ap-southeast-1.oss.aliyuncs.com', 'custom-domain', null],
    ['oss-cn-beijing.aliyuncs.com', '/b/k', 'b', 'second-level', 'cn-beijing'],
    ['b.oss.test', '/k', 'b', 'virtual', 'cn-hangzhou'],
    ['files.example.com', '/k', 'mine', 'custom-domain', null],
    ['unknown.example.com', '/k', 'unknown.example.com', 'custom-domain', null],
  ])('%s%s', (host, url, ...expected) => {
    const { bucket, key, addressing, endpointRegion } = read(host, url);
    expect(key).toBe('k');
    expect([bucket, addressing, endpointRegion]).toEqual(expected);
  });
});

describe('the key is exactly what was sent', () => {
  test.each([
    ['/b/a//b', 'a//b'],
    ['/b/a/../b', 'a/../b'],
    ['/b/a%2F..%2Fb', 'a/../b'],
    ['/b/.', '.'],
    ['/b/..', '..'],
    ['/b/%2e%2e/x', '../x'],
    ['/b/a+b', 'a+b'],
    ['/b/a%20b', 'a b'],
    ['/b/100%', '100%'],
    ['/b/%zz', '%zz'],
    ['/b/%F0%9F%9A%A2', '🚢'],
    ['/b/%EF%BB%BFbom', '\ufeffbom'],
    ['/b/%00%01%7f', '\u0000\u0001\u007f'],
    ['/b%2Fk', 'k'],
    ['/b/e%CC%81', 'e\u0301'],
    ['/b//k', '/k'],
    ['http://127.0.0.1/b/k?acl', 'k'],
  ])('%s', (url, key) => {
    expect(read('127.0.0.1', url)).toMatchObject({ bucket: 'b', key });
  });

  test('bytes that are no UTF-8 are refused', () => {
    expect(() => read('127.0.0.1', '/b/%ff')).toThrow('InvalidObjectName');
  });
});

test.each([
  ['/', null, null],
  ['/?prefix=a', null, null],
  ['/b', 'b', null],
  ['/b/', 'b', null],
  ['/b/?acl', 'b', null],
])('%s has no key', (url, bucket, key) => {
  expect(read('127.0.0.1', url)).toMatchObject({ bucket, key });
});

test('a + in the query is a space, and a name without = has an empty value', () => {
  const { query } = parseTarget('/b?prefix=a+b%2Bc&acl&x==1', '127.0.0.1', domains);
  expect(query.pairs).toEqual([
    ['prefix', 'a b+c'],
    ['acl', ''],
    ['x', '=1'],
  ]);
});
