import fc from 'fast-check';
import { expect, test } from 'vitest';
import { statementsOf, withStatements } from '../../../../main/links/revoking/policy-text.ts';
import {
  type Denial,
  type DeniedSigner,
  denialStatements,
  denies,
  withDenial,
  withoutDenial,
  withoutEnded,
} from '../../../../main/links/revoking/session-denial.ts';

const now = Date.UTC(2026, 10, 30, 12);
const hour = 3_600_000;
const nameOf = (id: number): string =>
  `arn:sts::1234567890123456:assumed-role/waybill/wb-${String(id).padStart(8, '0')}`;
const denial = (id: number, validUntil = now + hour): Denial => ({
  bucket: 'b',
  signer: { kind: 'session', principals: [nameOf(id)] },
  validUntil,
});
const by = (signer: DeniedSigner, validUntil = now + hour): Denial => ({ bucket: 'b', signer, validUntil });
const theirs =
  '{"Version":"1","Statement":[ {"Effect":"Allow","Action":["oss:GetObject"],"Principal":["2"],"Resource":["*"]}]}';
const resources = ['acs:oss:*:*:b', 'acs:oss:*:*:b/*'];
const namesIn = (policy: string | null): readonly string[] =>
  statementsOf(policy).flatMap(({ Principal }) => Principal as string[]);

test('sessions that end in the same hour share a statement', () => {
  const one = withDenial(null, denial(1), now);
  const two = withDenial(one, denial(2, now + 1.2 * hour), now);
  const three = withDenial(two, denial(3, now + 5 * hour), now);
  const statement = (Principal: string[], end: string) => ({
    ...{ Effect: 'Deny', Action: ['oss:*'], Principal, Resource: resources },
    Condition: { DateLessThan: { 'acs:CurrentTime': [end] } },
  });
  expect(statementsOf(three)).toEqual([
    statement([nameOf(1), nameOf(2)], '2026-11-30T14:00:00Z'),
    statement([nameOf(3)], '2026-11-30T18:00:00Z'),
  ]);
});

test('a statement counts for a quarter of an hour longer than what it denies', () => {
  for (const minutes of [0, 1, 30, 44, 45, 46, 59]) {
    const validUntil = now + minutes * 60_000;
    const policy = withDenial(null, denial(1, validUntil), now);
    expect(withoutEnded(policy, validUntil + 15 * 60_000), `${minutes}`).toBe(policy);
    expect(withoutEnded(policy, validUntil + 15 * 60_000 + hour + 1), `${minutes}`).toBeNull();
  }
});

test('a session with two names is denied by both, and goes with both', () => {
  const two = by({ kind: 'session', principals: [nameOf(1), nameOf(2)] });
  const policy = withDenial(withDenial(theirs, denial(1), now), two, now);
  expect(namesIn(policy)).toEqual(['2', nameOf(1), nameOf(2)]);
  expect(withoutDenial(policy, two)).toBe(theirs);
});

test('a token is denied by its ID alone, beside sessions', () => {
  const token = by({ kind: 'token', accessKeyId: 'STS.NUexample1' });
  const policy = withDenial(withDenial(withDenial(null, token, now), denial(1), now), token, now);
  expect(statementsOf(policy)).toEqual([
    {
      ...{ Effect: 'Deny', Action: ['oss:*'], Principal: ['*'], Resource: resources },
      Condition: {
        StringEquals: { 'acs:AccessId': ['STS.NUexample1'] },
        DateLessThan: { 'acs:CurrentTime': ['2026-11-30T14:00:00Z'] },
      },
    },
    expect.objectContaining({ Principal: [nameOf(1)] }),
  ]);
  expect(namesIn(withoutDenial(policy, token))).toEqual([nameOf(1)]);
});

test('a long-term key loses one object, until a while after the end', () => {
  const object = by({ kind: 'object', accessKeyId: 'LTAI5tEXAMPLE', key: 'a/*?.txt', method: 'GET' });
  const policy = withDenial(theirs, object, now);
  expect(statementsOf(policy).at(-1)).toEqual({
    ...{ Effect: 'Deny', Action: ['oss:GetObject', 'oss:GetObjectVersion'], Principal: ['*'] },
    Resource: ['acs:oss:*:*:b/a/??.txt'],
    Condition: {
      StringEquals: { 'acs:AccessId': ['LTAI5tEXAMPLE'] },
      DateLessThan: { 'acs:CurrentTime': ['2026-11-30T13:15:00Z'] },
    },
  });
  expect(withDenial(policy, { ...object, validUntil: now + 1000 }, now)).toBe(policy);
  const longer = withDenial(policy, { ...object, validUntil: now + 2 * hour }, now);
  expect(statementsOf(longer)).toHaveLength(3);
  expect(withoutDenial(longer, object)).toBe(theirs);
});

