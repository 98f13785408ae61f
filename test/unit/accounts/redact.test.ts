import { expect, test } from 'vitest';
import { registerSecrets } from '../../../main/accounts/live-secrets.ts';
import { redact } from '../../../main/accounts/redact.ts';

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
  ['a session token of the environment', 'OSS_SESSION_TOKEN=CAIStoken', ['CAIStoken']],
  ['a token header', 'x-oss-security-token: CAIStoken', ['CAIStoken']],
  ['a token header of STS', "'x-acs-security-token': 'CAIStoken'", ['CAIStoken']],
  ['a token in XML', '<SecurityToken>CAIStoken</SecurityToken>', ['CAIStoken']],
  ['a secret in XML', '<AccessKeySecret>s3cr3t</AccessKeySecret>', ['s3cr3t']],
  ['a secret in JSON inside JSON', JSON.stringify({ body: '{"accessKeySecret":"s3cr3t"}' }), ['s3cr3t']],
  ['a name of the SDK', '{ stsToken: "CAIStoken" }', ['CAIStoken']],
  ['a secret of Ruby', ':access_key_secret => "s3cr3t"', ['s3cr3t']],
  ['a signed URL, percent-encoded', encodeURIComponent('https://b.example/k?Signature=c2ln&x=1'), ['c2ln']],
  [
    'a signed URL, encoded twice',
    encodeURIComponent(encodeURIComponent('https://b.example/k?x-oss-signature=beef')),
    ['beef'],
  ],
  [
    'type A of a CDN',
    'https://c.example/k?auth_key=1444435200-0-0-80cd3862d699b7118eed99103f2a3a4f',
    ['80cd38', '1444'],
  ],
  ['type B of a CDN', 'at https://c.example/201508150800/9044548ef1527deadafa49a890a377f0/k.mp3', ['9044548e']],
  ['type C of a CDN', 'https://c.example/a37fa50a5fb8f71214b1e7c95ec7a1bd/55CE8100/k.flv', ['a37fa50a']],
  ['type F of a CDN', 'https://c.example/k?sign=a37fa50a5fb8f71214b1e7c95ec7a1bd&time=55CE8100', ['a37fa50a']],
  ['the key of a CDN', 'WAYBILL_CDN_KEY=aliyuncdnexp1234', ['aliyuncdn']],
  ['the key of a CDN in JSON', '{"cdnKey":"aliyuncdnexp1234"}', ['aliyuncdn']],
  ['the password of a proxy', 'Proxy-Authorization: Basic YWxpY2U6aHVudGVyMg==', ['YWxpY2U']],
  ['the user of a proxy URL', 'connect to http://alice:hunter2@proxy.example:3128 failed', ['hunter2', 'alice']],
  ['a password', 'password=hunter2', ['hunter2']],
  ['a passphrase', '{"passphrase":"correct horse battery"}', ['correct', 'horse', 'battery']],
  ['a value with a quote inside', 'accessKeySecret=s3"cr3t', ['s3"', 'cr3t']],
  ['a value with an escaped quote', '{"password":"hun\\"ter2"}', ['hun', 'ter2']],
  ['a value in single quotes', "accessKeySecret: 's3cr3t/+='", ['s3cr3t']],
])('%s does not reach the log', (_what, text, secrets) => {
  for (const secret of secrets) expect(redact(text)).not.toContain(secret);
});

test('what is no secret stays readable', () => {
  const text = 'GET https://b.oss-cn-hangzhou.aliyuncs.com/a/b.txt?versionId=abc failed: NoSuchKey (65F0)';
  expect(redact(text)).toBe(text);
});

test('JSON stays JSON, and what follows a secret is kept', () => {
  expect(redact('{"accessKeySecret":"s3cr3t","bucket":"b"}')).toMatch(
    /^\{"accessKeySecret":\[redacted\],"bucket":"b"\}$/,
  );
  expect(redact('https://b.example/k?x-oss-signature=beef&x-oss-expires=60')).toBe(
    'https://b.example/k?x-oss-signature=[redacted]&x-oss-expires=60',
  );
  expect(redact('<SecurityToken>CAIS</SecurityToken><Bucket>b</Bucket>')).toBe(
    '<SecurityToken>[redacted]</SecurityToken><Bucket>b</Bucket>',
  );
});

test('a secret in memory is replaced wherever it stands, as long as something holds it', () => {
  const key = registerSecrets({ accessKeySecret: 'kQ7/z+Pw2LmX9', securityToken: `CAIS${'aB3+/'.repeat(12)}==` });
  const text = `EPROTO ${key.accessKeySecret} at ${encodeURIComponent(key.accessKeySecret)}, then ${key.securityToken.slice(5, 40)}`;
  expect(redact(text)).toBe('EPROTO [redacted] at [redacted], then [redacted]');
  registerSecrets({ password: 'hunter2-hunter2' });
  expect(redact('with hunter2-hunter2')).toBe('with [redacted]');
});

test.each(['token=', 'secret', '"', "token:'", 'a'.repeat(10), '://', 'password="\\', '%25', '\\"', 'Basic ', '=>'])(
  'a long text of %j is read at once',
  (piece) => {
    const start = performance.now();
    redact(piece.repeat(100_000 / piece.length));
    redact(`token=${piece.repeat(100_000 / piece.length)}`);
    expect(performance.now() - start).toBeLessThan(2000);
  },
);
