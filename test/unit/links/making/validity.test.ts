import { describe, expect, test } from 'vitest';
import { linkValidity } from '../../../../main/links/making/validity.ts';

const now = Date.UTC(2026, 10, 24, 12, 0, 0);
const hour = 3_600_000;
const day = 24 * hour;

describe('the shorter validity wins', () => {
  test('a long-lived key leaves the chosen expiry as it is', () => {
    expect(linkValidity({ now, expiresSeconds: 3600, sessionValidUntil: null, signVersion: 'v4' })).toEqual({
      validUntil: now + hour,
      limitedBy: 'expiry',
      sessionEndUnknown: false,
    });
  });

  test('a session that ends first ends the link', () => {
    expect(linkValidity({ now, expiresSeconds: 7200, sessionValidUntil: now + hour, signVersion: 'v4' })).toEqual({
      validUntil: now + hour,
      limitedBy: 'session',
      sessionEndUnknown: false,
    });
  });

  test.each([
    ['session', 10_001],
    ['expiry', 10_000],
  ])('the end is called that of the %s if the session ends %i ms before what was asked for', (limitedBy, earlyMs) => {
    const sessionValidUntil = now + hour - earlyMs;
    expect(linkValidity({ now, expiresSeconds: 3600, sessionValidUntil, signVersion: 'v4' })).toEqual({
      validUntil: Math.floor(sessionValidUntil / 1000) * 1000,
      limitedBy,
      sessionEndUnknown: false,
    });
  });

  test('a session that ends later does not lengthen the link', () => {
    expect(linkValidity({ now, expiresSeconds: 60, sessionValidUntil: now + hour, signVersion: 'v4' })).toEqual({
      validUntil: now + 60_000,
      limitedBy: 'expiry',
      sessionEndUnknown: false,
    });
  });

  test('a token whose end nobody told is said to be unknown', () => {
    expect(linkValidity({ now, expiresSeconds: 3600, sessionValidUntil: 'unknown', signVersion: 'v4' })).toMatchObject({
      validUntil: now + hour,
      limitedBy: 'expiry',
      sessionEndUnknown: true,
    });
  });

  test('V4 ends after 7 days, whatever was asked for', () => {
    expect(
      linkValidity({ now, expiresSeconds: 30 * 86_400, sessionValidUntil: null, signVersion: 'v4' }),
    ).toMatchObject({ validUntil: now + 7 * day, limitedBy: 'v4-limit' });
  });

  test('V1 has no such limit', () => {
    expect(
      linkValidity({ now, expiresSeconds: 30 * 86_400, sessionValidUntil: null, signVersion: 'v1' }),
    ).toMatchObject({ validUntil: now + 30 * day, limitedBy: 'expiry' });
  });

  test('the end is a whole second, as in the signature', () => {
    expect(
      linkValidity({ now: now + 999, expiresSeconds: 1, sessionValidUntil: null, signVersion: 'v4' }).validUntil,
    ).toBe(now + 1000);
  });
});
