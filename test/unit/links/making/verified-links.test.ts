import fc from 'fast-check';
import { expect, test } from 'vitest';
import { WaybillError } from '../../../../main/failure.ts';
import type { LinkOptions } from '../../../../main/links/making/link-options.ts';
import { signLink } from '../../../../main/links/making/sign-link.ts';
import { ServerClock } from '../../../../main/oss/connection.ts';
import { parseEndpoint } from '../../../../main/oss/endpoint.ts';
import { readSignedUrl } from '../../../../main/links/text/pasted-link.ts';
import type { Key } from '../../../../main/practice/signatures/identity.ts';
import { parseTarget } from '../../../../main/practice/protocol/target.ts';
import { verify } from '../../../../main/practice/signatures/verify.ts';
import { Agent } from 'undici';

const now = Date.UTC(2026, 10, 24, 12);
const accessKeyId = 'LTAI5tExample';
const accessKeySecret = 'ExampleSecret';

const key = fc
  .array(fc.oneof(fc.string({ unit: 'grapheme', minLength: 1 }), fc.constantFrom('.', '..', '', '+', '%2F', '?#&=')), {
    minLength: 1,
  })
  .map((segments) => segments.join('/'))
  .filter((text) => !/^[/\\]|^$/.test(text) && Buffer.byteLength(text) <= 1023);

const ascii = fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 40 }).filter((text) => text.trim() === text);
const optional = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined });

const reading = fc.record({
  method: fc.constantFrom('GET' as const),
  fileName: fc.option(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 })),
  open: fc.constantFrom('preview' as const, 'download' as const, null),
  process: optional(ascii),
  trafficLimitBitsPerSecond: optional(fc.integer({ min: 819_200, max: 838_860_800 })),
  response: optional(fc.record({ contentType: optional(ascii), cacheControl: optional(ascii) })),
  access: optional(fc.record({ sourceIp: fc.ipV4(), subnetMask: fc.integer({ min: 0, max: 32 }) })),
});

const writing = fc.record({
  method: fc.constantFrom('PUT' as const),
  fileName: fc.constant(null),
  open: fc.constant(null),
  upload: fc.record({
    contentType: optional(fc.constantFrom('text/plain; charset=utf-8', 'image/png')),
    storageClass: optional(fc.constantFrom('IA' as const, 'Archive' as const)),
    forbidOverwrite: optional(fc.boolean()),
    tags: optional(
      fc.dictionary(fc.stringMatching(/^[a-z ]{1,9}$/), fc.string({ unit: 'grapheme-ascii', maxLength: 9 })),
    ),
    meta: optional(fc.dictionary(fc.stringMatching(/^[a-z0-9-]{1,9}$/), ascii)),
  }),
});

/** What the practice server, which shares no code with us, makes of a request. */
function isAccepted(url: string, method: string, headers: Readonly<Record<string, string>>): boolean {
  const [, host = '', path = ''] = /^https?:\/\/([^/]+)(.*)$/s.exec(url) ?? [];
  const known: Key = {
    accessKeySecret,
    identity: { type: 'account', accessKeyId, name: 'owner', principal: null, policy: null, sessionPolicy: null },
  };
  const target = parseTarget(path, host, { region: 'cn-hangzhou', customDomains: new Map(), baseDomains: [] });
  verify(
    { method, target, headers: { host, ...headers } },
    { keys: { find: () => known }, nowMs: now, region: 'cn-hangzhou', product: 'oss' },
  );
  return true;
}

test.each(['v4', 'v1'] as const)(
  'any key with any options is signed, read back and accepted, with %s',
  (signVersion) => {
    const connection = {
      endpoint: parseEndpoint('oss-cn-hangzhou.aliyuncs.com'),
      region: 'cn-hangzhou',
      signVersion,
      accessKey: () => Promise.reject(new Error('not asked for')),
      dispatcher: new Agent(),
      clock: new ServerClock(() => now),
    };
    const session = { accessKey: { accessKeyId, accessKeySecret, securityToken: null }, validUntil: null };
    fc.assert(
      fc.property(key, fc.oneof(reading, writing), (object, options: LinkOptions) => {
        const request = { ...options, bucket: 'samples', key: object, versionId: null, expiresSeconds: 600 };
        let link;
        try {
          link = signLink(connection, session, request);
        } catch (error) {
          // Tags and names that OSS would refuse are drawn again.
          fc.pre(!(error instanceof WaybillError && error.failure.kind === 'input'));
          throw error;
        }
        expect(readSignedUrl(link.url)).toMatchObject({
          kind: 'link',
          repaired: [],
          parts: { key: object, signVersion },
        });
        expect(isAccepted(link.url, link.method, link.headers)).toBe(true);
        expect(() => isAccepted(link.url, 'DELETE', link.headers)).toThrow();
      }),
    );
  },
);
