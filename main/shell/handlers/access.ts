import { giveAccess, planAccess } from '../../policies/give-access.ts';
import { readAccess, rulesOf } from '../../policies/read-access.ts';
import { takeAccess } from '../../policies/take-access.ts';
import type { Core } from '../core.ts';
import type { Handlers } from '../ipc.ts';
import type { AccessQuestions } from '../security/access-questions.ts';

type AccessCalls = Extract<keyof Handlers, `access.${string}`>;

/** Answers the calls about who has access to a bucket by its policy. */
export function accessHandlers(
  { accounts, policies: editor }: Pick<Core, 'accounts' | 'policies'>,
  questions: AccessQuestions,
): Pick<Handlers, AccessCalls> {
  return {
    'access.read': ({ accountId, ...place }) =>
      accounts.access(accountId).manage(place.bucket, (connection) => readAccess(connection, place)),
    'access.plan': ({ accountId, wanted, ...place }) => {
      const { text, isPublic } = planAccess(place, wanted, accounts.serverNow(accountId));
      return { text, isPublic };
    },
    'access.give': async ({ accountId, wanted, ...place }) => {
      const plan = planAccess(place, wanted, accounts.serverNow(accountId));
      await questions.give(place.bucket, plan);
      return accounts.access(accountId).manage(place.bucket, async (connection) => {
        await giveAccess(connection, place.bucket, plan, { editor });
        return readAccess(connection, place);
      });
    },
    'access.take': async ({ accountId, taken, ...place }) => {
      const { bucket } = place;
      const access = accounts.access(accountId);
      const report = await access.manage(bucket, (connection) => readAccess(connection, { bucket, prefix: '' }));
      await questions.take(bucket, taken, rulesOf(report));
      return access.manage(bucket, async (connection) => {
        await takeAccess(connection, bucket, taken, { editor });
        return readAccess(connection, place);
      });
    },
  };
}
