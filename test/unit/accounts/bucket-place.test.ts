import { describe, expect, test } from 'vitest';
import { bucketPlace, type Place, servicePlace } from '../../../main/accounts/bucket-place.ts';
import { formatEndpoint } from '../../../main/oss/endpoint.ts';
import { makeAccount } from './make-account.ts';

function at(endpoint: string) {
  return makeAccount({ endpoint, region: 'cn-hangzhou' });
}

function text({ endpoint, region }: Place): string {
  return `${formatEndpoint(endpoint)} ${region}`;
}

describe('where a bucket of another region is reached', () => {
  test.each([
    ['oss-cn-hangzhou.aliyuncs.com', 'https://oss-cn-beijing.aliyuncs.com'],
    ['http://oss-cn-hangzhou.aliyuncs.com', 'http://oss-cn-beijing.aliyuncs.com'],
    ['oss-cn-hangzhou.aliyuncs.com:8443', 'https://oss-cn-beijing.aliyuncs.com:8443'],
    ['oss-cn-hangzhou-internal.aliyuncs.com', 'https://oss-cn-beijing.aliyuncs.com'],
    ['cn-hangzhou.oss.aliyuncs.com', 'https://cn-beijing.oss.aliyuncs.com'],
    ['oss-accelerate.aliyuncs.com', 'https://oss-accelerate.aliyuncs.com'],
    ['oss-accelerate-overseas.aliyuncs.com', 'https://oss-accelerate-overseas.aliyuncs.com'],
    ['http://127.0.0.1:9000', 'http://127.0.0.1:9000'],
    ['oss.intern.example.com', 'https://oss.intern.example.com'],
  ])('from an account at %s: %s', (endpoint, expected) => {
    expect(text(bucketPlace(at(endpoint), 'cn-beijing'))).toBe(`${expected} cn-beijing`);
  });

  test('a custom domain stays what it is', () => {
    const place = bucketPlace({ endpoint: 'files.example.com', region: 'cn-hangzhou', cname: true }, 'cn-beijing');
    expect(place.endpoint).toMatchObject({ host: 'files.example.com', addressing: 'cname' });
  });

  test('a bucket of unknown region is looked for at the account’s', () => {
    expect(text(bucketPlace(at('oss-cn-hangzhou.aliyuncs.com'), null))).toBe(
      'https://oss-cn-hangzhou.aliyuncs.com cn-hangzhou',
    );
  });
});

test('buckets are listed at the region’s endpoint where acceleration is used', () => {
  expect(text(servicePlace(at('oss-accelerate.aliyuncs.com')))).toBe(
    'https://oss-cn-hangzhou.aliyuncs.com cn-hangzhou',
  );
  expect(text(servicePlace(at('http://127.0.0.1:9000')))).toBe('http://127.0.0.1:9000 cn-hangzhou');
});

test('a bucket is created and deleted at its region’s endpoint where acceleration is used', () => {
  expect(text(servicePlace(at('http://oss-accelerate.aliyuncs.com:8080'), 'cn-beijing'))).toBe(
    'http://oss-cn-beijing.aliyuncs.com:8080 cn-beijing',
  );
  expect(text(servicePlace(at('oss-cn-hangzhou.aliyuncs.com'), 'cn-beijing'))).toBe(
    'https://oss-cn-beijing.aliyuncs.com cn-beijing',
  );
});

describe('a bucket in a region', () => {
  test('without a dual-stack host is reached at its public one', () => {
    expect(text(bucketPlace(at('cn-hangzhou.oss.aliyuncs.com'), 'ap-southeast-1'))).toBe(
      'https://oss-ap-southeast-1.aliyuncs.com ap-southeast-1',
    );
  });

  test('of the finance cloud has hosts of its own', () => {
    expect(text(bucketPlace(at('oss-cn-hangzhou.aliyuncs.com'), 'cn-hangzhou-finance'))).toBe(
      'https://oss-cn-hzfinance.aliyuncs.com cn-hangzhou-finance',
    );
  });

  test('that is the account’s own stays at the account’s own internal host', () => {
    const account = makeAccount({ endpoint: 'oss-cn-hzjbp-a-internal.aliyuncs.com', region: 'cn-hangzhou-finance' });
    expect(text(bucketPlace(account, 'cn-hangzhou-finance'))).toBe(
      'https://oss-cn-hzjbp-a-internal.aliyuncs.com cn-hangzhou-finance',
    );
  });
});

test('an account that was saved with the label of a finance host signs for its region', () => {
  const account = makeAccount({ endpoint: 'oss-cn-hzfinance.aliyuncs.com', region: 'cn-hzfinance' });
  expect(bucketPlace(account, null).region).toBe('cn-hangzhou-finance');
});

test.each([
  ['oss-cn-hangzhou.oss-accesspoint.aliyuncs.com', 'accesspoint', 'cn-hangzhou'],
  ['oss-internal.aliyuncs.com', 'internal', 'cn-hangzhou'],
  ['oss.intern.example.com', 'rack-7', 'rack-7'],
])('at %s the stored region %s is %s', (endpoint, region, expected) => {
  expect(bucketPlace(makeAccount({ endpoint, region }), null).region).toBe(expected);
});
