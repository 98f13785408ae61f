import fc from 'fast-check';
import { expect, test } from 'vitest';
import { statementsOf } from '../../../../main/links/revoking/policy-text.ts';
import {
  sessionPrincipal,
  withDeniedSession,
  withoutDeniedSession,
} from '../../../../main/links/revoking/session-denial.ts';

const now = Date.UTC(2026, 10, 30, 12);
const hour = 3_600_000;
const session = (id: number | string) =>
  sessionPrincipal('acs:ram::1234567890123456:role/waybill', `wb-${String(id).padStart(8, '0')}`);
const denial = (id: number | string, validUntil = now + hour) => ({ bucket: 'b', principal: session(id), validUntil });
const theirs =
  '{"Version":"1","Statement":[ {"Effect":"Allow","Action":["oss:GetObject"],"Principal":["2"],"Resource":["*"]}]}';

test('a session is named as bucket policies name it, case and all', () => {
  expect(sessionPrincipal('acs:ram::1234567890123456:role/WayBill', 'wb-7F3a')).toBe(
    'arn:sts::1234567890123456:assumed-role/WayBill/wb-7F3a',
  );
  for (const name of ['*', 'a*', 'x/y', '']) {
    expect(() => sessionPrincipal('acs:ram::1:role/r', name)).toThrow(/ role-arn$/);
    expect(() => sessionPrincipal(`acs:ram::1:role/${name}`, 'wb-1')).toThrow(/ role-arn$/);
  }
});

test('sessions that end in the same hour share a statement', () => {
  const one = withDeniedSession(null, denial(1), now);
  const two = withDeniedSession(one, denial(2, now + 1.2 * hour), now);
  const three = withDeniedSession(two, denial(3, now + 5 * hour), now);
  const resources = ['acs:oss:*:*:b', 'acs:oss:*:*:b/*'];
  const statement = (Principal: string[], end: string) => ({
    ...{ Effect: 'Deny', Action: ['oss:*'], Principal, Resource: resources },
    Condition: { DateLessThan: { 'acs:CurrentTime': [end] } },
  });
  expect(statementsOf(three)).toEqual([
    statement([session(1), session(2)], '2026-11-30T14:00:00Z'),
    statement([session(3)], '2026-11-30T18:00:00Z'),
  ]);
});

test('revoking twice changes nothing', () => {
  const once = withDeniedSession(theirs, denial(1), now);
  expect(withDeniedSession(once, denial(1), now)).toBe(once);
});

test('with the last session a statement goes, and never stays with an empty list', () => {
  const both = withDeniedSession(withDeniedSession(theirs, denial(1), now), denial(2), now);
  const one = withoutDeniedSession(both, denial(1));
  expect(one).toContain(session(2));
  expect(one).not.toContain(session(1));
  expect(withoutDeniedSession(one, denial(2))).toBe(theirs);
  expect(withoutDeniedSession(withDeniedSession(null, denial(1), now), denial(1))).toBeNull();
});

test('what ended goes by itself with the next change', () => {
  const old = withDeniedSession(theirs, denial(1), now);
  const later = withDeniedSession(old, denial(2, now + 10 * hour), now + 3 * hour);
  expect(later).not.toContain(session(1));
  expect(withoutDeniedSession(later, denial(2))).toBe(theirs);
});

test('some 240 sessions fit, and then the policy is full', () => {
  let policy: string | null = null;
  let count = 0;
  const revokeAll = (): void => {
    for (;;) {
      policy = withDeniedSession(policy, denial(count), now);
      count++;
    }
  };
  expect(revokeAll).toThrow(/ bucket-policy-full$/);
  expect(count).toBeGreaterThan(240);
  for (const statement of statementsOf(policy)) expect(JSON.stringify(statement).length).toBeLessThanOrEqual(4095);
});

test('in whatever order sessions come and go, theirs stays as it was, and each session is denied or not', () => {
  const steps = fc.array(fc.record({ id: fc.nat(4), isRevoked: fc.boolean(), hours: fc.integer({ min: 1, max: 3 }) }));
  fc.assert(
    fc.property(steps, (list) => {
      let policy: string | null = theirs;
      const denied = new Set<string>();
      for (const { id, isRevoked, hours } of list) {
        policy = isRevoked
          ? withDeniedSession(policy, denial(id, now + hours * hour), now)
          : withoutDeniedSession(policy, denial(id));
        if (isRevoked) denied.add(session(id));
        else denied.delete(session(id));
      }
      const [first, ...ours] = statementsOf(policy);
      expect(policy).toContain('[ {"Effect":"Allow","Action":["oss:GetObject"],"Principal":["2"],"Resource":["*"]}');
      expect(first).toMatchObject({ Effect: 'Allow' });
      const named = ours.map(({ Principal }) => Principal as string[]);
      expect(new Set(named.flat())).toEqual(denied);
      for (const principals of named) expect(principals.length).toBeGreaterThan(0);
    }),
  );
});
