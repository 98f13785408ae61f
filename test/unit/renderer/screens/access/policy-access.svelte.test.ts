import { expect, test } from 'vitest';
import type { AccessReport, AccessRule, ArgsOf } from '../../../../../main/contract/contract.ts';
import { PolicyAccess } from '../../../../../renderer/screens/access/policy-access.svelte.ts';
import { CallFailed } from '../../../../../renderer/lib/bridge.ts';
import { readRule } from '../../../../../main/policies/access-rule.ts';
import { answering } from '../../answering.ts';

const place = { accountId: '5a0f7d0e-6f0e-4a55-9a9e-2d3a3f1f6b11', bucket: 'nordwind', prefix: 'reports/' };
const rule = (changes: object): AccessRule =>
  readRule(
    { Effect: 'Allow', Action: 'oss:GetObject', Principal: ['1798'], Resource: 'acs:oss:*:*:nordwind/*', ...changes },
    { bucket: 'nordwind', now: 0, isBlocked: null },
  );
const reportOf = (rules: readonly AccessRule[], wider: readonly string[] = []): AccessReport => ({
  policy: { kind: 'read', rules, wider, otherRules: 0, bytes: 300, maxBytes: 16_384 },
  ...{ acl: 'private', isPolicyPublic: false, blocked: { bucket: true, account: null } },
});

async function opened(report: AccessReport): Promise<PolicyAccess> {
  const access = new PolicyAccess(place, answering({ 'access.read': () => report }));
  await access.load();
  return access;
}

test('rules are shown by whom they let in; those that deny, and those without words, apart', async () => {
  const shared = rule({ Principal: ['1798', '1799'] });
  const own = rule({ Action: 'oss:ListObjects' });
  const open = rule({ Principal: [] });
  const denial = rule({ Effect: 'Deny' });
  const other = rule({ NotAction: 'x' });
  const access = await opened(reportOf([shared, own, open, denial, other]));
  const shown = access.visitors.map(({ written, principal, rules }) => [
    ...[written, principal.kind],
    rules.map(({ id }) => id),
  ]);
  expect(shown).toEqual([
    ['1798', 'account', [shared.id, own.id]],
    ['1799', 'account', [shared.id]],
    ['', 'everyone', [open.id]],
  ]);
  expect(access.denials).toEqual([denial]);
  expect(access.others).toEqual([other]);
});

test('what is taken from somebody is their name in rules about this place, and the whole rule if it names nobody', async () => {
  const [mine, wider, open] = [rule({}), rule({ Action: 'oss:PutObject' }), rule({ Principal: [] })];
  const access = await opened(reportOf([mine, wider, open], [wider.id]));
  expect(access.visitors.map((visitor) => access.takenFrom(visitor))).toEqual([
    [{ id: mine.id, principal: '1798' }],
    [{ id: open.id, principal: null }],
  ]);
  expect(access.isWider(wider.id)).toBe(true);
});

test('a change shows what the policy says afterwards, and a refused one keeps what is shown', async () => {
  const taken: ArgsOf<'access.take'>[] = [];
  const [before, after] = [reportOf([rule({})]), reportOf([])];
  let refuses = true;
  const access = new PolicyAccess(
    place,
    answering({
      'access.read': () => before,
      'access.take': (args) => {
        taken.push(args);
        if (refuses) throw new CallFailed({ kind: 'cancelled' });
        return after;
      },
    }),
  );
  await access.load();
  const some = [{ id: 'a', principal: '1798' }];
  expect(await access.take(some)).toBe(false);
  expect([access.report, access.isChanged]).toEqual([before, false]);
  refuses = false;
  expect(await access.take(some)).toBe(true);
  expect([access.report, access.isChanged]).toEqual([after, true]);
  expect(taken).toEqual([
    { ...place, taken: some },
    { ...place, taken: some },
  ]);
});

test('somebody who is named beside everyone isn’t told what is said of everyone', async () => {
  const access = await opened(reportOf([rule({ Principal: ['1798', '*'] })]));
  expect(access.visitors.map(({ rules: [one] }) => one?.traps)).toEqual([[], ['public']]);
});