test.each<DeniedSigner>([
  { kind: 'session', principals: ['*'] },
  { kind: 'session', principals: [nameOf(1), 'arn:sts::*:*/*/*'] },
  { kind: 'session', principals: [''] },
  { kind: 'token', accessKeyId: 'STS.*' },
  { kind: 'token', accessKeyId: 'STS.' },
  { kind: 'token', accessKeyId: 'LTAI5tEXAMPLE' },
  { kind: 'object', accessKeyId: '*', key: 'a', method: 'GET' },
  { kind: 'object', accessKeyId: 'LTAI5tEXAMPLE', key: '*', method: 'GET' },
  { kind: 'object', accessKeyId: 'LTAI5tEXAMPLE', key: '', method: 'GET' },
])('%j could hit more than it names, so nothing is written', (signer) => {
  expect(() => withDenial(theirs, by(signer), now)).toThrow(/ denied-signer$/);
});

test('a session without a name denies nothing, and above all not everyone', () => {
  expect(withDenial(theirs, by({ kind: 'session', principals: [] }), now)).toBe(theirs);
  expect(withoutDenial(theirs, by({ kind: 'session', principals: [] }))).toBe(theirs);
});

test('revoking twice changes nothing, and is seen', () => {
  const once = withDenial(theirs, denial(1), now);
  expect(withDenial(once, denial(1), now)).toBe(once);
  expect(denies(once, denial(1), now)).toBe(true);
  expect(denies(theirs, denial(1), now)).toBe(false);
  // It stops counting before the session ends.
  expect(denies(once, denial(1, now + 5 * hour), now)).toBe(false);
  expect(denies(null, denial(1), now)).toBe(false);
});

test('sessions of another bucket, or denied in other words, are none of ours', () => {
  const [statement = {}] = denialStatements(denial(1), now);
  for (const other of [
    { ...statement, Resource: ['acs:oss:*:*:c', 'acs:oss:*:*:c/*'] },
    { ...statement, Effect: 'Allow' },
    { ...statement, Sid: 'mine' },
    { ...statement, Principal: [nameOf(1), '201'] },
  ]) {
    const policy = withStatements(null, [other]);
    expect(withoutDenial(policy, denial(1))).toBe(policy);
    expect(denies(policy, denial(1), now)).toBe(false);
  }
});

test('with the last session a statement goes, and never stays with an empty list', () => {
  const both = withDenial(withDenial(theirs, denial(1), now), denial(2), now);
  const one = withoutDenial(both, denial(1));
  expect(namesIn(one)).toEqual(['2', nameOf(2)]);
  expect(withoutDenial(one, denial(2))).toBe(theirs);
  expect(withoutDenial(withDenial(null, denial(1), now), denial(1))).toBeNull();
});

test('what ended goes by itself with the next change', () => {
  const old = withDenial(theirs, denial(1), now);
  const later = withDenial(old, denial(2, now + 10 * hour), now + 3 * hour);
  expect(namesIn(later)).toEqual(['2', nameOf(2)]);
  expect(withoutDenial(later, denial(2))).toBe(theirs);
});

test.each([
  ['in the same hour', () => now + hour],
  ['through twelve hours', (id: number) => now + ((id % 12) + 0.5) * hour],
])('250 sessions that end %s fit beside what others wrote, and then the policy is full', (_, endOf) => {
  let policy: string | null = theirs;
  for (let id = 0; id < 250; id++) {
    const denied: Denial = denial(id, endOf(id));
    policy = withDenial(policy, denied, now);
    expect(denies(policy, denied, now)).toBe(true);
  }
  expect(new Set(namesIn(policy))).toEqual(new Set(['2', ...Array.from({ length: 250 }, (__, id) => nameOf(id))]));
  for (const statement of statementsOf(policy)) expect(JSON.stringify(statement).length).toBeLessThanOrEqual(4095);
  expect(Buffer.byteLength(policy ?? '')).toBeLessThanOrEqual(16 * 1024);
  const revokeMore = (): void => {
    for (let id = 250; id < 300; id++) policy = withDenial(policy, denial(id, endOf(id)), now);
  };
  expect(revokeMore).toThrow(/ bucket-policy-full$/);
  // The last one, too, ends with the hours of all.
  expect(withoutEnded(policy, now + 14 * hour)).toBe(theirs);
});

