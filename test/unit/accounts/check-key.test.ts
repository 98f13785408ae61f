import { expect, test } from 'vitest';
import { checkAccessKey } from '../../../main/accounts/check-key.ts';
import { environmentDraft, readEnvironment } from '../../../main/accounts/environment-account.ts';
import { readSignedUrl } from '../../../main/links/text/pasted-link.ts';
import { failureText } from '../../../main/words/failure-text.ts';
import { translator } from '../../../main/words/translator.ts';

const key = { accessKeyId: 'LTAI5tExample', accessKeySecret: 'secret', securityToken: null };
const place = { OSS_ENDPOINT: 'https://oss-cn-hangzhou.aliyuncs.com', OSS_REGION: 'cn-hangzhou' };

test.each([
  [{ accessKeyId: 'exampleAK\u200b' }, 'accessKeyId', 'U+200B'],
  [{ accessKeyId: 'example\nAK' }, 'accessKeyId', 'U+000A'],
  [{ accessKeySecret: 'se cret' }, 'accessKeySecret', 'U+0020'],
  [{ securityToken: 'CAIS\u{1f600}' }, 'securityToken', 'U+1F600'],
])('%j is refused, naming field and character', (more, field, limit) => {
  const failure = { kind: 'input', field, rule: 'credential-character', limit } as const;
  expect(() => checkAccessKey({ ...key, ...more })).toThrow(expect.objectContaining({ failure }));
  expect(failureText(failure, translator('en')).next).toContain(limit);
});

test('a temporary ID without its token is refused before it is used', () => {
  const failure = { kind: 'input', field: 'securityToken', rule: 'token-missing' };
  expect(() => checkAccessKey({ ...key, accessKeyId: 'STS.NT' })).toThrow(expect.objectContaining({ failure }));
  expect(() => checkAccessKey({ ...key, accessKeyId: 'STS.NT', securityToken: 'CAIS' })).not.toThrow();
});

test.each([
  ['OSS_ACCESS_KEY_ID', { OSS_ACCESS_KEY_ID: 'a\u200b', OSS_ACCESS_KEY_SECRET: 's' }],
  ['OSS_SESSION_TOKEN', { OSS_ACCESS_KEY_ID: 'STS.a', OSS_ACCESS_KEY_SECRET: 's' }],
  [
    'ALIBABA_CLOUD_SECURITY_TOKEN',
    {
      ...{ ALIBABA_CLOUD_ACCESS_KEY_ID: 'STS.a', ALIBABA_CLOUD_ACCESS_KEY_SECRET: 's' },
      ALIBABA_CLOUD_SECURITY_TOKEN: 'CAIS\nabc',
    },
  ],
])('the variable at fault is named: %s', (field, variables) => {
  expect(readEnvironment(variables)).not.toBeNull();
  expect(() => environmentDraft({ ...place, ...variables })).toThrow(
    expect.objectContaining({ failure: expect.objectContaining({ kind: 'input', field }) as unknown }),
  );
});

test.each([
  'OSSAccessKeyId=STS.a&Expires=1999999999&Signature=ygvRqN1roBgbWSbKkOmelD%2BiqxI%3D',
  `x-oss-signature-version=OSS4-HMAC-SHA256&x-oss-credential=STS.a%2F20261129%2Fcn-hangzhou%2Foss%2Faliyun_v4_request&x-oss-date=20261129T000000Z&x-oss-expires=600&x-oss-signature=${'a'.repeat(64)}`,
])('a link of a temporary ID without its token was cut off: %s', (query) => {
  const reading = readSignedUrl(`https://b.oss-cn-hangzhou.aliyuncs.com/k?${query}`);
  expect(reading).toMatchObject({ kind: 'damaged', reason: 'cut-token' });
});
