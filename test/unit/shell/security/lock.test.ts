import { scryptSync } from 'node:crypto';
import { expect, test, vi } from 'vitest';
import { memoryKeychain } from '../../../../main/accounts/keychain.ts';
import type { WaybillError } from '../../../../main/failure.ts';
import { Lock } from '../../../../main/shell/security/lock.ts';
import { createVerifier, isOutdated, verifies } from '../../../../main/accounts/passphrases/verifier.ts';

async function lockedWith(passphrase: string) {
  const time = { now: 0 };
  const keychain = memoryKeychain();
  const lock = new Lock({ keychain, startsLocked: false, now: () => time.now });
  await lock.setPassphrase(passphrase);
  lock.lock();
  return { lock, keychain, time };
}

const wrong = { failure: { kind: 'input', rule: 'lock-passphrase' } };
const tooSoon = { failure: { kind: 'input', rule: 'lock-wait' } };

test('its passphrase opens it, however its letters are composed, and no other does', async () => {
  const { lock } = await lockedWith('un café au lait');
  await expect(lock.unlock('un cafe au lait')).rejects.toMatchObject(wrong);
  expect(lock.isLocked).toBe(true);
  await lock.unlock('un cafe\u0301 au lait');
  expect(lock.isLocked).toBe(false);
});

test('the third wrong try and each after it makes the next one wait longer, up to a minute', async () => {
  const { lock, time } = await lockedWith('right old wheelbarrow');
  for (const seconds of [0, 0, 1, 2, 4, 8, 16, 32, 60, 60]) {
    await expect(lock.unlock('wrong')).rejects.toMatchObject(wrong);
    if (seconds === 0) continue;
    time.now += seconds * 1000 - 1;
    await expect(lock.unlock('right old wheelbarrow')).rejects.toMatchObject(tooSoon);
    time.now += 1;
  }
  await lock.unlock('right old wheelbarrow');
});

test('wrong tries count on after a start, which begins the wait again', async () => {
  const { lock, keychain, time } = await lockedWith('right old wheelbarrow');
  for (const seconds of [0, 0, 1, 2]) {
    await expect(lock.unlock('wrong')).rejects.toMatchObject(wrong);
    time.now += seconds * 1000;
  }
  const clock = { now: 0 };
  const again = new Lock({ keychain, startsLocked: true, now: () => clock.now });
  await expect(again.unlock('right old wheelbarrow')).rejects.toMatchObject(tooSoon);
  clock.now += 1999;
  await expect(again.unlock('right old wheelbarrow')).rejects.toMatchObject(tooSoon);
  clock.now += 1;
  await expect(again.unlock('wrong')).rejects.toMatchObject(wrong);
  clock.now += 4000;
  await again.unlock('right old wheelbarrow');
  expect(await keychain.getText('lock-attempts')).toBeNull();
});

test('many tries at once after a start count, too', async () => {
  const { keychain } = await lockedWith('right old wheelbarrow');
  const lock = new Lock({ keychain, startsLocked: true, now: () => 0 });
  const tries = await Promise.allSettled(Array.from({ length: 20 }, () => lock.unlock('wrong')));
  const rules = tries.map((one) => (one.status === 'rejected' ? (one.reason as WaybillError).failure : null));
  expect(rules.filter((failure) => failure?.kind === 'input' && failure.rule === 'lock-passphrase')).toHaveLength(3);
});

test('a system clock that goes back or ahead changes no wait', async () => {
  const { keychain } = await lockedWith('right old wheelbarrow');
  await keychain.setText('lock-attempts', '9');
  const lock = new Lock({ keychain, startsLocked: true });
  await expect(lock.unlock('right old wheelbarrow')).rejects.toMatchObject({ failure: { limit: '60' } });
  for (const years of [-1, 2]) {
    vi.setSystemTime(Date.now() + years * 365 * 24 * 3_600_000);
    await expect(lock.unlock('right old wheelbarrow')).rejects.toMatchObject({ failure: { limit: '60' } });
  }
  vi.useRealTimers();
});

test('a start begins locked where a lock was set up; a verifier that is gone or damaged opens nothing', async () => {
  const keychain = memoryKeychain();
  const lock = new Lock({ keychain, startsLocked: true });
  expect(lock.isLocked).toBe(true);
  await expect(lock.unlock('anything')).rejects.toMatchObject(wrong);
  await keychain.setText('lock', '{"salt":"","logN":60,"hash":""}');
  await expect(lock.unlock('anything')).rejects.toMatchObject(wrong);
});

test('a short passphrase is refused and changes nothing', async () => {
  const { lock } = await lockedWith('right old wheelbarrow');
  await expect(lock.setPassphrase('short')).rejects.toMatchObject({ failure: { rule: 'passphrase-too-short' } });
  await lock.unlock('right old wheelbarrow');
});

test('whoever listens hears each change once', async () => {
  const { lock } = await lockedWith('right old wheelbarrow');
  const heard: boolean[] = [];
  lock.onChange((locked) => heard.push(locked));
  lock.lock();
  await lock.unlock('right old wheelbarrow');
  lock.lock();
  expect(heard).toEqual([false, true]);
});

test('a verifier holds no passphrase and is never made the same twice', async () => {
  const [first, second] = [
    await createVerifier('right old wheelbarrow'),
    await createVerifier('right old wheelbarrow'),
  ];
  expect(first).not.toBe(second);
  expect(first).not.toContain('right');
  expect(await verifies(second, 'right old wheelbarrow')).toBe(true);
});

/** As an earlier version stored it, with N = 2^15, for a passphrase that is refused today. */
const earlierVerifier = JSON.stringify({
  salt: Buffer.from('sixteen bytes of').toString('base64'),
  logN: 15,
  hash: scryptSync('password', 'sixteen bytes of', 32, { N: 2 ** 15, r: 8, p: 1, maxmem: 2 ** 26 }).toString('base64'),
});

test('a verifier of an earlier version opens the lock with whatever passphrase it has, and costs more from then on', async () => {
  const { lock, keychain } = await lockedWith('right old wheelbarrow');
  await keychain.setText('lock', earlierVerifier);
  await expect(lock.unlock('wrong')).rejects.toMatchObject(wrong);
  expect(await keychain.getText('lock')).toBe(earlierVerifier);
  await lock.unlock('password');
  const renewed = (await keychain.getText('lock')) ?? '';
  expect([isOutdated(earlierVerifier), isOutdated(renewed)]).toEqual([true, false]);
  lock.lock();
  await lock.unlock('password');
  expect(await keychain.getText('lock')).toBe(renewed);
});

test('a passphrase that is easy to guess is refused', async () => {
  const { lock } = await lockedWith('right old wheelbarrow');
  await expect(lock.setPassphrase('password')).rejects.toMatchObject({ failure: { rule: 'passphrase-too-weak' } });
});
