import { expect, test } from 'vitest';
import { stsVariable } from '../../../../main/accounts/sources/variables.ts';

test.each([
  ['sts.example.com', 'https://sts.example.com'],
  // The answer holds a secret, and the request a token.
  ['http://sts.example.com', 'https://sts.example.com'],
  ['HTTP://10.0.0.7:8080', 'https://10.0.0.7:8080'],
  ['http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
  ['no server', 'no server'],
])('an STS endpoint that a variable names as %s is spoken to as %s', (written, server) => {
  expect(stsVariable({ ALIBABA_CLOUD_STS_ENDPOINT: written, ALIBABA_CLOUD_STS_REGION: 'cn-beijing' })).toBe(server);
});

test('a region in a variable is one of STS’s, in its VPC where another one says so', () => {
  const region = { ALIBABA_CLOUD_STS_REGION: 'cn-beijing' };
  expect(stsVariable(region)).toBe('https://sts.cn-beijing.aliyuncs.com');
  expect(stsVariable({ ...region, ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED: 'true' })).toBe(
    'https://sts-vpc.cn-beijing.aliyuncs.com',
  );
  expect(stsVariable({ ALIBABA_CLOUD_STS_REGION: 'evil.example/' })).toBeNull();
});
