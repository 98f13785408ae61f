import { Agent } from 'undici';
import { describe, expect, test } from 'vitest';
import { WaybillError } from '../../../main/failure.ts';
import type { ReceivedLink } from '../../../main/links/link-card.ts';
import { ReceivedLinks } from '../../../main/links/received-links.ts';
import { parseEndpoint } from '../../../main/oss/endpoint.ts';
import { makeSignedUrl, type SignedUrlOptions } from '../../../main/oss/signed-url.ts';

const now = Date.UTC(2026, 10, 24, 12, 0, 0);

function makeUrl(fields: Partial<SignedUrlOptions> = {}): string {
  return makeSignedUrl({
    method: 'GET',
    bucket: 'samples',
    key: 'folder/报告 1.txt',
    endpoint: parseEndpoint('oss-cn-hangzhou.aliyuncs.com'),
    region: 'cn-hangzhou',
    signVersion: 'v4',
    accessKey: { accessKeyId: 'LTAI5tExampleExample', accessKeySecret: 'secret', securityToken: null },
    signedAt: now,
    expiresSeconds: 3600,
    ...fields,
  });
}

const links = new ReceivedLinks(new Agent());

function inspectLink(text: string, at = now): ReceivedLink {
  const card = links.inspect(text, at);
  if (card.kind !== 'link') throw new Error(card.kind);
  return card;
}

describe('a pasted link', () => {
  test('shows what it is for and who signed it, with the key masked', () => {
    expect(inspectLink(makeUrl({ params: { versionId: 'v1' } }))).toMatchObject({
      signVersion: 'v4',
      bucket: 'samples',
      key: 'folder/报告 1.txt',
      fileName: '报告 1.txt',
      secure: true,
      region: 'cn-hangzhou',
      versionId: 'v1',
      signedBy: 'LTAI…mple',
      temporary: false,
      validFrom: now,
      validUntil: now + 3_600_000,
      state: 'valid',
      repaired: [],
    });
  });

  test('carries neither its URL nor its signature', () => {
    const url = makeUrl();
    const signature = /x-oss-signature=([0-9a-f]{64})/.exec(url)?.[1] ?? 'none';
    const card = JSON.stringify(inspectLink(url));
    expect(url).toContain(signature);
    expect(card).not.toContain(signature);
    expect(card).not.toContain('LTAI5tExampleExample');
  });

  test('stays in main under its ID, mended', () => {
    const url = makeUrl();
    const { linkId, repaired } = inspectLink(`See <${url.replaceAll('&', '&amp;')}>.`);
    expect(repaired).toContain('entities');
    expect(links.get(linkId).url).toBe(url);
  });

  test('is valid until its end and expired from then on', () => {
    expect(inspectLink(makeUrl(), now + 3_599_999).state).toBe('valid');
    expect(inspectLink(makeUrl(), now + 3_600_000).state).toBe('expired');
  });

  test('starts at most 15 minutes ahead of the clock', () => {
    expect(inspectLink(makeUrl(), now - 15 * 60_000).state).toBe('valid');
    expect(inspectLink(makeUrl(), now - 15 * 60_000 - 1).state).toBe('not-yet-valid');
  });

  test('of V1 has no start', () => {
    expect(inspectLink(makeUrl({ signVersion: 'v1' }), now - 86_400_000)).toMatchObject({
      validFrom: null,
      state: 'valid',
    });
  });

  test('takes the name that the sender chose', () => {
    const params = { 'response-content-disposition': "attachment; filename*=UTF-8''%E4%BD%A0.pdf" };
    const card = inspectLink(makeUrl({ params }));
    expect(card.fileName).toBe('你.pdf');
    expect(card.boundParams).toEqual(Object.entries(params));
  });

  test.each([
    ['../../.bashrc', '.bashrc'],
    ['C:\\Windows\\evil.exe', 'evil.exe'],
    ['..', '_'],
    ['CON', 'CON_'],
    ['a\u0000b', 'a_b'],
    ['photo\u202egpj.exe', 'photo_gpj.exe'],
  ])('cannot name a file elsewhere or deceive: %j', (name, safe) => {
    const params = { 'response-content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(name)}` };
    expect(inspectLink(makeUrl({ params })).fileName).toBe(safe);
  });

  test('of a key that names nothing gets a name', () => {
    expect(inspectLink(makeUrl({ key: '..//' })).fileName).toBe('_');
  });
});

describe('what is no usable link is told apart', () => {
  test.each([
    ['hello', { kind: 'not-a-link' }],
    ['', { kind: 'not-a-link' }],
    [
      'https://samples.oss-cn-hangzhou.aliyuncs.com/a.txt',
      { kind: 'unsigned', host: 'samples.oss-cn-hangzhou.aliyuncs.com' },
    ],
    ['https://example.com/a', { kind: 'foreign', host: 'example.com', service: 'other' }],
    [
      'https://b.s3.amazonaws.com/a?X-Amz-Signature=00&X-Amz-Expires=60',
      { kind: 'foreign', host: 'b.s3.amazonaws.com', service: 's3' },
    ],
    [makeUrl().slice(0, -3), { kind: 'damaged', reason: 'cut-off' }],
    [makeUrl().replace(/&x-oss-expires=\d+/, ''), { kind: 'damaged', reason: 'no-expiry' }],
    [makeUrl().replace(/&?x-oss-signature=[0-9a-f]+/, ''), { kind: 'damaged', reason: 'no-signature' }],
  ])('%s', (text, card) => {
    expect(links.inspect(text, now)).toEqual(card);
  });

  test('an ID that was never given is refused', () => {
    expect(() => links.get(crypto.randomUUID())).toThrow(
      new WaybillError({ kind: 'input', field: 'link', rule: 'unknown' }),
    );
  });

  test('only the newest 200 links are remembered', () => {
    const many = new ReceivedLinks(new Agent());
    const ids = Array.from({ length: 201 }, () => {
      const card = many.inspect(makeUrl(), now);
      return card.kind === 'link' ? card.linkId : '';
    });
    expect(() => many.get(ids[0] ?? '')).toThrow(WaybillError);
    expect(many.get(ids[1] ?? '').url).toBe(makeUrl());
  });
});
