import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { WaybillError } from '../../../../main/failure.ts';
import { readSignedUrl } from '../../../../main/links/text/pasted-link.ts';
import { makeSignedUrl, type SignedUrlOptions } from '../../../../main/oss/signing/signed-url.ts';
import type { SigningRecord } from '../../../vectors/records.ts';
import { linkOf, linkWithPlus, makeOptions, signedAt } from './links.ts';

function refusal(options: Partial<SignedUrlOptions>): string {
  try {
    return makeSignedUrl(makeOptions(options));
  } catch (error) {
    if (error instanceof WaybillError && error.failure.kind === 'input') return error.failure.rule;
    throw error;
  }
}

describe('making', () => {
  test.each([
    ['no time at all', { expiresSeconds: 0 }, 'expires-too-short'],
    ['half a second', { expiresSeconds: 0.5 }, 'expires-too-short'],
    ['more than seven days with V4', { expiresSeconds: 604_801 }, 'expires-too-long'],
    ['a version of a PUT', { method: 'PUT', params: { versionId: 'v' } }, 'version-on-put'],
    ['an x-oss-date header', { headers: { 'X-OSS-Date': 'x' } }, 'signature-field'],
    ['a parameter of the signature', { params: { 'x-oss-expires': '1' } }, 'signature-field'],
    ['V4 without a region', { region: ' ' }, 'region-missing'],
    ['an additional header that is not there', { additionalHeaders: ['range'] }, 'header-absent'],
    ['additional headers with V1', { signVersion: 'v1', additionalHeaders: ['host'] }, 'v4-only'],
    ['a key that is too long', { key: 'a'.repeat(1024) }, 'key-too-long'],
    ['a bucket that is no name', { bucket: 'evil.example/' }, 'bucket-name'],
  ] as const)('refuses %s', (_what, options, rule) => {
    expect(refusal(options)).toBe(rule);
  });

  test('a link of more than seven days is possible with V1', () => {
    const url = makeSignedUrl(makeOptions({ signVersion: 'v1', expiresSeconds: 30 * 86_400 }));
    expect(linkOf(readSignedUrl(url)).parts.validUntil).toBe(signedAt + 30 * 86_400_000);
  });

  test('seven days are possible with V4', () => {
    expect(refusal({ expiresSeconds: 604_800 })).toContain('x-oss-expires=604800');
  });

  test('a + in a V1 signature is sent as %2B', () => {
    expect(linkWithPlus()).not.toContain('+');
  });

  test('dot segments keep their slashes as %2F, so that no client collapses them', () => {
    const url = makeSignedUrl(makeOptions({ key: 'a/../b' }));
    expect(new URL(url).pathname).toBe('/a%2F..%2Fb');
  });

  test('host can be bound, and is filled in', () => {
    const url = makeSignedUrl(makeOptions({ additionalHeaders: ['Host'] }));
    expect(linkOf(readSignedUrl(url)).parts.additionalHeaders).toEqual(['host']);
  });

  test('blanks around the AccessKey do not get into the link', () => {
    const accessKey = { accessKeyId: ' AKIDEXAMPLE\n', accessKeySecret: '\ttestSecret ', securityToken: null };
    expect(makeSignedUrl(makeOptions({ accessKey }))).toBe(makeSignedUrl(makeOptions()));
  });
});

describe.each(['signing-v4.json', 'signing-v1.json'])('links made by the official SDKs: %s', (file) => {
  const { vectors } = JSON.parse(readFileSync(new URL(`../../../vectors/${file}`, import.meta.url), 'utf8')) as {
    vectors: SigningRecord[];
  };
  const links = vectors.filter(({ kind, conforms, key }) => kind === 'query' && conforms && key !== null);

  test.each(links.map((record) => [record.id, record] as const))('%s is read', (_id, record) => {
    const { parts } = linkOf(readSignedUrl(record.expected.url));
    expect(parts).toMatchObject({
      signVersion: record.sig_version,
      bucket: record.addressing === 'cname' ? null : record.bucket,
      key: record.key,
      accessKeyId: record.accessKeyId.trim(),
      temporary: record.securityToken !== null,
      validUntil: (record.signing_time.unix + (record.expires_seconds ?? 0)) * 1000,
      versionId: record.params.find(([name]) => name === 'versionId')?.[1] ?? null,
    });
    expect(new Map(parts.params)).toEqual(new Map(record.params.map(([name, value]) => [name, value ?? ''])));
  });
});
