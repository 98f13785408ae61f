import { describe, expect, test } from 'vitest';
import { parseEndpoint } from '../../../../main/oss/endpoint.ts';
import { signPartUrls } from '../../../../main/oss/signing/part-urls.ts';
import { signUrl } from '../../../../main/oss/signing/signed-url.ts';

const identity = {
  endpoint: parseEndpoint('oss-cn-hangzhou.aliyuncs.com'),
  region: 'cn-hangzhou',
  signVersion: 'v4',
  signedAt: Date.UTC(2026, 10, 30, 12),
  expiresSeconds: 604_800,
} as const;
const accessKey = { accessKeyId: 'LTAI5tTest', accessKeySecret: 'secret', securityToken: null };
const session = { accessKeyId: 'STS.NTest', accessKeySecret: 'secret', securityToken: 'CAIS+/==' };

describe.each([
  ['a key', accessKey],
  ['a session', session],
])('signed by %s', (_, by) => {
  test.each(['film.mov', 'partNumber={n}/{signature}/%7Bn%7D &?.bin', '旅行/夏天.zip', '..'])('%s', (key) => {
    const object = { ...identity, accessKey: by, bucket: 'inbox', key };
    const { template, signatures } = signPartUrls({ ...object, uploadId: '0004B9{n}', parts: 10_000 });
    for (const n of [1, 9, 10, 999, 10_000]) {
      const signature = signatures.subarray((n - 1) * 32, n * 32).toString('hex');
      const params = [['partNumber', String(n)] as const, ['uploadId', '0004B9{n}'] as const];
      const { url } = signUrl({ ...object, method: 'PUT', params });
      expect(template.replace('{n}', String(n)).replace('{signature}', signature)).toBe(url);
    }
  });
});
