import { expect, test } from 'vitest';
import { stsEndpointFor } from '../../../../main/accounts/sts/sts-endpoint.ts';
import { parseEndpoint } from '../../../../main/oss/endpoint.ts';

test.each([
  ['oss-eu-central-1.aliyuncs.com', 'eu-central-1', 'https://sts.eu-central-1.aliyuncs.com'],
  ['oss-cn-hangzhou-internal.aliyuncs.com', 'cn-hangzhou', 'https://sts-vpc.cn-hangzhou.aliyuncs.com'],
  ['oss-cn-hzfinance.aliyuncs.com', 'cn-hangzhou-finance', 'https://sts.aliyuncs.com'],
  ['oss-cn-hzjbp-a-internal.aliyuncs.com', 'cn-hangzhou-finance', 'https://sts.aliyuncs.com'],
  ['oss-cn-szfinance.aliyuncs.com', 'cn-shenzhen-finance-1', 'https://sts.aliyuncs.com'],
  [
    'oss-cn-shenzhen-finance-1-internal.aliyuncs.com',
    'cn-shenzhen-finance-1',
    'https://sts-vpc.cn-shenzhen-finance-1.aliyuncs.com',
  ],
  ['oss-rg-china-mainland.aliyuncs.com', 'rg-china-mainland', 'https://sts.aliyuncs.com'],
  ['oss-accelerate.aliyuncs.com', 'cn-beijing', 'https://sts.cn-beijing.aliyuncs.com'],
])('roles for %s in %s are assumed at %s', (endpoint, region, expected) => {
  expect(stsEndpointFor({ endpoint: parseEndpoint(endpoint), region })).toBe(expected);
});
