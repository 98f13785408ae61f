import OSS from 'ali-oss';
import { expect, test } from 'vitest';
import type { AccessKey } from '../../../../main/oss/connection.ts';
import { type PostPolicyOptions, signPostPolicy } from '../../../../main/oss/signing/post-policy.ts';

const key: AccessKey = { accessKeyId: 'LTAI5tForms', accessKeySecret: 'secretOfForms', securityToken: null };
const temporary: AccessKey = { accessKeyId: 'STS.NUforms', accessKeySecret: 'other', securityToken: 'CAIStoken+/==' };

function sign(changes: Partial<PostPolicyOptions>) {
  const { json, fields } = signPostPolicy({
    ...{ bucket: 'samples', region: 'cn-hangzhou', signVersion: 'v4', accessKey: key },
    signedAt: Date.UTC(2026, 0, 2, 3, 4, 5, 678),
    validUntil: Date.UTC(2026, 0, 2, 4, 4, 5),
    conditions: [['starts-with', '$key', 'in/'], ['content-length-range', 1, 1024], { success_action_status: '200' }],
    ...changes,
  });
  return { json, fields, sent: Object.fromEntries(fields), policy: JSON.parse(json) as object };
}

/** The typings lack the method for V4. */
type Signer = OSS & { signPostObjectPolicyV4(policy: string, date: Date): string };

function aliOss({ accessKeyId, accessKeySecret }: AccessKey, region: string): Signer {
  return new OSS({ accessKeyId, accessKeySecret, region: `oss-${region}`, bucket: 'samples' }) as Signer;
}

/** What may stand in a policy, and what Base64 and JSON could be done differently for. */
const prefixes = ['in/abc/', 'фото/', '名前/ ü/', `a'b"c\\/`, 'emoji 😀/', 'x&y=z;%/', '', '\u2028/'];

test.each(prefixes)('the official client signs a policy about %j alike, in V4 and in V1', (prefix) => {
  for (const accessKey of [key, temporary]) {
    for (const region of ['cn-hangzhou', 'eu-central-1']) {
      const signedAt = Date.UTC(2026, 11, 31, 23, 59, 59);
      const options = { accessKey, region, signedAt, conditions: [['starts-with', '$key', prefix] as const] };
      const v4 = sign(options);
      const client = aliOss(accessKey, region);
      expect(v4.sent['x-oss-signature']).toBe(client.signPostObjectPolicyV4(v4.json, new Date(signedAt)));
      const v1 = sign({ ...options, signVersion: 'v1' });
      const { OSSAccessKeyId, policy, Signature } = v1.sent;
      expect({ OSSAccessKeyId, policy, Signature }).toEqual(client.calculatePostSignature(v1.json));
    }
  }
});

test('every field of the signature is a condition, the token too, and the order is kept', () => {
  const { fields, policy, sent } = sign({ accessKey: temporary });
  expect(policy).toEqual({
    expiration: '2026-01-02T04:04:05.000Z',
    conditions: [
      { bucket: 'samples' },
      { 'x-oss-signature-version': 'OSS4-HMAC-SHA256' },
      { 'x-oss-credential': 'STS.NUforms/20260102/cn-hangzhou/oss/aliyun_v4_request' },
      { 'x-oss-date': '20260102T030405Z' },
      { 'x-oss-security-token': 'CAIStoken+/==' },
      ['starts-with', '$key', 'in/'],
      ['content-length-range', 1, 1024],
      { success_action_status: '200' },
    ],
  });
  expect(fields.map(([name]) => name)).toEqual([
    ...['policy', 'x-oss-signature-version', 'x-oss-credential', 'x-oss-date', 'x-oss-signature'],
    'x-oss-security-token',
  ]);
  expect(sent['x-oss-signature']).toMatch(/^[0-9a-f]{64}$/);
});

test('V1 names key and token, and no date', () => {
  const { fields, policy } = sign({ accessKey: temporary, signVersion: 'v1' });
  expect(policy).toMatchObject({
    conditions: [{ bucket: 'samples' }, { 'x-oss-security-token': 'CAIStoken+/==' }, {}, {}, {}],
  });
  expect(fields.map(([name]) => name)).toEqual(['OSSAccessKeyId', 'policy', 'Signature', 'x-oss-security-token']);
});
