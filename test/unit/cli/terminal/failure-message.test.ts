import { expect, test } from 'vitest';
import { failureMessage } from '../../../../main/cli/terminal/failure-message.ts';

test('what a source of credentials names isn’t called a code, unless a server answered with one', () => {
  const source = { kind: 'oidc', name: 'oidc' } as const;
  const missing = failureMessage({ kind: 'credentials', cause: 'source-missing', source, code: '/run/token' });
  expect(missing.split('\n').at(-1)).toBe('Detail: /run/token');
  const refused = {
    kind: 'credentials',
    cause: 'source-refused',
    source,
    code: 'NoPermission',
    requestId: 'R1',
  } as const;
  expect(failureMessage(refused).split('\n').at(-1)).toBe('Code: NoPermission  RequestId: R1');
});
