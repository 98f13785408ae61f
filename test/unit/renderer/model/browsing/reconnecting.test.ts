import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Failure } from '../../../../../main/contract/contract.ts';
import { passesByItself, Reconnecting } from '../../../../../renderer/model/browsing/reconnecting.ts';

const offline: Failure = { kind: 'network', reason: 'offline' };

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

function start() {
  let tries = 0;
  const reconnecting = new Reconnecting(() => (tries += 1));
  return { reconnecting, tries: () => tries };
}

test('what failed for want of a network is tried again after longer and longer pauses', () => {
  const { reconnecting, tries } = start();
  const waits = [2_000, 5_000, 15_000, 60_000, 60_000].map((pause) => {
    reconnecting.note(offline);
    const before = tries();
    vi.advanceTimersByTime(pause - 1);
    const early = tries() - before;
    vi.advanceTimersByTime(1);
    return [early, tries() - before];
  });
  expect(waits).toEqual(Array.from({ length: 5 }, () => [0, 1]));
  reconnecting.note(null);
  reconnecting.note(offline);
  vi.advanceTimersByTime(2_000);
  expect(tries()).toBe(6);
});

test('it is tried at once when the system is online again, and once only', () => {
  const { reconnecting, tries } = start();
  reconnecting.note(offline);
  reconnecting.tryNow();
  expect(tries()).toBe(1);
  reconnecting.tryNow();
  vi.advanceTimersByTime(100_000);
  expect(tries()).toBe(1);
});

test('nothing is tried after it worked, or once it was left', () => {
  const { reconnecting, tries } = start();
  reconnecting.note(offline);
  reconnecting.note(null);
  reconnecting.note(offline);
  reconnecting.stop();
  reconnecting.tryNow();
  vi.advanceTimersByTime(100_000);
  expect(tries()).toBe(0);
});

test.each<[Failure, boolean]>([
  [{ kind: 'network', reason: 'timeout' }, true],
  [{ kind: 'network', reason: 'tls' }, false],
  [{ kind: 'network', reason: 'proxy-password' }, false],
  [{ kind: 'oss', cause: 'busy', status: 503, code: 'SlowDown', message: '' }, true],
  [{ kind: 'oss', cause: 'no-such-bucket', status: 404, code: 'NoSuchBucket', message: '' }, false],
  [{ kind: 'bug', logId: 'none' }, false],
])('that %o passes by itself is %s', (failure, passes) => {
  expect(passesByItself(failure)).toBe(passes);
});
