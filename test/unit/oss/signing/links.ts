import { parseEndpoint } from '../../../../main/oss/endpoint.ts';
import type { LinkReading } from '../../../../main/links/text/pasted-link.ts';
import { makeSignedUrl, type SignedUrlOptions } from '../../../../main/oss/signing/signed-url.ts';

export const signedAt = Date.UTC(2026, 10, 24, 18, 30);

export function makeOptions(options: Partial<SignedUrlOptions> = {}): SignedUrlOptions {
  return {
    method: 'GET',
    bucket: 'example-bucket',
    key: 'dir/a b+c.txt',
    endpoint: parseEndpoint('oss-cn-hangzhou.aliyuncs.com'),
    region: 'cn-hangzhou',
    signVersion: 'v4',
    accessKey: { accessKeyId: 'AKIDEXAMPLE', accessKeySecret: 'testSecret', securityToken: null },
    signedAt,
    expiresSeconds: 3600,
    ...options,
  };
}

export const temporary = { accessKeyId: 'STS.Example', accessKeySecret: 'testSecret', securityToken: 'CAIS+to/ken=' };

/** A V1 link with a `+` in its signature. */
export function linkWithPlus(accessKey = makeOptions().accessKey): string {
  for (let expiresSeconds = 1; ; expiresSeconds += 1) {
    const url = makeSignedUrl(makeOptions({ signVersion: 'v1', expiresSeconds, accessKey }));
    if (url.includes('Signature=') && /Signature=[^&]*%2B/.test(url)) return url;
  }
}

export function linkOf(reading: LinkReading): Extract<LinkReading, { kind: 'link' }> {
  if (reading.kind !== 'link') throw new Error(`read as ${JSON.stringify(reading)}`);
  return reading;
}
