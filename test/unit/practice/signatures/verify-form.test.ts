// Forms and part URLs whose signatures were computed from OSS's documents by others.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseTarget } from '../../../../main/practice/protocol/target.ts';
import { Refusal } from '../../../../main/practice/protocol/refusal.ts';
import { ANONYMOUS, type KeySource } from '../../../../main/practice/signatures/identity.ts';
import { checkPostPolicy, parsePostPolicy } from '../../../../main/practice/signatures/post-policy.ts';
import { V4_FIELDS, verifyForm } from '../../../../main/practice/signatures/verify-form.ts';
import { verify } from '../../../../main/practice/signatures/verify.ts';

interface SignedForm {
  readonly id: string;
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly policyBase64: string;
  readonly signature: string;
}

/** Of V4; forms of V1 have neither a date nor a region. */
interface FormVector extends SignedForm {
  readonly date: string;
  readonly region: string;
}

interface PartVector {
  readonly id: string;
  readonly method: string;
  readonly accessKeySecret: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly url: string;
}

const file = new URL('../../../vectors/forms.json', import.meta.url);
const { forms, presignedParts } = JSON.parse(readFileSync(file, 'utf8')) as {
  readonly forms: readonly (SignedForm & Partial<FormVector>)[];
  readonly presignedParts: readonly PartVector[];
};
const NOW = Date.UTC(2026, 0, 2, 3, 10);
const context = (accessKeySecret: string, region = 'cn-hangzhou', nowMs = NOW) => {
  const keys: KeySource = { find: () => ({ accessKeySecret, identity: { ...ANONYMOUS, type: 'user' } }) };
  return { keys, nowMs, region, product: 'oss' };
};
const isV4 = (vector: (typeof forms)[number]): vector is FormVector => vector.date !== undefined;

/** What a signature of V4 adds to a form. */
function signatureOf({ accessKeyId, date, region, signature }: FormVector): readonly (readonly [string, string])[] {
  return [
    ['x-oss-signature-version', 'OSS4-HMAC-SHA256'],
    ['x-oss-credential', `${accessKeyId}/${date.slice(0, 8)}/${region}/oss/aliyun_v4_request`],
    ['x-oss-date', date],
    ['x-oss-signature', signature],
  ];
}

/** `user`, or the code of the refusal. */
function outcome(check: () => { readonly type: string }): string {
  try {
    return check().type;
  } catch (error) {
    if (error instanceof Refusal) return error.details.code;
    throw error;
  }
}

test.each(forms.map((vector) => [vector.id, vector] as const))('the signature of %s is accepted', (_id, vector) => {
  const signed = isV4(vector)
    ? signatureOf(vector)
    : ([
        ['ossaccesskeyid', vector.accessKeyId],
        ['signature', vector.signature],
      ] as const);
  const fields = new Map([['policy', vector.policyBase64], ...signed]);
  const nowMs = isV4(vector) ? Date.parse(vector.date.replace(/(....)(..)(..T..)(..)(..)/, '$1-$2-$3:$4:$5')) : NOW;
  const result = (secret: string) => outcome(() => verifyForm(fields, context(secret, vector.region, nowMs)));
  expect(result(vector.accessKeySecret)).toBe('user');
  expect(result(`${vector.accessKeySecret}x`)).toBe('SignatureDoesNotMatch');
});

const [first] = forms.filter(isV4);
if (first === undefined) throw new Error('forms.json holds no form of V4');
describe.each([[first.id, first] as const])('the form %s', (_id, vector) => {
  const fields = new Map([
    ['key', 'in/abc/a'],
    ['success_action_status', '200'],
    ['x-oss-forbid-overwrite', 'true'],
    ['content-disposition', 'attachment'],
    ['x-oss-content-type', 'image/png'],
    ['policy', vector.policyBase64],
    ...signatureOf(vector),
  ]);
  const result = (changes: readonly (readonly [string, string])[] = [], secret = vector.accessKeySecret) =>
    outcome(() => verifyForm(new Map([...fields, ...changes]), context(secret)));

  test('is accepted, and what its policy allows', () => {
    expect(result()).toBe('user');
    const form = { bucket: 'examplebucket', fields, mustBeNamed: V4_FIELDS, nowMs: NOW };
    expect(checkPostPolicy(parsePostPolicy(vector.policyBase64), form)).toMatchObject({ min: 1, max: 5 * 1024 ** 3 });
  });

  test('is refused after one change', () => {
    const refused = ['SignatureDoesNotMatch', 'InvalidArgument'];
    expect(result([], `${vector.accessKeySecret}x`)).toBe('SignatureDoesNotMatch');
    expect(result([['policy', `${vector.policyBase64}=`]])).toBe('SignatureDoesNotMatch');
    expect(refused).toContain(result([['x-oss-date', '20260103T030405Z']]));
    expect(refused).toContain(result([['x-oss-signature', vector.signature.toUpperCase()]]));
    const credential = fields.get('x-oss-credential')?.replace('hangzhou', 'beijing') ?? '';
    expect(result([['x-oss-credential', credential]])).toBe('InvalidArgument');
  });
});

describe.each(presignedParts.map((vector) => [vector.id, vector] as const))('the URL %s', (_id, vector) => {
  const request = (headers: Readonly<Record<string, string>> = vector.headers ?? {}, url = vector.url) => {
    const [, host = '', path = ''] = /^https:\/\/([^/]+)(.*)$/s.exec(url) ?? [];
    const domains = { region: 'cn-hangzhou', customDomains: new Map(), baseDomains: [] };
    return { method: vector.method, target: parseTarget(path, host, domains), headers: { host, ...headers } };
  };
  const result = (...given: Parameters<typeof request>) =>
    outcome(() => verify(request(...given), context(vector.accessKeySecret)));

  test('is accepted, and refused after one change', () => {
    expect(result()).toBe('user');
    expect(result({ ...vector.headers, 'content-type': 'text/plain' })).toBe('SignatureDoesNotMatch');
    expect(result({ ...vector.headers, 'x-oss-meta-a': 'a' })).toBe('SignatureDoesNotMatch');
    expect(result(vector.headers, vector.url.replace('uploadId=0', 'uploadId=1'))).toBe('SignatureDoesNotMatch');
  });
});
