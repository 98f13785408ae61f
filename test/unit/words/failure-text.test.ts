import { describe, expect, test } from 'vitest';
import { allCauses, isRequestCause, isSignerCause } from '../../../main/causes.ts';
import type { Failure } from '../../../main/failure.ts';
import { failureText } from '../../../main/words/failure-text.ts';
import { locales } from '../../../main/words/locales.ts';
import { translator } from '../../../main/words/translator.ts';

type KindOf<K extends Failure['kind']> = Extract<Failure, { readonly kind: K }>;

/** Every kind with every reason it can have: a new one doesn't compile until it is here. */
const reasons = {
  network: ['offline', 'dns', 'refused', 'timeout', 'reset', 'tls', 'proxy'],
  file: ['missing', 'denied', 'full', 'changed', 'bad-name', 'exists', 'not-a-file', 'linked-folder', 'read-error'],
  keychain: ['absent', 'locked', 'denied'],
} as const satisfies { [K in 'network' | 'file' | 'keychain']: readonly KindOf<K>['reason'][] };

const said = { status: 400, code: 'SomeCode', message: 'Something.' };
const failures: readonly Failure[] = [
  ...allCauses.filter(isSignerCause).flatMap((cause): Failure[] => [
    { kind: 'link', cause },
    { kind: 'credentials', cause },
  ]),
  ...allCauses.filter(isRequestCause).flatMap((cause): Failure[] => [
    { kind: 'oss', cause, ...said },
    { kind: 'oss', cause, ...said, through: 'link' },
  ]),
  { kind: 'oss', cause: 'other', ...said, message: '' },
  { kind: 'link', cause: 'damaged' },
  { kind: 'credentials', cause: 'missing' },
  { kind: 'credentials', cause: 'denied-by-policy', needs: 'oss:GetObject' },
  ...reasons.network.map((reason): Failure => ({ kind: 'network', reason, host: 'oss.example' })),
  ...reasons.file.map((reason): Failure => ({ kind: 'file', reason, path: '/tmp/a' })),
  ...reasons.keychain.map((reason): Failure => ({ kind: 'keychain', reason })),
  { kind: 'input', field: 'bucket', rule: 'bucket-name' },
  { kind: 'input', field: 'anything', rule: 'a-rule-without-words' },
  { kind: 'integrity', expected: '1', actual: '2' },
  { kind: 'cancelled' },
  { kind: 'bug', logId: 'abcd1234' },
  { kind: 'bug', logId: 'none' },
];

describe.each(locales)('in %s', (locale) => {
  const messages = translator(locale);

  test.each(failures)('$kind $reason $cause $rule $through says what happened and what to do', (failure) => {
    const { title, next } = failureText(failure, messages);
    expect(title).not.toBe('');
    expect(next).not.toBe('');
    expect(title + next).not.toMatch(/[{}]|undefined/);
  });

  test('a bug that is not in the log sends nobody there', () => {
    const logged = failureText({ kind: 'bug', logId: 'abcd1234' }, messages);
    const unlogged = failureText({ kind: 'bug', logId: 'none' }, messages);
    expect([logged.details, unlogged.details]).toEqual(['abcd1234', null]);
    expect(logged.next).toContain('abcd1234');
    expect(unlogged.next).not.toMatch(/none|log|日志/);
  });
});

describe('the details to copy', () => {
  const messages = translator('en');

  test('name a rule only where there are no words for it', () => {
    const detailsOf = (rule: string) => failureText({ kind: 'input', field: 'passphrase', rule }, messages).details;
    expect(detailsOf('lock-passphrase')).toBeNull();
    expect(detailsOf('a-rule-without-words')).toBe('passphrase: a-rule-without-words');
  });

  test('hold the code, the message, the EC and the request ID of OSS', () => {
    const { details } = failureText(
      {
        kind: 'oss',
        cause: 'other',
        status: 403,
        code: 'AccessDenied',
        message: 'No.',
        ec: '0003-00000001',
        requestId: '65F0C1D2A3B4C5D6',
      },
      messages,
    );
    expect(details).toBe('HTTP 403 · AccessDenied · No. · EC 0003-00000001 · RequestId 65F0C1D2A3B4C5D6');
  });

  test('are missing where there is nothing to copy', () => {
    expect(failureText({ kind: 'cancelled' }, messages).details).toBeNull();
  });

  test('leave out what OSS did not say', () => {
    expect(
      failureText({ kind: 'credentials', cause: 'denied-by-policy', code: 'AccessDenied' }, messages).details,
    ).toBe('AccessDenied');
  });
});

test('a link that ended says when', () => {
  const at = new Date(2026, 10, 24, 19, 30).getTime();
  const { title } = failureText({ kind: 'link', cause: 'expired', at }, translator('en'));
  expect(title).toContain('24 Nov');
  expect(title).toContain('19:30');
});

test('a wrong clock is told with the time of the server, where it is known', () => {
  const serverTime = new Date(2026, 10, 24, 19, 30).getTime();
  const messages = translator('en');
  expect(failureText({ kind: 'credentials', cause: 'clock-skew', serverTime }, messages).next).toContain('19:30');
  expect(failureText({ kind: 'credentials', cause: 'clock-skew' }, messages).next).toContain('15 minutes');
});

test('a bucket in another region says which endpoint to use', () => {
  const endpoint = 'oss-cn-shanghai.aliyuncs.com';
  const failure: Failure = {
    ...{ kind: 'oss', cause: 'wrong-endpoint', status: 403, code: 'AccessDenied', message: 'Use another.', endpoint },
  };
  expect(failureText(failure, translator('en')).next).toContain(endpoint);
});
