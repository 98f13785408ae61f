import { describe, expect, test } from 'vitest';
import { bucketPlace, type Place, regionOfEndpoint, servicePlace } from '../../../main/accounts/bucket-place.ts';
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
    ['oss-cn-hangzhou-internal.aliyuncs.com', 'https://oss-cn-beijing-internal.aliyuncs.com'],
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

describe('the endpoint that an answer names', () => {
  test.each([
    ['oss-cn-beijing.aliyuncs.com', 'cn-beijing'],
    ['oss-cn-beijing-internal.aliyuncs.com', 'cn-beijing'],
    ['evil.example.com', null],
    ['oss-cn-beijing.aliyuncs.com.evil.example', null],
  ])('%s: %s', (endpoint, region) => {
    expect(regionOfEndpoint(endpoint)).toBe(region);
  });
});
