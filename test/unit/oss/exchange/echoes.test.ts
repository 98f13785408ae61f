import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formsOf, repeatsSecret, secretsOfRequest, withoutSecrets } from '../../../../main/oss/exchange/echoes.ts';
import { anyUnicode } from '../../../support/any-unicode.ts';

const token = 'CAISv8A+/bZ3xQ9tLw0eRkY5uJm2sHn7dPg4fVc1oWi6==';

test('what authorises a request is found in its headers and its query', () => {
  const headers = { authorization: 'OSS4-HMAC-SHA256 Credential=AK/x,Signature=5e5e', 'x-oss-security-token': token };
  expect(secretsOfRequest('/k', headers)).toEqual(expect.arrayContaining([headers.authorization, '5e5e', token]));
  expect(secretsOfRequest('/k', { authorization: 'OSS AK:c2lnbmF0dXJl=' })).toContain('c2lnbmF0dXJl=');
  const path = `/k?x-oss-signature=beef&x-oss-security-token=${encodeURIComponent(token)}&a=public`;
  expect(secretsOfRequest(path, {})).toEqual(['beef', encodeURIComponent(token), token]);
  expect(secretsOfRequest('/k', {}, { accessKeyId: 'AK', accessKeySecret: 'secret', securityToken: null })).toEqual([
    'secret',
  ]);
  expect(secretsOfRequest('/k?Signature=%zzzz&security-token=abc', { 'user-agent': 'Waybill' })).toContain('%zzzz');
});

test('wherever a secret stands, whole, encoded or in lines, nothing of 16 characters is left', () => {
  const form = fc.constantFrom(token, encodeURIComponent(token), (token.match(/.{1,20}/g) ?? []).join('\n'));
  fc.assert(
    fc.property(anyUnicode, form, anyUnicode, (before, echoed, after) => {
      const clean = withoutSecrets(before + echoed + after, formsOf([token]));
      for (let at = 0; at + 16 <= token.length; at += 1) expect(clean).not.toContain(token.slice(at, at + 16));
      expect(repeatsSecret(clean, formsOf([token]))).toBe(false);
    }),
  );
});

test('what is no secret stays as it is', () => {
  fc.assert(
    fc.property(anyUnicode, (text) => {
      expect(withoutSecrets(text, formsOf([token, null, undefined, 'abc']))).toBe(text);
    }),
  );
  const message = 'The region is invalid, expected cn-shanghai/oss/aliyun_v4_request.';
  const authorization = 'OSS4-HMAC-SHA256 Credential=AK/20261124/cn-hangzhou/oss/aliyun_v4_request,Signature=5e5e';
  expect(withoutSecrets(message, secretsOfRequest('/k', { authorization }))).toBe(message);
});

test('a listing may hold the word that is the secret of a test server', () => {
  const secrets = formsOf(['test', token]);
  expect(repeatsSecret('<Key>latest.txt</Key>', secrets)).toBe(false);
  expect(repeatsSecret(`<Key>${token}</Key>`, secrets)).toBe(true);
  expect(withoutSecrets('no: test', secrets)).toBe('no: [redacted]');
});
