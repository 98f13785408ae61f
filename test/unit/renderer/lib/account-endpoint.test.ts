import { expect, test } from 'vitest';
import { regions } from '../../../../main/oss/regions.ts';
import { endpointOfRegion, isInsecure } from '../../../../renderer/lib/account-endpoint.ts';

test('only http:// in so many words is insecure', () => {
  expect(isInsecure(' HTTP://files.example.com')).toBe(true);
  expect(isInsecure('files.example.com')).toBe(false);
  expect(isInsecure('https://files.example.com')).toBe(false);
});

test('the endpoint of a region is at the host that the region has', () => {
  expect(endpointOfRegion('cn-hangzhou-finance', regions)).toBe('https://oss-cn-hzfinance.aliyuncs.com');
  expect(endpointOfRegion('cn-new', regions)).toBe('https://oss-cn-new.aliyuncs.com');
});
