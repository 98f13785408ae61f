import { expect, test } from 'vitest';
import { withPatience } from '../../../main/local-files/patience.ts';

/** Fails with these codes in turn, then succeeds. */
function failing(...codes: readonly string[]): { work: () => Promise<string>; calls: () => number } {
  let calls = 0;
  return {
    calls: () => calls,
    work: () => {
      const code = codes[calls];
      calls += 1;
      if (code === undefined) return Promise.resolve('done');
      return Promise.reject(Object.assign(new Error(code), { code, syscall: 'rename' }));
    },
  };
}

test.each<[NodeJS.Platform, string]>([
  ['win32', 'EPERM'],
  ['win32', 'EACCES'],
  ['win32', 'EBUSY'],
  ['linux', 'EBUSY'],
])('on %s, %s passes', async (platform, code) => {
  const { work, calls } = failing(code, code);
  expect(await withPatience(work, undefined, platform)).toBe('done');
  expect(calls()).toBe(3);
});

test.each<[NodeJS.Platform, string]>([
  ['linux', 'EPERM'],
  ['darwin', 'EACCES'],
  ['win32', 'ENOSPC'],
  ['win32', 'EEXIST'],
])('on %s, %s does not', async (platform, code) => {
  const { work, calls } = failing(code);
  await expect(withPatience(work, undefined, platform)).rejects.toThrow(code);
  expect(calls()).toBe(1);
});

test('a pause ends when the work is cancelled', async () => {
  const { work } = failing(...Array.from({ length: 100 }, () => 'EBUSY'));
  await expect(withPatience(work, AbortSignal.abort(), 'win32')).rejects.toMatchObject({ name: 'AbortError' });
});
