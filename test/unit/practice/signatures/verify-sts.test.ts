import { createHash, createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Identity, KeySource } from '../../../../main/practice/signatures/identity.ts';
import { parseQuery } from '../../../../main/practice/protocol/query.ts';
import { Refusal } from '../../../../main/practice/protocol/refusal.ts';
import { type StsRequest, verifySts } from '../../../../main/practice/signatures/verify-sts.ts';

interface Vector {
  readonly id: string;
  readonly method: string;
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly securityToken: string | null;
  readonly signing_time: { readonly unix_ms: number };
  readonly params: Readonly<Record<string, string>>;
  readonly expected: { readonly url: string; readonly body: string | null };
}

const path = new URL('../../../vectors/sts-rpc.json', import.meta.url);
const { vectors } = JSON.parse(readFileSync(path, 'utf8')) as { vectors: Vector[] };

const identity: Identity = {
  type: 'user',
  accessKeyId: 'x',
  name: 'vector',
  principal: null,
  policy: null,
  sessionPolicy: null,
};

function keysOf(vector: { accessKeyId: string; accessKeySecret: string; securityToken: string | null }): KeySource {
  return {
    find(accessKeyId, token) {
      if (accessKeyId !== vector.accessKeyId) throw new Refusal(403, { code: 'InvalidAccessKeyId', message: '' });
      if (token !== vector.securityToken) throw new Refusal(403, { code: 'InvalidSecurityToken', message: '' });
      return { accessKeySecret: vector.accessKeySecret, identity };
    },
  };
}

function onTheWire(vector: Vector): StsRequest {
  const body = Buffer.from(vector.expected.body ?? '');
  return {
    method: vector.method,
    path: '/',
    headers: {},
    query: parseQuery(vector.expected.url.split('?')[1] ?? ''),
    form: parseQuery(body.toString('latin1')),
    body,
  };
}

function codeOf(run: () => unknown): string {
  try {
    run();
    return 'accepted';
  } catch (error) {
    if (error instanceof Refusal) return error.details.code;
    throw error;
  }
}

test('all 24 vectors are there', () => {
  expect(vectors).toHaveLength(24);
});

describe('an RPC call signed by an official SDK', () => {
  test.each(vectors.map((vector) => [vector.id, vector] as const))('%s is accepted', (_, vector) => {
    const { parameters } = verifySts(onTheWire(vector), keysOf(vector), vector.signing_time.unix_ms);
    for (const [name, value] of Object.entries(vector.params)) expect(parameters.get(name)).toBe(value);
  });

  test.each(vectors.map((vector) => [vector.id, vector] as const))('%s is refused after a change', (_, vector) => {
    const request = onTheWire(vector);
    const nowMs = vector.signing_time.unix_ms;
    const wrongSecret = { ...vector, accessKeySecret: 'another' };
    const more = { ...request, query: parseQuery('Extra=1') };
    expect(codeOf(() => verifySts(request, keysOf(wrongSecret), nowMs))).toBe('SignatureDoesNotMatch');
    if (request.query.pairs.length === 0) {
      expect(codeOf(() => verifySts(more, keysOf(vector), nowMs))).toBe('SignatureDoesNotMatch');
    }
    const flipped = { ...request, method: request.method === 'GET' ? 'POST' : 'GET' };
    expect(codeOf(() => verifySts(flipped, keysOf(vector), nowMs))).toBe('SignatureDoesNotMatch');
    expect(codeOf(() => verifySts(request, keysOf(vector), nowMs + 901_000))).toBe('InvalidTimeStamp.Expired');
    const stranger = { ...vector, accessKeyId: 'somebody-else' };
    expect(codeOf(() => verifySts(request, keysOf(stranger), nowMs))).toBe('InvalidAccessKeyId.NotFound');
  });
});

describe('ACS3-HMAC-SHA256', () => {
  const key = { accessKeyId: 'id', accessKeySecret: 'secret', securityToken: null };
  const nowMs = Date.UTC(2026, 10, 24);

  /** Signed step by step as the documentation's page says, with nothing of the verifier. */
  function signed(body: string, signedHeaders = 'host;x-acs-action;x-acs-content-sha256;x-acs-date'): StsRequest {
    const bodyHash = createHash('sha256').update(body).digest('hex');
    const headers: Record<string, string> = {
      host: 'sts.cn-hangzhou.aliyuncs.com',
      'x-acs-action': 'AssumeRole',
      'x-acs-content-sha256': bodyHash,
      'x-acs-date': '2026-11-24T00:00:00Z',
    };
    const lines = signedHeaders.split(';').map((name) => `${name}:${headers[name] ?? ''}\n`);
    const canonical = `POST\n/\nRoleArn=a%2Fb\n${lines.join('')}\n${signedHeaders}\n${bodyHash}`;
    const text = `ACS3-HMAC-SHA256\n${createHash('sha256').update(canonical).digest('hex')}`;
    const signature = createHmac('sha256', 'secret').update(text).digest('hex');
    headers['authorization'] = `ACS3-HMAC-SHA256 Credential=id,SignedHeaders=${signedHeaders},Signature=${signature}`;
    return {
      method: 'POST',
      path: '/',
      headers,
      query: parseQuery('RoleArn=a%2Fb'),
      form: parseQuery(''),
      body: Buffer.from(body),
    };
  }

  const code = (request: StsRequest, at = nowMs): string => codeOf(() => verifySts(request, keysOf(key), at));

  test('a signed call is accepted', () => {
    expect(code(signed('a=1'))).toBe('accepted');
  });

  test('a header may be missing whose name every object answers to', () => {
    const names = 'constructor;host;x-acs-action;x-acs-content-sha256;x-acs-date';
    expect(code(signed('a=1', names))).toBe('SignatureDoesNotMatch');
  });

  test.each([
    ['another body', { ...signed('a=1'), body: Buffer.from('a=2') }],
    ['another parameter', { ...signed('a=1'), query: parseQuery('RoleArn=c') }],
    [
      'another action',
      { ...signed('a=1'), headers: { ...signed('a=1').headers, 'x-acs-action': 'GetCallerIdentity' } },
    ],
    ['an unsigned x-acs header', { ...signed('a=1'), headers: { ...signed('a=1').headers, 'x-acs-version': '1' } }],
    ['a signature without the host', signed('a=1', 'x-acs-action;x-acs-content-sha256;x-acs-date')],
  ])('%s is refused', (_, request) => {
    expect(code(request)).toBe('SignatureDoesNotMatch');
  });

  test('a call from 16 minutes ago is refused', () => {
    expect(code(signed('a=1'), nowMs + 16 * 60_000)).toBe('InvalidTimeStamp.Expired');
  });

  test('a session that has ended is told apart from a key that never was', () => {
    const ended: KeySource = {
      find: () => {
        throw new Refusal(403, { code: 'SecurityTokenExpired', message: '' });
      },
    };
    expect(codeOf(() => verifySts(signed('a=1'), ended, nowMs))).toBe('InvalidSecurityToken.Expired');
  });
});
