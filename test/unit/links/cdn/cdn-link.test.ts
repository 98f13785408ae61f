import { describe, expect, test } from 'vitest';
import { type CdnAuth, cdnAuthSchema, cdnKeySchema } from '../../../../main/links/cdn/cdn-auth.ts';
import { usualNames } from '../../../../main/links/text/cdn-url.ts';
import {
  type CdnLinkOptions,
  type CdnLinkRequest,
  planCdnLink,
  signCdnLink,
} from '../../../../main/links/cdn/cdn-link.ts';
import { toFailure } from '../../../../main/failure.ts';
import { edgeAnswer, type EdgeRules } from '../../../support/cdn-edge.ts';

const NOW = Date.parse('2026-11-30T23:59:45Z');
const KEY = 'Primary0123456789';
const SECOND = 'Secondary0123456789';

const keys = [KEY, SECOND];
const kinds: readonly (readonly [string, CdnAuth, EdgeRules])[] = [
  ['A', { type: 'A' }, { type: 'A', keys, ttl: 1800 }],
  ['B', { type: 'B' }, { type: 'B', keys, ttl: 1800 }],
  ['C in the path', { type: 'C', names: null }, { type: 'C', keys, ttl: 1800 }],
  ['C in parameters', { type: 'C', names: usualNames.C }, { type: 'C', keys, ttl: 1800, sign: 'KEY1', time: 'KEY2' }],
  ['F', { type: 'F', names: usualNames.F, time: 'hex', path: 'encoded' }, { type: 'F', keys, ttl: 1800 }],
  [
    'F with its own names, decimal, decoded',
    { type: 'F', names: { sign: 's-1', time: 't_1' }, time: 'decimal', path: 'decoded' },
    { type: 'F', keys, ttl: 1800, sign: 's-1', time: 't_1', decimal: true, hashesDecoded: true },
  ],
];

const fileKeys = [
  'video/standard/1K.html',
  '目录/报告 2026.pdf',
  'a+b&c=d?e#f%20g\'(h)!*;,:@$[]{}|\\^`"<>.txt',
  'emoji-🚢/ü/é.bin',
  'a//b/ ',
  'a/../b/./c',
  '%2F%41',
];

interface Wanted extends CdnLinkOptions {
  readonly key?: string;
  readonly validitySeconds?: number;
  readonly privateKey?: string;
}

function requestFor(auth: CdnAuth, wanted: Wanted = {}): CdnLinkRequest & { readonly privateKey: string } {
  const { key = 'a.txt', validitySeconds = 1800, privateKey = KEY, ...options } = wanted;
  const domain = { domain: 'cdn.example.com', auth, validitySeconds };
  return { domain, key, options: { expiresSeconds: 3600, ...options }, now: NOW, privateKey };
}

