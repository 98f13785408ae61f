import { expect, test } from 'vitest';
import { principalOf, principalsOf } from '../../../../main/accounts/sts/session-principal.ts';

const principal = 'arn:sts::1234567890123456:assumed-role/WayBill/wb-7F3a';

test.each([
  'acs:ram::1234567890123456:role/WayBill/wb-7F3a',
  'acs:sts::1234567890123456:assumed-role/WayBill/wb-7F3a',
  'acs:ram::1234567890123456:assumed-role/WayBill/wb-7F3a',
  principal,
])('%s names a session, case and all', (arn) => {
  expect(principalOf(arn)).toBe(principal);
});

test.each([
  '',
  '*',
  'arn:sts::*:*/*/*',
  'acs:ram::1:role/r',
  'acs:ram::1:role/r/*',
  'acs:ram::1:role/r/a*',
  'acs:ram::1:role/*/wb-1',
  'acs:ram::12****34:role/r/wb-1',
  'acs:ram::1:role/r/wb-1/x',
  'acs:ram::1:user/r/wb-1',
  'arn:aws:sts::1:assumed-role/r/wb-1',
])('%j names none, or more than one', (arn) => {
  expect(() => principalOf(arn)).toThrow(/ session-arn$/);
});

test('where STS writes the role in another way than it was asked for, both are named', () => {
  const asked = { roleArn: 'acs:ram::1:role/adminrole', sessionName: 'wb-00000001' };
  const byAsked = 'arn:sts::1:assumed-role/adminrole/wb-00000001';
  expect(principalsOf('acs:sts::1:assumed-role/AdminRole/wb-00000001', asked)).toEqual([
    'arn:sts::1:assumed-role/AdminRole/wb-00000001',
    byAsked,
  ]);
  expect(principalsOf('acs:ram::1:role/adminrole/wb-00000001', asked)).toEqual([byAsked]);
  expect(principalsOf(null, asked)).toEqual([byAsked]);
});

test.each([
  'acs:sts::1:assumed-role/adminrole/alice',
  'acs:ram::1:role/other/wb-00000001',
  'acs:ram::2:role/r/wb-00000001',
])('an answer of STS about %s names a session that nobody asked for', (answered) => {
  const asked = { roleArn: 'acs:ram::1:role/adminrole', sessionName: 'wb-00000001' };
  expect(() => principalsOf(answered, asked)).toThrow(/ session-arn$/);
});
