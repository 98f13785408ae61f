import fc from 'fast-check';
import { expect, test } from 'vitest';
import { statementsOf, withoutStatements, withStatements } from '../../../../main/links/revoking/policy-text.ts';
import { policyTexts } from '../../../support/policy-texts.ts';

const ours = { Effect: 'Deny', Action: ['oss:PutObject'], Principal: ['*'], Resource: ['acs:oss:*:*:b/ours/*'] };
const isOurs = ({ Resource }: Readonly<Record<string, unknown>>): boolean =>
  Array.isArray(Resource) && Resource[0] === 'acs:oss:*:*:b/ours/*';

test('whatever a policy holds, our statement comes and goes, and the rest stays byte for byte', () => {
  fc.assert(
    fc.property(policyTexts, ({ text, list }) => {
      const added = withStatements(text, [ours]) ?? '';
      expect(statementsOf(added)).toHaveLength(list.length + 1);
      expect(statementsOf(added).at(-1)).toEqual(ours);
      for (const statement of list) expect(added).toContain(statement);
      expect(withoutStatements(added, isOurs)).toBe(text);
    }),
  );
});

test('a statement that others wrote around ours goes alone', () => {
  const theirs = ['{"A": 1}', '{"B":12345678901234567890}', '{ "C" : "]," }'];
  fc.assert(
    fc.property(fc.nat(3), fc.constantFrom(',', ' ,\n', ',  '), (place, comma) => {
      const list = [...theirs.slice(0, place), JSON.stringify(ours), ...theirs.slice(place)];
      const text = `{"Version":"1","Statement":[${list.join(comma)}]}`;
      expect(withoutStatements(text, isOurs)).toBe(`{"Version":"1","Statement":[${theirs.join(comma)}]}`);
    }),
  );
});

test('a bucket without a policy gets one, and loses it with our last statement', () => {
  const text = withStatements(null, [ours]);
  expect(text).toBe(`{"Version":"1","Statement":[${JSON.stringify(ours)}]}`);
  expect(withoutStatements(text, isOurs)).toBeNull();
  expect(withoutStatements(null, isOurs)).toBeNull();
  expect(withStatements(null, [])).toBeNull();
});

test('a policy without our statement stays the same', () => {
  const text = '{"Version":"1","Statement":[ {"A":1} ]}';
  expect(withoutStatements(text, isOurs)).toBe(text);
});

test.each([
  ['no JSON', '{"Version":"1","Statement":[{}]'],
  ['another version', '{"Version":"2","Statement":[{}]}'],
  ['one statement without a list', '{"Version":"1","Statement":{}}'],
  ['a statement that is none', '{"Version":"1","Statement":["x"]}'],
  ['two lists', '{"Version":"1","Statement":[{}],"Statement":[{}]}'],
  ['two lists, one of them written otherwise', '{"Version":"1","Statement":[{}],"\\u0053tatement":[{}]}'],
  ['a list of lists', '[{"Version":"1","Statement":[{}]}]'],
  ['nothing', ''],
])('%s is not touched', (_, text) => {
  const unreadable = / bucket-policy-unreadable$/;
  expect(() => withStatements(text, [ours])).toThrow(unreadable);
  expect(() => withoutStatements(text, isOurs)).toThrow(unreadable);
});

test('what OSS would refuse for its size is not written', () => {
  const full = / bucket-policy-full$/;
  const statement = (length: number) => ({ Resource: ['x'.repeat(length)] });
  expect(() => withStatements(null, [statement(4100)])).toThrow(full);
  expect(() => withStatements(null, Array(5).fill(statement(3900)))).toThrow(full);
  expect(withStatements(null, Array(4).fill(statement(3900)))?.length).toBeGreaterThan(15_600);
});
