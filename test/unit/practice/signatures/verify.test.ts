import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Identity } from '../../../../main/practice/signatures/identity.ts';
import { Refusal } from '../../../../main/practice/protocol/refusal.ts';
import { boundDomains } from '../../../../main/practice/protocol/bound-domain.ts';
import { type Domains, parseTarget } from '../../../../main/practice/protocol/target.ts';
import type { SignedRequest } from '../../../../main/practice/signatures/signed-request.ts';
import { verify } from '../../../../main/practice/signatures/verify.ts';

interface Vector {
  readonly id: string;
  readonly category: string;
  readonly kind: 'query' | 'header';
  readonly method: string;
  readonly region: string;
  readonly product?: string;
  readonly cloudBoxId?: string;
  readonly addressing: 'virtual' | 'cname' | 'path';
  readonly endpoint: string;
  readonly bucket: string | null;
  readonly key: string | null;
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly securityToken: string | null;
  readonly signing_time: { readonly unix: number };
  readonly headers: Readonly<Record<string, string>>;
  readonly conforms: boolean;
  readonly signature_accepted: string;
  readonly expected: {
    readonly url: string;
    readonly authorization?: string;
    readonly headers?: Readonly<Record<string, string>>;
  };
}

function load(name: string): readonly Vector[] {
  const path = new URL(`../../../vectors/${name}`, import.meta.url);
  return (JSON.parse(readFileSync(path, 'utf8')) as { vectors: Vector[] }).vectors;
}

const vectors = [...load('signing-v1.json'), ...load('signing-v4.json')];
const conforming = vectors.filter(({ conforms }) => conforms);

/** The request a client would put on the wire, as our server reads it. */
function onTheWire(vector: Vector): SignedRequest {
  const [, host = '', path = ''] = /^https?:\/\/([^/]+)(.*)$/s.exec(vector.expected.url) ?? [];
  const domains: Domains = {
    region: vector.region,
    customDomains: boundDomains(vector.addressing === 'cname' ? { [host]: vector.bucket ?? '' } : {}, {
      isSecure: true,
      nowMs: 0,
    }),
    baseDomains: [new URL(vector.endpoint).host],
  };
  // A header request carries exactly what the SDK put on it, a URL's user adds what the caller passed.
  const sent = { host, ...(vector.expected.headers ?? vector.headers) };
  const headers: Record<string, string> = {};
  // UTF-8 travels as bytes, which Node shows as one character each.
  for (const [name, value] of Object.entries(sent)) {
    headers[name.toLowerCase()] = Buffer.from(value.trim(), 'utf8').toString('latin1');
  }
  if (vector.expected.authorization !== undefined) headers['authorization'] = vector.expected.authorization;
  return { method: vector.method, target: parseTarget(path, host, domains), headers };
}

function check(vector: Vector, request: SignedRequest, secret = vector.accessKeySecret): string {
  const identity: Identity = {
    type: 'user',
    accessKeyId: vector.accessKeyId,
    name: 'vector',
    principal: null,
    policy: null,
    sessionPolicy: null,
  };
  try {
    const result = verify(request, {
      nowMs: vector.signing_time.unix * 1000,
      region: (vector.cloudBoxId ?? vector.region).replace(/^oss-/, ''),
      product: vector.product ?? 'oss',
      keys: {
        find(accessKeyId, token) {
          if (accessKeyId !== vector.accessKeyId.trim() || token !== vector.securityToken) {
            throw new Refusal(403, { code: 'InvalidAccessKeyId', message: `${accessKeyId} with ${String(token)}` });
          }
          return { accessKeySecret: secret.trim(), identity };
        },
      },
    });
    return result.type === 'anonymous' ? 'anonymous' : 'accepted';
  } catch (error) {
    if (error instanceof Refusal) return error.details.code;
    throw error;
  }
}

test('the vectors are there: 214 of V1 and 170 of V4 conform', () => {
  expect(conforming).toHaveLength(384);
});

describe('a signature made by an official SDK', () => {
  test.each(conforming.map((vector) => [vector.id, vector] as const))('%s is accepted', (_, vector) => {
    const request = onTheWire(vector);
    expect(request.target.bucket).toBe(vector.bucket);
    expect(request.target.key).toBe(vector.key);
    expect(check(vector, request)).toBe('accepted');
  });

  test.each(
    vectors.filter((vector) => vector.signature_accepted === 'no').map((vector) => [vector.id, vector] as const),
  )('%s is refused, since it does not follow the algorithm', (_, vector) => {
    expect(check(vector, onTheWire(vector))).not.toBe('accepted');
  });
});

test('a header that V4 signs and that was not sent is named as missing, whatever every object answers to', () => {
  const [vector] = conforming.filter(({ expected }) => expected.authorization?.startsWith('OSS4') === true);
  if (vector === undefined) throw new Error('no vector has the header');
  const request = onTheWire(vector);
  const written = String(request.headers['authorization']).replace(/AdditionalHeaders=[^,]*,\s*/, '');
  const authorization = written.replace(/,\s*Signature=/, ',AdditionalHeaders=constructor,Signature=');
  expect(check(vector, { ...request, headers: { ...request.headers, authorization } })).toBe('InvalidArgument');
});

describe('after one change the signature is refused', () => {
  const refused = ['SignatureDoesNotMatch', 'InvalidArgument'];

  test.each(conforming.map((vector) => [vector.id, vector] as const))('%s', (_, vector) => {
    const request = onTheWire(vector);
    const { target } = request;
    expect(check(vector, request, `${vector.accessKeySecret}x`)).toBe('SignatureDoesNotMatch');
    expect(check(vector, { ...request, method: request.method === 'GET' ? 'PUT' : 'GET' })).toBe(
      'SignatureDoesNotMatch',
    );
    const elsewhere = { ...target, bucket: 'another-bucket' };
    expect(refused).toContain(check(vector, { ...request, target: elsewhere }));
    expect(refused).toContain(check(vector, { ...request, target: { ...elsewhere, key: `${target.key ?? ''}x` } }));
    expect(refused).toContain(check(vector, { ...request, headers: { ...request.headers, 'x-oss-meta-more': '1' } }));
  });
});