test('in a full policy no session is denied for less than it lives', () => {
  const endOf = (id: number): number => now + ((id * 7) % 12) * hour;
  let policy: string | null = null;
  for (let id = 0; id < 240; id++) policy = withDenial(policy, denial(id, endOf(id)), now);
  for (let id = 0; id < 240; id++) expect(denies(policy, denial(id, endOf(id)), now), `${id}`).toBe(true);
  // The first to end leave first.
  expect(namesIn(withoutEnded(policy, now + 6 * hour)).length).toBeLessThan(200);
});

/** A policy as others write it: with blanks anywhere, and numbers that JavaScript would round. */
const blanks = fc.constantFrom('', ' ', '\n\t');
const statement = fc
  .record({
    effect: fc.constantFrom('Allow', 'Deny'),
    principal: fc.constantFrom(
      '["201"]',
      '"*"',
      '[ ]',
      '["arn:sts::1:assumed-role/other/wb-00000001"]',
      '[12345678901234567890]',
    ),
    rest: fc.constantFrom('', ',"Sid":"wb-00000001"', ',"Condition":{"StringEquals":{"acs:SourceVpc":["vpc-1"]}}'),
    blank: blanks,
  })
  .map(
    ({ effect, principal, rest, blank }) =>
      `{${blank}"Effect":${blank}"${effect}","Action":["oss:*"],"Principal":${principal},"Resource":["acs:oss:*:*:b","acs:oss:*:*:b/*"]${rest}${blank}}`,
  );
const policies = fc.oneof(
  fc.constant(null),
  fc
    .tuple(blanks, fc.array(statement, { minLength: 1, maxLength: 5 }))
    .map(
      ([blank, list]) =>
        `{"Version":"1",${blank}"Statement":${blank}[${blank}${list.join(`${blank},${blank}`)}${blank}]}`,
    ),
);
const steps = fc.array(
  fc.record({
    id: fc.nat(5),
    kind: fc.constantFrom('session', 'token', 'object'),
    isRevoked: fc.boolean(),
    hours: fc.double({ min: 0.1, max: 12, noNaN: true }),
    later: fc.double({ min: 0, max: 3, noNaN: true }),
  }),
  { maxLength: 30 },
);
const signerOf = (kind: string, id: number): DeniedSigner =>
  kind === 'session'
    ? { kind, principals: [nameOf(id)] }
    : kind === 'token'
      ? { kind, accessKeyId: `STS.NUexample${id}` }
      : { kind: 'object', accessKeyId: 'LTAI5tEXAMPLE', key: `k${id}`, method: 'GET' };

test('in whatever order signers come and go, theirs stays byte for byte, and each is denied or not', () => {
  fc.assert(
    fc.property(policies, steps, (before, list) => {
      let policy = before;
      let time = now;
      const denied = new Map<string, Denial>();
      for (const { id, kind, isRevoked, hours, later } of list) {
        time += later * hour;
        const one = by(signerOf(kind, id), time + hours * hour);
        policy = isRevoked ? withDenial(policy, one, time) : withoutDenial(policy, one);
        if (isRevoked) denied.set(`${kind}${id}`, one);
        else denied.delete(`${kind}${id}`);
        const ours = statementsOf(policy).slice(statementsOf(before).length);
        for (const { Principal } of ours) expect(Principal).not.toEqual([]);
        for (const still of denied.values()) {
          if (still.validUntil > time) expect(denies(policy, still, time)).toBe(true);
        }
      }
      for (const one of denied.values()) policy = withoutDenial(policy, one);
      expect(withoutEnded(policy, time + 14 * hour)).toBe(before);
    }),
  );
});

test('a full policy still says whom it denies, and whom it doesn’t', () => {
  const denied = withDenial(null, denial(1), now);
  const padding = { Effect: 'Allow', Action: ['oss:GetObject'], Principal: ['2'], Resource: ['x'.repeat(3500)] };
  const others = Array.from({ length: 4 }, (_, index) => ({ ...padding, Action: [`oss:Get${index}`] }));
  const full = withStatements(denied, [...others, { ...padding, Resource: ['x'.repeat(1000)] }]);
  const objects = (key: string) => by({ kind: 'object', accessKeyId: 'LTAI5tEXAMPLE', key, method: 'GET' });
  expect(() => withDenial(full, objects('k'.repeat(800)), now)).toThrow(/ bucket-policy-full$/);
  expect(denies(full, objects('k'.repeat(800)), now)).toBe(false);
  const many = Array.from({ length: 40 }, (_, id) => nameOf(id));
  const session = by({ kind: 'session', principals: many });
  expect(() => withDenial(full, session, now)).toThrow(/ bucket-policy-full$/);
  expect([session, denial(1), denial(2)].map((one) => denies(full, one, now))).toEqual([false, true, false]);
});
