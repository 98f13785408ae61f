import { expect, test } from 'vitest';
import { redact } from '../../../../main/shell/security/redact.ts';

test.each([
  ['a V1 signature', 'https://b.example/k?OSSAccessKeyId=AKID&Expires=1&Signature=aB%2Bc%3D', ['aB%2Bc', 'AKID']],
  ['a V4 signature', 'https://b.example/k?x-oss-signature=deadbeef&x-oss-expires=60', ['deadbeef']],
  ['a V4 credential', 'https://b.example/k?x-oss-credential=AKID%2F2026&x-oss-expires=60', ['AKID']],
  ['a security token in a URL', 'https://b.example/k?security-token=CAIS%2Btoken&Expires=1', ['CAIS']],
  ['a security token of V4', 'https://b.example/k?x-oss-security-token=CAIStoken', ['CAIStoken']],
  ['an Authorization header', 'Authorization: OSS4-HMAC-SHA256 Credential=AKID/x,Signature=beef', ['beef', 'AKID']],
  ['a V1 Authorization header', '"authorization":"OSS AKID:c2lnbmF0dXJl"', ['c2lnbmF0dXJl']],
  ['a secret in JSON', '{"accessKeySecret":"s3cr3t/+=","bucket":"b"}', ['s3cr3t']],
  ['a token in JSON', '{"securityToken":"CAIStoken"}', ['CAIStoken']],
  ['an environment variable', 'OSS_ACCESS_KEY_SECRET=s3cr3t', ['s3cr3t']],
])('%s does not reach the log', (_what, text, secrets) => {
  for (const secret of secrets) expect(redact(text)).not.toContain(secret);
});

test('what is no secret stays readable', () => {
  const text = 'GET https://b.oss-cn-hangzhou.aliyuncs.com/a/b.txt?versionId=abc failed: NoSuchKey (65F0)';
  expect(redact(text)).toBe(text);
});
