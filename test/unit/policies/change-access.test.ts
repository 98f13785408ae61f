import fc from 'fast-check';
import { expect, test } from 'vitest';
import { statementsOf, type Statement, withStatements } from '../../../main/links/revoking/policy-text.ts';
import { withDenial, withoutDenial } from '../../../main/links/revoking/session-denial.ts';
import { ruleId } from '../../../main/policies/access-rule.ts';
import { type NewAccess, planAccess } from '../../../main/policies/give-access.ts';
import { withoutAccess } from '../../../main/policies/take-access.ts';
import { policyTextsOf, policyTexts, statementTexts } from '../../support/policy-texts.ts';

const bucket = 'nordwind';
const now = Date.UTC(2026, 10, 30);
const place = { bucket, prefix: 'reports/' };
const wanted: NewAccess = {
  who: '20214760404935',
  allow: ['read', 'list'],
  until: now + 86_400_000,
  addresses: [],
  vpc: null,
};
const plan = (changes: Partial<NewAccess> = {}, prefix = 'reports/') =>
  planAccess({ bucket, prefix }, { ...wanted, ...changes }, now);

test('whatever others wrote, access that is given and taken away leaves it byte for byte', () => {
  const accesses = fc.record({
    who: fc.constantFrom('everyone', '20214760404935', 'acs:ram::1746495857600001:role/Reader'),
    allow: fc.uniqueArray(fc.constantFrom('read' as const, 'list' as const), { minLength: 1 }),
    until: fc.integer({ min: now + 1000, max: now + 1e10 }),
    addresses: fc.subarray(['203.0.113.5', '2001:db8::/48']),
    vpc: fc.constantFrom(null, 'vpc-t4nlw426y44rd3iq4'),
  });
  fc.assert(
    fc.property(
      policyTexts,
      fc.array(accesses, { minLength: 1, maxLength: 3 }),
      fc.nat(),
      ({ text, list }, all, seed) => {
        const given = all.map((one) => planAccess(place, one, now).statements);
        const full = given.reduce<string | null>((policy, statements) => withStatements(policy, statements), text);
        for (const one of list) expect(full).toContain(one);
        const others = new Set(statementsOf(text).map(ruleId));
        const taken = statementsOf(full)
          .map(ruleId)
          .filter((id) => !others.has(id));
        // In any order, one after the other.
        const order = taken.map((id, index) => [(index * 7 + seed) % 13, id] as const).toSorted(([a], [b]) => a - b);
        const left = order.reduce<string | null>(
          (policy, [, id]) => withoutAccess(policy, [{ id, principal: null }]),
          full,
        );
        expect(left).toBe(text);
      },
    ),
  );
});

test('access that is given and a session that is denied come and go without each other, and the rest stays', () => {
  const denial = {
    bucket,
    signer: { kind: 'session' as const, principals: ['arn:sts::1746495857600001:assumed-role/waybill/wb-7f3a9c2e'] },
    validUntil: now + 3_600_000,
  };
  const access = plan().statements;
  const taken = access.map((one) => ({ id: ruleId(one), principal: '20214760404935' }));
  const isOurs = (text: string): boolean => access.some((one) => ruleId(one) === ruleId(JSON.parse(text) as Statement));
  fc.assert(
    fc.property(policyTexts, fc.boolean(), fc.boolean(), ({ text, list }, givesFirst, takesFirst) => {
      fc.pre(!list.some(isOurs));
      const give = (policy: string | null) => withStatements(policy, access);
      const deny = (policy: string | null) => withDenial(policy, denial, now);
      const full = givesFirst ? deny(give(text)) : give(deny(text));
      expect(statementsOf(full)).toHaveLength(list.length + access.length + 1);
      const take = (policy: string | null) => withoutAccess(policy, taken);
      const allow = (policy: string | null) => withoutDenial(policy, denial);
      expect(takesFirst ? allow(take(full)) : take(allow(full))).toBe(text);
    }),
  );
});

test('a principal goes alone, whatever stands around it, and the rule with the last one', () => {
  const blanks = fc.constantFrom('', ' ', '\n  ');
  const names = fc.uniqueArray(fc.constantFrom('1001', '1002', '1003', '1004', '*'), { minLength: 1 });
  const lists = fc.tuple(names, blanks, blanks).map(([all, a, b]) => {
    const written = (some: readonly string[]) => `[${a}${some.map((one) => `"${one}"`).join(`${b},${a}`)}${b}]`;
    return { all, written };
  });
  const cases = fc.tuple(statementTexts, lists, fc.nat()).chain(([others, { all, written }, at]) => {
    const gone = all[at % all.length] ?? '';
    const kept = all.filter((one) => one !== gone);
    const mine = (some: readonly string[]) =>
      `{ "Effect":"Allow", "Note": "Principal", "Principal" : ${written(some)} ,"Deep":{"Principal":["1001"]}}`;
    const place = at % (others.length + 1);
    const around = (text: readonly string[]) => [...others.slice(0, place), ...text, ...others.slice(place)];
    return policyTextsOf(around([mine(all)])).map(({ text }) => ({
      ...{ text, gone, others },
      id: ruleId(JSON.parse(mine(all)) as Statement),
      mine: mine(all),
      left: kept.length === 0 ? null : mine(kept),
    }));
  });
  fc.assert(
    fc.property(cases, ({ text, gone, id, mine, left, others }) => {
      const after = withoutAccess(text, [{ id, principal: gone }]);
      // The blanks between the kept names are those that stood before them.
      const same = (one: string | null) => (one === null ? null : JSON.stringify(JSON.parse(one)));
      if (left === null) expect(statementsOf(after)).toHaveLength(others.length);
      else expect(statementsOf(after)).toContainEqual(JSON.parse(left));
      for (const one of others) expect(after).toContain(one);
      for (const one of statementsOf(after)) expect(one['Principal']).not.toEqual([]);
      if (left !== null) expect(same(after)).toBe(same(text.replace(mine, () => left)));
      expect(withoutAccess(after, [{ id, principal: gone }])).toBe(after);
    }),
  );
});