function targetOf(url: string): string {
  expect(url).toMatch(/^https:\/\/cdn\.example\.com\//);
  return url.slice('https://cdn.example.com'.length);
}

describe.each(kinds)('type %s', (_name, auth, rules) => {
  test.each(fileKeys)('a link to %j is accepted until its end, and not a second longer', (key) => {
    const { url, validUntil } = signCdnLink(requestFor(auth, { key }));
    const target = targetOf(url);
    const end = validUntil / 1000;
    expect(validUntil).toBeLessThanOrEqual(Math.floor(NOW / 1000) * 1000 + 3_600_000);
    expect(validUntil).toBeGreaterThan(NOW + 3_600_000 - 61_000);
    for (const at of [Math.floor(NOW / 1000), end]) {
      const answer = edgeAnswer(rules, target, at);
      expect(answer).toMatchObject({ status: 200 });
      if (answer.status === 200) expect(decodeURIComponent(answer.path)).toBe(`/${key}`);
    }
    expect(edgeAnswer(rules, target, end + 1)).toEqual({ status: 403, why: 'expired' });
  });

  test('the secondary key works as well, and any other key is refused', () => {
    const now = NOW / 1000;
    const signed = (privateKey: string) => targetOf(signCdnLink(requestFor(auth, { privateKey })).url);
    expect(edgeAnswer(rules, signed(SECOND), now).status).toBe(200);
    expect(edgeAnswer(rules, signed('Another0123456789'), now)).toEqual({ status: 403, why: 'wrong hash' });
  });

  test('a link for less time than the validity of the CDN has a time in the past, and ends when asked', () => {
    const { url, validUntil } = signCdnLink(requestFor(auth, { expiresSeconds: 300, validitySeconds: 86_400 }));
    expect(validUntil).toBeLessThanOrEqual(NOW + 300_000);
    const longer = { ...rules, ttl: 86_400 };
    expect(edgeAnswer(longer, targetOf(url), validUntil / 1000).status).toBe(200);
    expect(edgeAnswer(longer, targetOf(url), validUntil / 1000 + 1).status).toBe(403);
  });

  test('another path, another time or none of the authentication is refused', () => {
    const target = targetOf(signCdnLink(requestFor(auth, { key: 'dir/a.txt' })).url);
    const now = NOW / 1000;
    expect(edgeAnswer(rules, target.replace('a.txt', 'b.txt'), now).status).toBe(403);
    expect(edgeAnswer(rules, '/dir/a.txt', now).status).toBe(403);
    const later = target.replace(/(?<=[/=])(\d{12}|[0-9A-F]{8}|\d{10})(?=[/&-]|$)/, (time) => `3${time.slice(1)}`);
    expect(later).not.toBe(target);
    expect(edgeAnswer(rules, later, now)).toMatchObject({ status: 403 });
  });
});

describe('parameters', () => {
  const process = 'image/resize,w_200/format,webp';

  test.each(kinds.slice(0, 4))(
    'type %s takes them along, and warns that they are open to change',
    (_name, auth, rules) => {
      const { url, warnings } = signCdnLink(requestFor(auth, { process }));
      expect(warnings).toContain('cdn-query-open');
      const answer = edgeAnswer(rules, targetOf(url), NOW / 1000);
      expect(answer).toEqual({ status: 200, path: `/a.txt?x-oss-process=${encodeURIComponent(process)}` });
      const changed = edgeAnswer(rules, targetOf(url).replace('w_200', 'w_4000'), NOW / 1000);
      expect(changed.status).toBe(200);
    },
  );

  test('type F refuses them before a link exists', () => {
    const request = requestFor({ type: 'F', names: usualNames.F, time: 'hex', path: 'encoded' }, { process });
    expect(planCdnLink(request).problems).toEqual([{ kind: 'input', field: 'x-oss-process', rule: 'cdn-no-query' }]);
    expect(() => signCdnLink(request)).toThrow('cdn-no-query');
  });
});

describe('what can not be', () => {
  const ruleOf = (work: () => unknown): string => {
    try {
      work();
    } catch (error) {
      const failure = toFailure(error);
      return failure.kind === 'input' ? failure.rule : failure.kind;
    }
    return 'none';
  };

  test.each([
    ['a host of OSS', 'b.oss-cn-hangzhou.aliyuncs.com', 'cdn-oss-host'],
    ['a path behind the host', 'cdn.example.com/dir', 'endpoint-format'],
    ['a host in another script', 'cdn.例子.com', 'endpoint-format'],
  ])('%s is no domain of a CDN', (_what, domain, rule) => {
    const request = requestFor({ type: 'A' });
    const refused = { ...request, domain: { ...request.domain, domain } };
    expect(ruleOf(() => signCdnLink(refused))).toBe(rule);
    expect(planCdnLink(refused).problems.map((problem) => problem.rule)).toEqual([rule]);
  });

  test('a lifetime that rounds to nothing is refused, since type B counts minutes', () => {
    expect(ruleOf(() => signCdnLink(requestFor({ type: 'B' }, { expiresSeconds: 10 })))).toBe('expires-too-short');
    expect(ruleOf(() => signCdnLink(requestFor({ type: 'A' }, { expiresSeconds: 10 })))).toBe('none');
    expect(ruleOf(() => signCdnLink(requestFor({ type: 'A' }, { expiresSeconds: 0 })))).toBe('expires-too-short');
  });

  test('an empty key is refused', () => {
    expect(ruleOf(() => signCdnLink(requestFor({ type: 'A' }, { key: '' })))).toBe('key-empty');
  });

  test('a domain without encryption and a decoded path carry a warning', () => {
    const request = requestFor({ type: 'F', names: usualNames.F, time: 'hex', path: 'decoded' }, { key: 'ä.txt' });
    const plain = { ...request, domain: { ...request.domain, domain: 'http://cdn.example.com:8080' } };
    expect(planCdnLink(plain).warnings).toEqual(['http', 'cdn-path-decoded']);
    expect(signCdnLink(plain).url).toMatch(/^http:\/\/cdn\.example\.com:8080\/%C3%A4\.txt\?sign=/);
  });

  test.each(['short', 'with-a-hyphen-0123456', 'x'.repeat(33), ''])('%j is no key of a CDN', (key) => {
    expect(cdnKeySchema.safeParse(key).success).toBe(false);
  });

  test('one parameter can not hold both the hash and the time', () => {
    expect(cdnAuthSchema.safeParse({ type: 'C', names: { sign: 'k', time: 'k' } }).success).toBe(false);
  });
});

test('two links of one second differ in type A, so that each can be told from the other', () => {
  const request = requestFor({ type: 'A' });
  expect(signCdnLink(request).url).not.toBe(signCdnLink(request).url);
});
