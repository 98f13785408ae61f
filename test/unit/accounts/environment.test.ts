import { describe, expect, test } from 'vitest';
import { environmentDraft, readEnvironment } from '../../../main/accounts/environment-account.ts';

const key = { OSS_ACCESS_KEY_ID: 'LTAI-oss', OSS_ACCESS_KEY_SECRET: 'oss-secret' };
const other = { ALIBABA_CLOUD_ACCESS_KEY_ID: 'LTAI-ali', ALIBABA_CLOUD_ACCESS_KEY_SECRET: 'ali-secret' };

describe('credentials in the environment', () => {
  test.each([
    ['nothing', {}],
    ['an ID without a secret', { OSS_ACCESS_KEY_ID: 'LTAI' }],
    ['an empty secret', { OSS_ACCESS_KEY_ID: 'LTAI', OSS_ACCESS_KEY_SECRET: '' }],
  ])('%s is no offer', (_, environment) => {
    expect(readEnvironment(environment)).toBeNull();
    expect(environmentDraft(environment)).toBeNull();
  });

  test('the offer holds no secret', () => {
    const found = readEnvironment({
      ...key,
      OSS_SESSION_TOKEN: 'the-token',
      OSS_ENDPOINT: 'oss-cn-beijing.aliyuncs.com',
    });
    expect(found).toEqual({
      accessKeyId: 'LTAI-oss',
      temporary: true,
      endpoint: 'oss-cn-beijing.aliyuncs.com',
      region: null,
    });
  });

  test('the names of OSS’s tools win over those of the SDKs, and never mix with them', () => {
    const draft = environmentDraft({ ...other, ...key, ALIBABA_CLOUD_SECURITY_TOKEN: 'ali-token' });
    expect(draft).toMatchObject({ accessKeyId: 'LTAI-oss', accessKeySecret: 'oss-secret', securityToken: null });
  });

  test('the names of the SDKs do too', () => {
    expect(environmentDraft({ ...other, ALIBABA_CLOUD_SECURITY_TOKEN: 'ali-token' })).toMatchObject({
      accessKeyId: 'LTAI-ali',
      securityToken: 'ali-token',
      remember: false,
    });
  });

  test.each([
    [{}, 'https://oss-cn-hangzhou.aliyuncs.com', 'cn-hangzhou'],
    [{ OSS_REGION: 'cn-beijing' }, 'https://oss-cn-beijing.aliyuncs.com', 'cn-beijing'],
    [{ OSS_REGION: 'oss-cn-beijing' }, 'https://oss-cn-beijing.aliyuncs.com', 'cn-beijing'],
    [{ OSS_ENDPOINT: 'oss-us-west-1.aliyuncs.com' }, 'oss-us-west-1.aliyuncs.com', 'us-west-1'],
    [
      { OSS_ENDPOINT: 'oss-cn-hzfinance.aliyuncs.com', OSS_REGION: 'cn-hangzhou-finance' },
      'oss-cn-hzfinance.aliyuncs.com',
      'cn-hangzhou-finance',
    ],
    [{ ALIBABA_CLOUD_REGION_ID: 'cn-beijing' }, 'https://oss-cn-beijing.aliyuncs.com', 'cn-beijing'],
    [
      { OSS_ENDPOINT: 'oss-us-west-1.aliyuncs.com', ALIBABA_CLOUD_REGION_ID: 'cn-beijing' },
      'oss-us-west-1.aliyuncs.com',
      'us-west-1',
    ],
    [
      { OSS_ENDPOINT: 'oss-accelerate.aliyuncs.com', ALIBABA_CLOUD_REGION_ID: 'cn-beijing' },
      'oss-accelerate.aliyuncs.com',
      'cn-beijing',
    ],
    [{ OSS_ENDPOINT: 'http://127.0.0.1:9', OSS_REGION: 'cn-beijing' }, 'http://127.0.0.1:9', 'cn-beijing'],
  ])('%j leads to %s', (environment, endpoint, region) => {
    expect(environmentDraft({ ...key, ...environment })).toMatchObject({ endpoint, region });
  });

  test.each(['oss-accelerate.aliyuncs.com', 'oss.intern.example.com'])('%s alone tells no region', (endpoint) => {
    expect(() => environmentDraft({ ...key, OSS_ENDPOINT: endpoint })).toThrow('region-missing');
  });
});