test('the last rule takes the policy with it, and a rule that isn’t there changes nothing', () => {
  const text = withStatements(null, plan({ allow: ['read'] }).statements);
  const [statement = {}] = statementsOf(text);
  expect(withoutAccess(text, [{ id: ruleId(statement), principal: '20214760404935' }])).toBeNull();
  expect(withoutAccess(text, [{ id: ruleId(statement), principal: '1' }])).toBe(text);
  expect(withoutAccess(text, [{ id: 'unknown', principal: null }])).toBe(text);
  expect(withoutAccess(null, [{ id: 'unknown', principal: null }])).toBeNull();
});

test('a principal that stands alone without a list takes its rule along', () => {
  const text = '{"Version":"1","Statement":[{"Effect":"Allow","Principal":"*"}, {"A":1}]}';
  const id = ruleId({ Effect: 'Allow', Principal: '*' });
  expect(withoutAccess(text, [{ id, principal: '*' }])).toBe('{"Version":"1","Statement":[{"A":1}]}');
});

test('two lists of principals in one statement are not touched', () => {
  const statement = '{"Principal":["1","2"],"Principal":["1","3"]}';
  const text = `{"Version":"1","Statement":[${statement}]}`;
  const id = ruleId(JSON.parse(statement) as Statement);
  expect(() => withoutAccess(text, [{ id, principal: '1' }])).toThrow(/bucket-policy-unreadable$/);
});

test('access to a folder is to its files and to their list, until a moment', () => {
  const end = { DateLessThan: { 'acs:CurrentTime': ['2026-12-01T00:00:00Z'] } };
  const Principal = ['20214760404935'];
  expect(plan().statements).toEqual([
    {
      ...{ Effect: 'Allow', Action: ['oss:GetObject'], Principal },
      ...{ Resource: ['acs:oss:*:*:nordwind/reports/*'], Condition: end },
    },
    {
      ...{ Effect: 'Allow', Action: ['oss:ListObjects'], Principal, Resource: ['acs:oss:*:*:nordwind'] },
      Condition: { StringLike: { 'oss:Prefix': ['reports/*'] }, ...end },
    },
  ]);
});

test('addresses come with a network, as OSS demands: the internet, or a VPC', () => {
  const [fromInternet] = plan({ allow: ['read'], addresses: ['203.0.113.5', '198.51.100.0/24'] }).statements;
  expect(fromInternet).toMatchObject({
    Condition: {
      IpAddress: { 'acs:SourceIp': ['203.0.113.5/32', '198.51.100.0/24'] },
      StringNotLike: { 'acs:SourceVpc': ['vpc-*'] },
    },
  });
  const [fromVpc] = plan({ allow: ['read'], addresses: ['192.168.0.0/16'], vpc: 'vpc-t4nlw426' }).statements;
  expect(fromVpc?.['Condition']).toEqual({
    DateLessThan: { 'acs:CurrentTime': ['2026-12-01T00:00:00Z'] },
    IpAddress: { 'acs:SourceIp': ['192.168.0.0/16'] },
    StringEquals: { 'acs:SourceVpc': ['vpc-t4nlw426'] },
  });
});

test.each([
  [{ who: 'everyone' }, true],
  [{ who: 'acs:ram::1746495857600001:role/Reader' }, true],
  [{ who: 'everyone', addresses: ['203.0.113.5'] }, false],
  [{ who: 'everyone', addresses: ['0.0.0.0/0'] }, true],
  [{ who: 'everyone', vpc: 'vpc-t4nlw426' }, false],
  [{}, false],
])('access for %j is public: %s', (changes, isPublic) => {
  expect(plan(changes).isPublic).toBe(isPublic);
});

test.each<[string, Partial<NewAccess>]>([
  ['access-who', { who: 'anna' }],
  ['access-end', { until: now }],
  ['access-end', { until: now + 4000 * 86_400_000 }],
  ['access-everyone', { who: 'everyone', allow: ['read', 'write'] }],
  ['access-everyone', { who: 'everyone', allow: ['acl'] }],
  ['access-vpc', { vpc: 'vpc-*' }],
])('%s: %j is not given', (rule, changes) => {
  expect(() => plan(changes)).toThrow(new RegExp(` ${rule}$`));
});
