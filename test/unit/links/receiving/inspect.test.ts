import { Agent } from 'undici';
import { describe, expect, test } from 'vitest';
import { WaybillError } from '../../../../main/failure.ts';
import type { ReceivedLink } from '../../../../main/links/receiving/link-card.ts';
import { withNote } from '../../../../main/links/text/link-note.ts';
import { ReceivedLinks } from '../../../../main/links/receiving/received-links.ts';
import { parseEndpoint } from '../../../../main/oss/endpoint.ts';
import { makeSignedUrl, type SignedUrlOptions } from '../../../../main/oss/signing/signed-url.ts';

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

  test('shows only the start of a short AccessKey ID, and names a file that has no name', () => {
    const keyOf = (accessKeyId: string) => ({ accessKeyId, accessKeySecret: 'secret', securityToken: null });
    const link = inspectLink(makeUrl({ key: 'folder//', accessKey: keyOf('LTAI5tEx') }));
    expect(link).toMatchObject({ signedBy: 'LT…', fileName: 'folder' });
    expect(inspectLink(makeUrl({ accessKey: keyOf('LTAI5tExa') })).signedBy).toBe('LTAI…tExa');
    const params = { 'response-content-disposition': 'attachment; filename="/"' };
    expect(inspectLink(makeUrl({ params })).fileName).toBe('download');
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

test('an address that nobody signed can be tried, and stays in main under its ID', () => {
  const url = 'http://samples.oss-cn-hangzhou.aliyuncs.com/a%20b.txt?versionId=v1';
  const card = links.inspect(url, now);
  if (card.kind !== 'public-file') throw new Error(card.kind);
  expect(card).toEqual({
    ...{ kind: 'public-file', linkId: card.linkId, bucket: 'samples', key: 'a b.txt', fileName: 'a b.txt' },
    ...{ host: 'samples.oss-cn-hangzhou.aliyuncs.com', exposed: true, versionId: 'v1' },
  });
  expect(links.target(card.linkId)).toMatchObject({ url, parts: { key: 'a b.txt' } });
  expect(links.inspect('https://samples.oss-cn-hangzhou.aliyuncs.com/?list-type=2', now).kind).toBe('unsigned');
});

describe('what is no usable link is told apart', () => {
  const linkId: unknown = expect.any(String);
  test.each([
    ['hello', { kind: 'not-a-link' }],
    ['', { kind: 'not-a-link' }],
    [
      'https://samples.oss-cn-hangzhou.aliyuncs.com/',
      { kind: 'unsigned', linkId, host: 'samples.oss-cn-hangzhou.aliyuncs.com' },
    ],
    ['https://example.com/a', { kind: 'foreign', linkId, host: 'example.com', service: 'other' }],
    [
      'https://b.s3.amazonaws.com/a?X-Amz-Signature=00&X-Amz-Expires=60',
      { kind: 'foreign', linkId, host: 'b.s3.amazonaws.com', service: 's3' },
    ],
    [makeUrl().slice(0, -3), { kind: 'damaged', reason: 'cut-off' }],
    [makeUrl().replace(/&x-oss-expires=\d+/, ''), { kind: 'damaged', reason: 'no-expiry' }],
    [makeUrl().replace(/&?x-oss-signature=[0-9a-f]+/, ''), { kind: 'damaged', reason: 'no-signature' }],
  ])('%s', (text, card) => {
    expect(links.inspect(text, now)).toEqual(card);
  });

  test.each([
    ['See https://example.com/page#part.', 'https://example.com/page#part'],
    ['https://b.s3.amazonaws.com/a?X-Amz-Signature=00', 'https://b.s3.amazonaws.com/a?X-Amz-Signature=00'],
    ['https://samples.oss-cn-hangzhou.aliyuncs.com/', 'https://samples.oss-cn-hangzhou.aliyuncs.com/'],
    ['https://samples.oss-cn-hangzhou.aliyuncs.com/a', 'https://samples.oss-cn-hangzhou.aliyuncs.com/a'],
    [
      'https://b.oss-cn-hangzhou.aliyuncs.com/a?x-oss-signature-version=OSS2&x-oss-access-key-id=k',
      'https://b.oss-cn-hangzhou.aliyuncs.com/a?x-oss-signature-version=OSS2&x-oss-access-key-id=k',
    ],
  ])('the address in %s is kept for the browser, and no field of the card holds it', (text, address) => {
    const card = links.inspect(text, now);
    expect(links.addressOf('linkId' in card ? card.linkId : '')).toBe(address);
    expect(JSON.stringify(card)).not.toContain('://');
  });

  test('a signed link of OSS is none for the browser', () => {
    const card = links.inspect(makeUrl(), now);
    expect(() => links.addressOf('linkId' in card ? card.linkId : '')).toThrow(WaybillError);
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

describe('a mangled link is repaired', () => {
  const token = {
    accessKeyId: 'STS.ExampleExample',
    accessKeySecret: 'secret',
    securityToken: 'CAIS+to/ken+of+some+length==',
  };
  const signatureOf = (url: string): string => /[?&]Signature=([^&]*)/.exec(url)?.[1] ?? '';
  const v1WithPlus = (fields: Partial<SignedUrlOptions> = {}): string => {
    for (let expiresSeconds = 1; ; expiresSeconds += 1) {
      const url = makeUrl({ signVersion: 'v1', expiresSeconds, ...fields });
      if (signatureOf(url).includes('%2B')) return url;
    }
  };

  test.each([
    ['with + turned into a blank', (url: string) => url.replaceAll('%2B', ' '), ['plus']],
    ['with + turned into %20', (url: string) => url.replaceAll('%2B', '%20'), ['plus']],
    ['with + left bare', (url: string) => url.replaceAll('%2B', '+'), ['plus']],
  ])('%s', (_what, mangle, repaired) => {
    for (const url of [v1WithPlus(), v1WithPlus({ accessKey: token }), `${v1WithPlus()}&x=1`]) {
      const link = inspectLink(`see ${mangle(url)}`, now);
      expect(link.repaired).toEqual(repaired);
      expect(links.get(link.linkId).url).toBe(url);
    }
  });

  test.each(['v4', 'v1'] as const)('encoded twice, with %s', (signVersion) => {
    for (const key of ['a b/报告.txt', '100%.txt', 'a%20b']) {
      const url = makeUrl({ signVersion, key, accessKey: token });
      const link = inspectLink(url.replaceAll('%', '%25'));
      expect(link).toMatchObject({ key, repaired: ['double-encoding'] });
      expect(links.get(link.linkId).url).toBe(url);
    }
  });

  test('sent through another service as a whole', () => {
    const url = makeUrl();
    const link = inspectLink(`https://safe.example/?u=${encodeURIComponent(url)}&data=1`);
    expect(link).toMatchObject({ bucket: 'samples', repaired: ['gateway'] });
    expect(links.get(link.linkId).url).toBe(url);
  });

  test('a key that only looks encoded twice stays as it is', () => {
    const url = makeUrl({ key: 'a%2Fb%20c' });
    expect(inspectLink(url)).toMatchObject({ key: 'a%2Fb%20c', repaired: [] });
  });
});

describe('what a link is for', () => {
  const upload = { method: 'PUT', headers: { 'content-type': 'text/plain' } } as const;

  test('is told by its note, which is not part of what is sent', () => {
    const url = makeUrl(upload);
    const link = inspectLink(withNote(url, upload));
    expect(link).toMatchObject({ note: upload, noteUnreadable: false, troubles: ['needs-headers'] });
    expect(links.get(link.linkId).url).toBe(url);
  });

  test('survives a mail', () => {
    const mailed = `Upload here:\n<${withNote(makeUrl(upload), upload)
      .replaceAll('&', '&amp;')
      .replace(/(.{70})/g, '$1\n')}>.`;
    expect(inspectLink(mailed)).toMatchObject({ note: upload });
  });

  test('stays unknown when the note is damaged', () => {
    expect(inspectLink(`${makeUrl(upload)}#waybill=AAAA`)).toMatchObject({ note: null, noteUnreadable: true });
  });

  test('and what makes it fail is said before anybody tries', () => {
    const url = makeUrl({
      signVersion: 'v1',
      endpoint: parseEndpoint('http://oss-cn-hangzhou-internal.aliyuncs.com'),
      params: { 'x-oss-ac-source-ip': '192.0.2.1' },
    });
    expect(inspectLink(url, now + 3_600_000).troubles).toEqual([
      'expired',
      'restricted',
      'internal-only',
      'not-encrypted',
      'v1',
    ]);
    for (const key of ['app.apk', 'tools/App.IPA']) {
      expect(inspectLink(makeUrl({ key })).troubles).toEqual(['apk-forbidden']);
    }
    const domain = parseEndpoint('https://files.example.com', { cname: true });
    expect(inspectLink(makeUrl({ key: 'app.apk', endpoint: domain })).troubles).toEqual([]);
    const long = makeUrl().replace('x-oss-expires=3600', 'x-oss-expires=604801');
    expect(inspectLink(long).troubles).toEqual(['too-long']);
  });
});

describe('what is no link does no harm', () => {
  test.each(['javascript:alert(1)', 'data:text/html,x', '\0', 'file:///etc/passwd', 'waybill:open'])('%s', (text) => {
    expect(links.inspect(text, now)).toEqual({ kind: 'not-a-link' });
  });

  test('a key with a NUL becomes a harmless name', () => {
    expect(inspectLink(makeUrl({ key: 'a\0b' }))).toMatchObject({ key: 'a\0b', fileName: 'a_b' });
  });

  test.each([
    ['addresses', 'https://'.repeat(25_000)],
    ['links that end early', 'https://a.oss-cn-hangzhou.aliyuncs.com/b?Signature=\n'.repeat(4000)],
    ['percent signs', `https://a.oss-cn-hangzhou.aliyuncs.com/${'%25'.repeat(60_000)}`],
    ['brackets', '<'.repeat(200_000)],
    ['blanks', `https://a.oss-cn-hangzhou.aliyuncs.com/?Signature=${' '.repeat(200_000)}`],
    // A pattern that runs away would take for ever: the time limit of the test sees it.
  ])('200 KB of %s are read to their end', (_what, text) => {
    expect(() => links.inspect(text, now)).not.toThrow();
  });
});
