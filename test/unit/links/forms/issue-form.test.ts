import { Agent } from 'undici';
import { expect, test } from 'vitest';
import type { Session } from '../../../../main/accounts/sts/credentials.ts';
import { policyCharacters } from '../../../../main/accounts/sts/policy.ts';
import { WaybillError } from '../../../../main/failure.ts';
import { type FormRequest, formSessionPolicy, issueForm, planForm } from '../../../../main/links/forms/issue-form.ts';
import { type AccessKey, type Connection, ServerClock } from '../../../../main/oss/connection.ts';
import { parseEndpoint } from '../../../../main/oss/endpoint.ts';

const now = Date.UTC(2026, 10, 24, 12, 0, 0, 250);
const second = Date.UTC(2026, 10, 24, 12);
const HOUR_MS = 3_600_000;
const key: AccessKey = { accessKeyId: 'LTAI5tForms', accessKeySecret: 'secret', securityToken: null };
const temporary: AccessKey = { accessKeyId: 'STS.NU', accessKeySecret: 'secret', securityToken: 'CAIS' };
const connection: Connection = {
  endpoint: parseEndpoint('oss-cn-hangzhou.aliyuncs.com'),
  region: 'cn-hangzhou',
  signVersion: 'v4',
  accessKey: () => Promise.reject(new Error('the session signs')),
  dispatcher: new Agent(),
  clock: new ServerClock(() => now),
};
const request: FormRequest = {
  ...{ bucket: 'samples', prefix: 'in/', slots: null, contentTypes: [], forbidOverwrite: true, expiresSeconds: 3600 },
  sizeBytes: { min: 1, max: 1024 },
};

function issue(changes: Partial<FormRequest> = {}, session: Session = { accessKey: key, validUntil: null }) {
  const { form, validity } = issueForm(connection, session, { ...request, ...changes });
  const policy = Buffer.from(Object.fromEntries(form.fields)['policy'] ?? '', 'base64').toString();
  return { form, validity, policy: JSON.parse(policy) as { expiration: string; conditions: unknown[] } };
}

test('a form goes to the bucket’s own URL and holds neither key nor file', () => {
  const { form } = issue({ note: 'Photos, please' });
  expect(form).toMatchObject({
    ...{ bucket: 'samples', action: 'https://samples.oss-cn-hangzhou.aliyuncs.com/', signedBy: 'key' },
    ...{ keys: { kind: 'prefix', prefix: 'in/' }, sizeBytes: { min: 1, max: 1024 }, contentTypes: [] },
    ...{ validUntil: second + HOUR_MS, note: 'Photos, please', forbidsOverwrite: true },
  });
  const names = form.fields.map(([name]) => name);
  expect(names).not.toContain('key');
  expect(names.at(-1)).toBe('x-oss-object-acl');
});

test('a form for a custom domain goes there', () => {
  const { form } = issue({ host: { domain: 'files.example.com' } });
  expect(form.action).toBe('https://files.example.com/');
});

test('a form ends at the requested time, after 7 days, or with the session', () => {
  const soon: Session = { accessKey: temporary, validUntil: now + HOUR_MS / 2 };
  const cases = [
    issue({ expiresSeconds: 60 }),
    issue({ expiresSeconds: 30 * 86_400 }),
    issue({ expiresSeconds: 30 * 86_400, signVersion: 'v1' }),
    issue({ expiresSeconds: 86_400 }, soon),
  ];
  expect(cases.map(({ form, validity }) => [form.validUntil, validity.limitedBy])).toEqual([
    [second + 60_000, 'expiry'],
    [second + 7 * 24 * HOUR_MS, 'v4-limit'],
    [second + 7 * 24 * HOUR_MS, 'v4-limit'],
    [second + HOUR_MS / 2, 'session'],
  ]);
  for (const { form, policy } of cases) expect(Date.parse(policy.expiration)).toBe(form.validUntil);
});

test('a session of unknown end is told, and one that is about to end signs nothing', () => {
  const { form, validity } = issue({}, { accessKey: temporary, validUntil: 'unknown' });
  expect({ signedBy: form.signedBy, isUnknown: validity.sessionEndUnknown }).toEqual({
    signedBy: 'session',
    isUnknown: true,
  });
  expect(() => issue({}, { accessKey: temporary, validUntil: now + 30_000 })).toThrow(WaybillError);
});

test('limits that OSS would refuse are never signed', () => {
  expect(() => issue({ prefix: 'in' })).toThrow(WaybillError);
  expect(() => issue({ bucket: 'Not a bucket' })).toThrow(WaybillError);
  const noRegion = () => issueForm({ ...connection, region: '' }, { accessKey: key, validUntil: null }, request);
  expect(noRegion).toThrow(WaybillError);
});

test('a plan tells problems, warnings and the end without signing', () => {
  const plan = planForm(connection, null, { ...request, expiresSeconds: 0, prefix: 'in' });
  expect(plan.problems.map(({ rule }) => rule)).toEqual(['form-prefix', 'expires-too-short']);
  expect(plan.validity).toBeNull();
  const { validity, warnings, hosts } = planForm(connection, null, request);
  expect(validity?.validUntil).toBe(second + HOUR_MS);
  expect(warnings).toEqual(['overwrite-with-versions']);
  expect(hosts).toContain('internal');
  expect(planForm(connection, null, { ...request, forbidOverwrite: false, signVersion: 'v1' }).warnings).toEqual([
    'v1-closed',
  ]);
});

function statement(changes: Partial<FormRequest>) {
  const policy = formSessionPolicy({ ...request, ...changes });
  expect(policyCharacters(policy)).toBeLessThanOrEqual(2048);
  const { Statement } = JSON.parse(policy) as { Statement: readonly { Action: string[]; Resource: string[] }[] };
  return Statement.map(({ Action, Resource }) => [Action, Resource]);
}

test('a session of its own may do what the form does and nothing else', () => {
  expect(statement({})).toEqual([[['oss:PutObject', 'oss:PutObjectAcl'], ['acs:oss:*:*:samples/in/*']]]);
  expect(statement({ slots: { names: ['a', 'b'] } })).toEqual([
    [
      ['oss:PutObject', 'oss:PutObjectAcl'],
      ['acs:oss:*:*:samples/in/a', 'acs:oss:*:*:samples/in/b'],
    ],
  ]);
  expect(statement({ tags: { of: 'form' } })).toEqual([
    [['oss:PutObject', 'oss:PutObjectAcl', 'oss:PutObjectTagging'], ['acs:oss:*:*:samples/in/*']],
  ]);
  expect(statement({ acl: null })).toEqual([[['oss:PutObject'], ['acs:oss:*:*:samples/in/*']]]);
  // A session policy has no room for all of them; the form itself still names each.
  expect(statement({ slots: { count: 500 } })).toEqual([
    [['oss:PutObject', 'oss:PutObjectAcl'], ['acs:oss:*:*:samples/in/*']],
  ]);
});
