import { expect, test } from 'vitest';
import { WaybillError } from '../../../../main/failure.ts';
import type { Answer } from '../../../../main/links/revoking/deny-and-try.ts';
import { denyUntilSettled } from '../../../../main/links/revoking/revoke-session.ts';

const offline = new WaybillError({ kind: 'network', reason: 'reset' });
const policy = { isWritten: true, after: '{}' };

/** Revokes with answers of OSS in this order. */
async function revokeWith(answers: readonly (Answer | Error)[]) {
  const left = [...answers];
  let changes = 0;
  const change = () => Promise.resolve({ ...policy, isWritten: (changes += 1) === 1 });
  const ask = (): Promise<Answer> => {
    const answer = left.shift() ?? 'refused';
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  };
  const ended = await denyUntilSettled({ change, ask }, () => Promise.resolve());
  return { ended, left };
}

test('a link that was refused is asked once more before it counts as revoked', async () => {
  expect(await revokeWith(['open', 'refused', 'refused'])).toMatchObject({ ended: { kind: 'ended' }, left: [] });
});

test('a network that fails at the last question ends nothing: OSS is asked again', async () => {
  const answers = ['open', 'refused', offline, 'refused', 'refused', 'refused'] as const;
  expect(await revokeWith(answers)).toMatchObject({ ended: { kind: 'ended' }, left: [] });
});
