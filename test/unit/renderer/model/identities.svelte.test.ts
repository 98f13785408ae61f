import { expect, test } from 'vitest';
import type { CallerIdentity } from '../../../../main/contract/contract.ts';
import { CallFailed } from '../../../../renderer/lib/bridge.ts';
import { Identities } from '../../../../renderer/model/identities.svelte.ts';
import { answering } from '../answering.ts';

const identity: CallerIdentity = { accountId: '1', arn: 'acs:ram::1:user/li' };
const failure = { kind: 'network', reason: 'dns', host: 'sts.aliyuncs.com' } as const;

/** Answers in turn; null is a failure. */
function identitiesOf(...answers: readonly (CallerIdentity | null)[]): Identities {
  const left = [...answers];
  return new Identities(
    answering({
      'accounts.identity': () => {
        const next = left.shift() ?? null;
        if (next === null) throw new CallFailed(failure);
        return next;
      },
    }),
  );
}

test('who an account signs as is unknown until STS has said it', async () => {
  const identities = identitiesOf(identity);
  expect(identities.of('a')).toBeNull();
  const asked = identities.ask('a');
  expect(identities.of('a')).toEqual({ kind: 'asking' });
  await asked;
  expect(identities.of('a')).toEqual({ kind: 'known', identity });
  expect(identities.of('b')).toBeNull();
});

test('a failure is shown, and gives way to the next answer', async () => {
  const identities = identitiesOf(null, identity);
  await identities.ask('a');
  expect(identities.of('a')).toEqual({ kind: 'failed', failure });
  await identities.ask('a');
  expect(identities.of('a')).toEqual({ kind: 'known', identity });
});

test('what was said stays while STS is asked again, but not once the account has changed', async () => {
  const identities = identitiesOf(identity, identity);
  await identities.ask('a');
  const asked = identities.ask('a');
  expect(identities.of('a')).toEqual({ kind: 'known', identity });
  identities.forget('a');
  await asked;
  expect(identities.of('a')).toBeNull();
});
