import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parsePrincipal, readPrincipal, writtenPrincipal } from '../../../main/policies/principal.ts';

test.each([
  ['everyone', '*'],
  ['20214760404935', '20214760404935'],
  [' 1746495857600001 ', '1746495857600001'],
  ['acs:ram::1746495857600001:role/Reader', 'arn:sts::1746495857600001:assumed-role/Reader/*'],
  ['acs:ram::1746495857600001:role/Reader/anna', 'arn:sts::1746495857600001:assumed-role/Reader/anna'],
  ['arn:sts::1746495857600001:assumed-role/Reader/*', 'arn:sts::1746495857600001:assumed-role/Reader/*'],
  ['arn:sts::1746495857600001:assumed-role/Reader/anna', 'arn:sts::1746495857600001:assumed-role/Reader/anna'],
])('%s stands in a policy as %s', (typed, written) => {
  expect(writtenPrincipal(parsePrincipal(typed))).toBe(written);
});

test.each([
  ...['', '*', 'anna', '0', 'acs:ram::1746495857600001:user/anna', 'acs:ram::1746495857600001:role/*'],
  ...['arn:sts::*:*/*/*', 'arn:sts::1746495857600001:assumed-role/*/*', 'arn:sts::1746495857600001:assumed-role/R/a*'],
  ...['arn:sts::1746495857600001:assumed-role/R', '17464958576,20214760'],
])('%j names nobody whom access can be given to', (typed) => {
  expect(() => parsePrincipal(typed)).toThrow(/access-who$/);
});

test('whatever stands in a policy is written back as it was', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.constantFrom('*', 'arn:sts::*:*/*/*', '1798')), (text) => {
      expect(writtenPrincipal(readPrincipal(text))).toBe(text);
    }),
  );
});
