import { expect, test } from 'vitest';
import { limitKey, revocabilityOf } from '../../../../renderer/parts/revocability.ts';
import { makeAccount } from '../making.ts';

const role = { roleArn: 'acs:ram::1000000000000001:role/share', sessionName: 'waybill', durationSeconds: 3600 };

test('links can be revoked where an account has a role, even if it assumes it with temporary credentials', () => {
  expect(revocabilityOf(makeAccount({ role }))).toBe('possible');
  expect(revocabilityOf(makeAccount({ role, temporary: true }))).toBe('possible');
  expect(revocabilityOf(makeAccount({ origin: 'practice' }))).toBe('possible');
  expect(revocabilityOf(makeAccount({ temporary: true }))).toBe('temporary');
  expect(revocabilityOf(makeAccount())).toBe('no-role');
  expect(revocabilityOf(null)).toBe('no-role');
});

test('a session of its own limits a link for another reason than the session of the account', () => {
  expect(limitKey({ limitedBy: 'session' }, true)).toBe('share.limit.revocable');
  expect(limitKey({ limitedBy: 'session' }, false)).toBe('share.limit.session');
  expect(limitKey({ limitedBy: 'v4-limit' }, true)).toBe('share.limit.v4-limit');
  expect(limitKey({ limitedBy: 'expiry' }, true)).toBeNull();
});
