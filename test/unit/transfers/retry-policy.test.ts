import { expect, test } from 'vitest';
import { isRequestCause } from '../../../main/causes.ts';
import { causeOf } from '../../../main/oss/exchange/cause.ts';
import { type Failure, malformedReply, WaybillError } from '../../../main/failure.ts';
import { backoffMs, classify, retry } from '../../../main/transfers/retry-policy.ts';

const oss = (status: number, code: string): Failure => {
  const cause = causeOf({ status, code, message: '', requestId: 'r' }, { through: 'account', isTokenMissing: false });
  if (!isRequestCause(cause)) throw new Error(cause);
  return { kind: 'oss', cause, status, code, message: '' };
};

test.each<[Failure, string]>([
  [{ kind: 'network', reason: 'reset' }, 'retry'],
  [{ kind: 'network', reason: 'dns' }, 'retry'],
  [{ kind: 'network', reason: 'tls' }, 'give-up'],
  [{ kind: 'network', reason: 'proxy-password' }, 'give-up'],
  [oss(503, 'ServiceUnavailable'), 'retry'],
  [oss(429, 'TooManyRequests'), 'retry'],
  [oss(400, 'RequestTimeout'), 'retry'],
  [oss(408, 'Http408'), 'retry'],
  [malformedReply(200, 'cut short').failure, 'retry'],
  [oss(499, 'Http499'), 'give-up'],
  [oss(500, 'InternalError'), 'retry'],
  [oss(404, 'NoSuchKey'), 'give-up'],
  [oss(409, 'FileAlreadyExists'), 'give-up'],
  [{ kind: 'integrity', expected: '1', actual: '2' }, 'retry'],
  [{ kind: 'credentials', cause: 'token-expired' }, 'refresh'],
  [{ kind: 'credentials', cause: 'wrong-key' }, 'refresh'],
  [{ kind: 'credentials', cause: 'denied-by-policy' }, 'give-up'],
  [{ kind: 'credentials', cause: 'wrong-secret' }, 'credentials'],
  [{ kind: 'keychain', reason: 'locked' }, 'credentials'],
  [{ kind: 'link', cause: 'expired' }, 'fresh-link'],
  [{ kind: 'link', cause: 'link-mismatch' }, 'give-up'],
  [{ kind: 'file', reason: 'full', path: '/x' }, 'disk-space'],
  [{ kind: 'file', reason: 'changed', path: '/x' }, 'give-up'],
  [{ kind: 'file', reason: 'too-many-open', path: '/x' }, 'retry'],
  [{ kind: 'file', reason: 'in-use', path: '/x' }, 'give-up'],
  [{ kind: 'bug', logId: '1' }, 'give-up'],
])('%j means %s', (failure, expected) => {
  const decision = classify(failure);
  expect(decision.action === 'block' ? decision.need : decision.action).toBe(expected);
});

test('waits double up to a limit, and are anything between nothing and that', () => {
  const limits = { attempts: 9, minDelayMs: 100, maxDelayMs: 1000 };
  const longest = [1, 2, 3, 4, 5, 6].map((attempt) => backoffMs(attempt, limits, () => 1));
  expect(longest).toEqual([100, 200, 400, 800, 1000, 1000]);
  expect(backoffMs(5, limits, () => 0)).toBe(0);
  expect(backoffMs(2, limits, () => 0.5)).toBe(100);
});

test('work is tried again as often as allowed, and only for what passes', async () => {
  const limits = { attempts: 3, minDelayMs: 0, maxDelayMs: 0 };
  const { signal } = new AbortController();
  const attempts: number[] = [];
  const failing = (failure: Failure) => (attempt: number) => {
    attempts.push(attempt);
    return Promise.reject(new WaybillError(failure));
  };
  await expect(retry(failing(oss(500, 'InternalError')), limits, signal)).rejects.toThrow('InternalError');
  await expect(retry(failing(oss(403, 'Nope')), limits, signal)).rejects.toThrow('Nope');
  expect(attempts).toEqual([1, 2, 3, 1]);
});

test('a wait ends at once when the work is cancelled', async () => {
  const abort = new AbortController();
  const limits = { attempts: 3, minDelayMs: 1e9, maxDelayMs: 1e9 };
  const work = retry(() => Promise.reject(new WaybillError(oss(500, 'X'))), limits, abort.signal);
  setImmediate(() => abort.abort());
  await expect(work).rejects.toMatchObject({ failure: { kind: 'cancelled' } });
});
