import { describe, expect, test } from 'vitest';
import { lifetimeSeconds, lifetimeSecondsOrZero, linkValidity } from '../../../../main/links/making/validity.ts';

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

describe('the lifetime that is asked for', () => {
  const years = 630_720_000;
  test.each([
    [{ expiresSeconds: 1 }, 1],
    [{ expiresSeconds: years }, years],
    [{ validUntil: now + 90_999 }, 90],
    [{ validUntil: now + 1000 }, 1],
  ])('%j is %i seconds', (lifetime, seconds) => {
    expect(lifetimeSeconds(lifetime, now)).toBe(seconds);
    expect(lifetimeSecondsOrZero(lifetime, now)).toBe(seconds);
  });

  test.each([
    [{}, 'expiresSeconds', 'expires-missing'],
    [{ expiresSeconds: 0 }, 'expiresSeconds', 'expires-too-short'],
    [{ expiresSeconds: 0.5 }, 'expiresSeconds', 'expires-too-short'],
    [{ expiresSeconds: years + 1 }, 'expiresSeconds', 'expires-too-long'],
    [{ validUntil: now }, 'validUntil', 'expires-too-short'],
    [{ validUntil: now + (years + 1) * 1000 }, 'validUntil', 'expires-too-long'],
  ])('%j is refused: %s %s', (lifetime, field, rule) => {
    const failure = { kind: 'input', field, rule, limit: `1…${years}` };
    expect(() => lifetimeSeconds(lifetime, now)).toThrow(expect.objectContaining({ failure }));
    expect(lifetimeSecondsOrZero(lifetime, now)).toBe(0);
  });
});
