import { expect, test } from 'vitest';
import { endpointOfRegion, readEndpoint } from '../../../../renderer/lib/account-endpoint.ts';

test.each([
  ['oss-cn-hangzhou.aliyuncs.com', 'cn-hangzhou'],
  ['https://oss-cn-hangzhou-internal.aliyuncs.com', 'cn-hangzhou'],
  ['https://oss-ap-southeast-1.aliyuncs.com/', 'ap-southeast-1'],
  ['cn-shanghai.oss.aliyuncs.com', 'cn-shanghai'],
  ['bucket.oss-cn-hangzhou.aliyuncs.com', 'cn-hangzhou'],
  ['OSS-CN-Hangzhou', 'cn-hangzhou'],
])('%s names its region itself', (endpoint, region) => {
  expect(readEndpoint(endpoint).region).toBe(region);
});

test.each(['oss-accelerate.aliyuncs.com', 'files.example.com', 'http://127.0.0.1:4000', ''])(
  '%s does not name a region',
  (endpoint) => {
    expect(readEndpoint(endpoint).region).toBeNull();
  },
);

test('only http:// in so many words is insecure', () => {
  expect(readEndpoint('HTTP://files.example.com').insecure).toBe(true);
  expect(readEndpoint('files.example.com').insecure).toBe(false);
  expect(readEndpoint('https://files.example.com').insecure).toBe(false);
});

test('the endpoint of a region is read back as that region', () => {
  expect(readEndpoint(endpointOfRegion('cn-beijing', [])).region).toBe('cn-beijing');
});
