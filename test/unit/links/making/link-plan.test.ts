import { describe, expect, test } from 'vitest';
import { planLink } from '../../../../main/links/making/link-plan.ts';
import type { LinkRequest } from '../../../../main/links/making/sign-link.ts';
import { type Connection, ServerClock } from '../../../../main/oss/connection.ts';
import { parseEndpoint } from '../../../../main/oss/endpoint.ts';

const now = Date.UTC(2026, 10, 24, 12);

function plan(
  fields: Partial<LinkRequest>,
  sessionValidUntil: number | null | 'unknown' = null,
  changes: Partial<Connection> = {},
) {
  const connection = {
    endpoint: parseEndpoint('oss-cn-hangzhou.aliyuncs.com'),
    region: 'cn-hangzhou',
    signVersion: 'v4' as const,
    clock: new ServerClock(() => now),
    ...changes,
  };
  const object = { bucket: 'samples', key: 'a.html', versionId: null, fileName: null, open: null };
  return planLink(connection, sessionValidUntil, { ...object, expiresSeconds: 3600, ...fields });
}

describe('the plan of a link', () => {
  test('has its end and what limits it, before anything is signed', () => {
    expect(plan({})).toEqual({
      validity: { validUntil: now + 3_600_000, limitedBy: 'expiry', sessionEndUnknown: false },
      problems: [],
      warnings: [],
      hosts: ['public', 'internal', 'accelerate', 'dualstack'],
    });
    expect(plan({}, now + 600_000).validity).toMatchObject({ validUntil: now + 600_000, limitedBy: 'session' });
    expect(plan({}, 'unknown').validity).toMatchObject({ sessionEndUnknown: true });
    expect(plan({ expiresSeconds: 30 * 86_400 }).validity).toMatchObject({ limitedBy: 'v4-limit' });
  });

  test('takes a moment, by the server’s clock', () => {
    expect(plan({ expiresSeconds: undefined, validUntil: now + 90_500 }).validity?.validUntil).toBe(now + 90_000);
  });

  test('names everything that is wrong at once, with its range', () => {
    const { validity, problems } = plan({
      expiresSeconds: undefined,
      validUntil: now - 1000,
      trafficLimitBitsPerSecond: 1,
      host: { domain: 'not a domain' },
    });
    expect(validity).toBeNull();
    expect(problems.map(({ field, rule }) => [field, rule])).toEqual([
      ['x-oss-traffic-limit', 'traffic-limit'],
      ['validUntil', 'expires-too-short'],
      ['endpoint', 'endpoint-format'],
    ]);
    expect(problems[0]?.limit).toBe('819200…838860800');
  });

  test.each([
    [{ host: 'internal' }, ['internal-only']],
    [{ host: 'accelerate' }, ['accelerate-needed']],
    [{ host: { domain: 'files.example.com' } }, ['domain-needed']],
    [{ host: { domain: 'http://files.example.com' } }, ['http', 'domain-needed']],
    [{ host: 'dualstack' }, []],
    [{ key: 'app/Waybill.APK' }, ['apk-forbidden']],
    [{ key: 'app.ipa', host: 'accelerate' }, ['accelerate-needed', 'apk-forbidden']],
    [{ key: 'app.ipa', host: 'internal' }, ['internal-only']],
    [{ key: 'app.ipa', host: { domain: 'files.example.com' } }, ['domain-needed']],
    [{ key: 'app.ipa.zip' }, []],
    [{ open: 'preview', host: 'accelerate' }, ['accelerate-needed', 'preview-needs-domain']],
    [{ access: { sourceIp: '192.0.2.1' } }, ['ac-unconfirmed-v4']],
    [{ access: { sourceIp: '192.0.2.1' }, signVersion: 'v1' }, ['v1-closed']],
    [{ open: 'preview' }, ['preview-needs-domain']],
    [{ method: 'PUT' }, ['no-content-type']],
    [{ method: 'PUT', upload: { contentType: 'a/b', forbidOverwrite: true } }, ['overwrite-with-versions']],
    [{ method: 'DELETE' }, ['deletes']],
    [{ key: '..' }, ['cannot-be-sent']],
  ] as const)('warns: %j', (fields, warnings) => {
    expect(plan(fields as Partial<LinkRequest>)).toMatchObject({ problems: [], warnings });
  });

  test.each([
    ['oss-cn-hangzhou.aliyuncs.com', 'cn-hangzhou', undefined, true],
    ['oss-cn-hangzhou-internal.aliyuncs.com', 'cn-hangzhou', undefined, false],
    ['oss-cn-hangzhou-internal.aliyuncs.com', 'cn-hangzhou', 'public', true],
    ['oss-cn-hangzhou.aliyuncs.com', 'cn-hangzhou', 'accelerate', false],
    ['oss-cn-hangzhou.aliyuncs.com', 'cn-hangzhou', { domain: 'files.example.com' }, false],
    ['oss-cn-hongkong.aliyuncs.com', 'cn-hongkong', undefined, false],
    ['oss-ap-southeast-1.aliyuncs.com', 'ap-southeast-1', undefined, false],
    ['http://127.0.0.1:9000', 'cn-hangzhou', undefined, true],
  ] as const)('on %s (%s), where data calls were refused, with host %j', (server, region, host, warns) => {
    const connection = { endpoint: parseEndpoint(server), region, isPublicHostRefused: true };
    const { warnings } = plan({ host }, null, connection);
    expect(warnings.includes('public-host-refused')).toBe(warns);
  });
});
