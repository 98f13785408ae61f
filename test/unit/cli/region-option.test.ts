import { expect, test } from 'vitest';
import { environmentPlace } from '../../../main/accounts/environment.ts';
import { readServer } from '../../../main/cli/arguments/connect.ts';
import { formatEndpoint } from '../../../main/oss/endpoint.ts';

test.each([
  ['oss-cn-hangzhou.aliyuncs.com', 'https://oss-cn-shanghai.aliyuncs.com'],
  ['http://oss-cn-hangzhou.aliyuncs.com:8080', 'http://oss-cn-shanghai.aliyuncs.com:8080'],
  ['cn-hangzhou.oss.aliyuncs.com', 'https://cn-shanghai.oss.aliyuncs.com'],
  ['oss-cn-shanghai-internal.aliyuncs.com', 'https://oss-cn-shanghai-internal.aliyuncs.com'],
  ['oss-accelerate.aliyuncs.com', 'https://oss-accelerate.aliyuncs.com'],
  ['http://127.0.0.1:9000', 'http://127.0.0.1:9000'],
  ['oss.intern.example.com', 'https://oss.intern.example.com'],
])('the region of the command line moves %s of the environment to %s', (OSS_ENDPOINT, expected) => {
  const place = environmentPlace({ OSS_ENDPOINT, OSS_REGION: 'cn-hangzhou' });
  const { endpoint, region } = readServer(
    { region: 'cn-shanghai' },
    { place, signVersion: 'v4', stsEndpoint: null, ways: {} },
  );
  expect(`${formatEndpoint(endpoint)} ${region}`).toBe(`${expected} cn-shanghai`);
});

test('an account is at its own server, unless options name another', () => {
  const place = { endpoint: 'https://files.example.com', region: 'cn-hangzhou', cname: true, signsRegion: true };
  const home = { place, signVersion: 'v1', stsEndpoint: null, ways: {} } as const;
  const own = readServer({}, home);
  expect(own).toMatchObject({ region: 'cn-hangzhou', signVersion: 'v1', endpoint: { addressing: 'cname' } });
  const other = readServer({ endpoint: 'oss-cn-beijing.aliyuncs.com', 'sign-version': 'v4' }, home);
  expect(other).toMatchObject({ region: 'cn-beijing', signVersion: 'v4', endpoint: { addressing: 'virtual' } });
});
