import { getGlobalDispatcher } from 'undici';
import { expect, test } from 'vitest';
import { readConnection } from '../../../main/cli/arguments/connect.ts';
import { formatEndpoint } from '../../../main/oss/endpoint.ts';

const key = { OSS_ACCESS_KEY_ID: 'LTAIexample', OSS_ACCESS_KEY_SECRET: 'example-secret' };

test.each([
  ['oss-cn-hangzhou.aliyuncs.com', 'https://oss-cn-shanghai.aliyuncs.com'],
  ['http://oss-cn-hangzhou.aliyuncs.com:8080', 'http://oss-cn-shanghai.aliyuncs.com:8080'],
  ['cn-hangzhou.oss.aliyuncs.com', 'https://cn-shanghai.oss.aliyuncs.com'],
  ['oss-cn-shanghai-internal.aliyuncs.com', 'https://oss-cn-shanghai-internal.aliyuncs.com'],
  ['oss-accelerate.aliyuncs.com', 'https://oss-accelerate.aliyuncs.com'],
  ['http://127.0.0.1:9000', 'http://127.0.0.1:9000'],
  ['oss.intern.example.com', 'https://oss.intern.example.com'],
])('the region of the command line moves %s of the environment to %s', (OSS_ENDPOINT, expected) => {
  const from = { env: { ...key, OSS_ENDPOINT, OSS_REGION: 'cn-hangzhou' }, dispatcher: getGlobalDispatcher() };
  const { endpoint, region } = readConnection({ region: 'cn-shanghai' }, from);
  expect(`${formatEndpoint(endpoint)} ${region}`).toBe(`${expected} cn-shanghai`);
});
