import { beforeEach, expect, test } from 'vitest';
import { readRule } from '../../../../main/policies/access-rule.ts';
import { type NewAccess, planAccess } from '../../../../main/policies/give-access.ts';
import { type AccessQuestions, accessQuestions } from '../../../../main/shell/security/access-questions.ts';
import { Consent } from '../../../../main/shell/security/consent.ts';
import { translator } from '../../../../main/words/translator.ts';
import { t } from '../../../support/words.ts';

const bucket = 'nordwind';
const now = Date.UTC(2026, 10, 30);
const asked: { message: string; detail: string }[] = [];
let agrees: boolean;
let questions: AccessQuestions;

beforeEach(() => {
  asked.length = 0;
  agrees = true;
  const ask = ({ message, detail }: { readonly message: string; readonly detail: string }) => {
    asked.push({ message, detail });
    return Promise.resolve(agrees);
  };
  questions = accessQuestions(new Consent({ text: t, ask, isLocked: () => false }), () => translator('en'));
});

const plan = (changes: Partial<NewAccess>) =>
  planAccess(
    { bucket, prefix: 'reports/' },
    { who: '20214760404935', allow: ['read'], until: now + 3_600_000, addresses: [], vpc: null, ...changes },
    now,
  );
const rule = (changes: object) =>
  readRule(
    { Effect: 'Allow', Action: '*', Principal: ['1798', '1799'], Resource: '*', ...changes },
    { bucket, now, isBlocked: null },
  );

test('before access is given, main says itself to whom, to what and from where', async () => {
  await questions.give(bucket, plan({ addresses: ['203.0.113.5'] }));
  expect(asked.map(({ message }) => message)).toEqual([t('consent.access-give', { bucket })]);
  const [{ detail } = { detail: '' }] = asked;
  for (const part of [
    t('access.who.account', { uid: '20214760404935' }),
    t('access.right.read'),
    t('access.place.files', { prefix: 'reports/' }),
    t('access.condition.addresses', { values: '203.0.113.5/32' }),
  ]) {
    expect(detail).toContain(part);
  }
});

test('for everyone the question says so', async () => {
  await questions.give(bucket, plan({ who: 'everyone' }));
  expect(asked).toMatchObject([{ message: t('consent.access-public', { bucket }) }]);
  expect(asked[0]?.detail).toContain(t('access.who.everyone'));
  await questions.give(bucket, plan({ who: 'everyone', addresses: ['203.0.113.0/24'] }));
  expect(asked[1]?.message).toBe(t('consent.access-give', { bucket }));
});

test('whoever says no changes nothing', async () => {
  agrees = false;
  const cancelled = { failure: { kind: 'cancelled' } };
  await expect(questions.give(bucket, plan({}))).rejects.toMatchObject(cancelled);
  const allowed = rule({});
  const taken = [{ id: allowed.id, principal: null }];
  await expect(questions.take(bucket, taken, [allowed])).rejects.toMatchObject(cancelled);
});

test('nobody is asked about a rule or a principal that isn’t there: it may be there once the answer comes', async () => {
  const allowed = rule({});
  const gone = { failure: { kind: 'input', rule: 'access-gone' } };
  for (const taken of [
    { id: 'x', principal: null },
    { id: allowed.id, principal: '1800' },
  ]) {
    const both = [{ id: allowed.id, principal: '1798' }, taken];
    await expect(questions.take(bucket, both, [allowed])).rejects.toMatchObject(gone);
  }
  expect(asked).toEqual([]);
});

test('before access is taken away, those who lose it are named, and no others', async () => {
  const allowed = rule({});
  await questions.take(bucket, [{ id: allowed.id, principal: '1798' }], [allowed, rule({ Principal: '1800' })]);
  expect(asked).toMatchObject([{ message: t('consent.access-take', { bucket }) }]);
  expect(asked[0]?.detail).toContain(t('access.who.account', { uid: '1798' }));
  expect(asked[0]?.detail).not.toContain('1799');
  expect(asked[0]?.detail).not.toContain('1800');
});

test.each([
  ['a Deny', { Effect: 'Deny' }],
  ['what isn’t understood', { NotAction: 'oss:GetObject' }],
])('taking away %s is asked about as something that may let others in', async (_, changes) => {
  const taken = rule(changes);
  await questions.take(bucket, [{ id: taken.id, principal: null }], [taken]);
  expect(asked).toMatchObject([{ message: t('consent.access-take-deny', { bucket }) }]);
});
