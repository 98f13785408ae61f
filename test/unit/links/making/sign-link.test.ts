import { Agent } from 'undici';
import { describe, expect, test } from 'vitest';
import type { Session } from '../../../../main/accounts/sts/credentials.ts';
import { WaybillError } from '../../../../main/failure.ts';
import { signLink, type LinkRequest } from '../../../../main/links/making/sign-link.ts';
import { type Connection, ServerClock } from '../../../../main/oss/connection.ts';
import { parseEndpoint } from '../../../../main/oss/endpoint.ts';
import { readSignedUrl } from '../../../../main/links/text/pasted-link.ts';

const now = Date.UTC(2026, 10, 24, 12, 0, 0);
const accessKey = { accessKeyId: 'LTAI5tExampleExample', accessKeySecret: 'secret', securityToken: null };
const longLived: Session = { accessKey, validUntil: null };
const token: Session = {
  accessKey: { ...accessKey, accessKeyId: 'STS.Example', securityToken: 'CAIS+token/=' },
  validUntil: now + 1_800_000,
};

function makeConnection(fields: Partial<Connection> = {}): Connection {
  return {
    endpoint: parseEndpoint('oss-cn-hangzhou.aliyuncs.com'),
    region: 'cn-hangzhou',
    signVersion: 'v4',
    accessKey: () => Promise.resolve(accessKey),
    dispatcher: new Agent(),
    clock: new ServerClock(() => now),
    ...fields,
  };
}

function makeRequest(fields: Partial<LinkRequest> = {}): LinkRequest {
  return {
    bucket: 'samples',
    key: 'a/b c+d.txt',
    versionId: null,
    expiresSeconds: 3600,
    fileName: null,
    open: null,
    ...fields,
  };
}

function read(url: string) {
  const reading = readSignedUrl(url);
  if (reading.kind !== 'link') throw new Error(reading.kind);
  return reading.parts;
}

describe('a share link', () => {
  test('names its bucket, key and end', () => {
    const link = signLink(makeConnection(), longLived, makeRequest());
    expect(link).toMatchObject({ validUntil: now + 3_600_000, limitedBy: 'expiry', sessionEndUnknown: false });
    expect(read(link.url)).toMatchObject({
      bucket: 'samples',
      key: 'a/b c+d.txt',
      signVersion: 'v4',
      region: 'cn-hangzhou',
      versionId: null,
      validUntil: now + 3_600_000,
      params: [],
    });
  });

  test('binds the version, "null" among them', () => {
    const link = signLink(makeConnection(), longLived, makeRequest({ versionId: 'null' }));
    expect(read(link.url).versionId).toBe('null');
    expect(link.versionId).toBe('null');
  });

  test('binds how it opens and the name for the receiver', () => {
    const link = signLink(makeConnection(), longLived, makeRequest({ open: 'download', fileName: '报告.txt' }));
    expect(read(link.url).params).toEqual([
      ['response-content-disposition', 'attachment; filename="__.txt"; filename*=UTF-8\'\'%E6%8A%A5%E5%91%8A.txt'],
    ]);
  });

  test.each(['v4', 'v1'] as const)(
    'ends with the session when that comes first, and says so itself: %s',
    (signVersion) => {
      const link = signLink(makeConnection({ signVersion }), token, makeRequest());
      expect(link).toMatchObject({ validUntil: now + 1_800_000, limitedBy: 'session' });
      expect(read(link.url)).toMatchObject({ temporary: true, validUntil: now + 1_800_000 });
    },
  );

  test('of a session that ends within a second ends before it', () => {
    const link = signLink(makeConnection(), { ...token, validUntil: now + 1_800_999 }, makeRequest());
    expect([link.validUntil, read(link.url).validUntil]).toEqual([now + 1_800_000, now + 1_800_000]);
  });

  test('of a session whose end nobody told is signed with what was asked', () => {
    const link = signLink(makeConnection(), { ...token, validUntil: 'unknown' }, makeRequest());
    expect(link.sessionEndUnknown).toBe(true);
    expect(read(link.url).validUntil).toBe(now + 3_600_000);
  });

  test('is dated by the server’s clock', () => {
    const clock = new ServerClock(() => now);
    clock.sync(now - 3_600_000);
    const link = signLink(makeConnection({ clock }), longLived, makeRequest({ expiresSeconds: 60 }));
    expect(read(link.url).signedAt).toBe(now - 3_600_000);
    expect(link.validUntil).toBe(now - 3_540_000);
  });

  test('that a correction of the clock moves says by how much', () => {
    const clock = new ServerClock(() => now);
    expect(signLink(makeConnection({ clock }), longLived, makeRequest())).not.toHaveProperty('clockOffsetMs');
    clock.sync(now + 59_999);
    expect(signLink(makeConnection({ clock }), longLived, makeRequest())).not.toHaveProperty('clockOffsetMs');
    clock.sync(now + 7_200_000);
    const link = signLink(makeConnection({ clock }), longLived, makeRequest());
    expect(link).toMatchObject({ validUntil: now + 3 * 3_600_000, clockOffsetMs: 7_200_000 });
  });

  test.each(['v1', 'v4'] as const)('is not moved by a server that is ten years ahead, with %s', (signVersion) => {
    const clock = new ServerClock(() => now);
    clock.sync(now + 10 * 365 * 86_400_000);
    const link = signLink(makeConnection({ clock, signVersion }), longLived, makeRequest());
    expect(read(link.url).validUntil).toBe(now + 3_600_000);
  });

  test('of more than 7 days is cut to them with V4 and kept with V1', () => {
    const month = makeRequest({ expiresSeconds: 30 * 86_400 });
    const v4 = signLink(makeConnection(), longLived, month);
    expect(v4.limitedBy).toBe('v4-limit');
    expect(read(v4.url).validUntil).toBe(v4.validUntil);
    const v1 = signLink(makeConnection({ signVersion: 'v1' }), longLived, month);
    expect(v1.limitedBy).toBe('expiry');
    expect(read(v1.url).validUntil).toBe(now + 30 * 86_400_000);
  });

  test('is refused when the session ends within a minute', () => {
    const ending: Session = { ...token, validUntil: now + 59_000 };
    expect(() => signLink(makeConnection(), ending, makeRequest())).toThrow(
      new WaybillError({ kind: 'credentials', cause: 'token-expired' }),
    );
  });
});
