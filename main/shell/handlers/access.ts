import { bucketExposures, objectAccess } from '../../policies/exposure.ts';
import { giveAccess, planAccess } from '../../policies/give-access.ts';
import { readAccess, rulesOf } from '../../policies/read-access.ts';
import { takeAccess } from '../../policies/take-access.ts';
import type { Core } from '../core.ts';
import type { Emit, Handlers } from '../ipc.ts';
import type { AccessQuestions } from '../security/access-questions.ts';

type AccessCalls = Extract<keyof Handlers, `access.${string}`>;

/** Answers the calls about who has access to a bucket. */
export function accessHandlers(
  { accounts, policies: editor }: Pick<Core, 'accounts' | 'policies'>,
  emit: Emit,
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
      const { bucket } = place;
      return accounts.access(accountId).manage(bucket, async (connection) => {
        await giveAccess(connection, bucket, plan, { editor });
        emit('access.changed', { accountId, bucket });
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
        emit('access.changed', { accountId, bucket });
        return readAccess(connection, place);
      });
    },
    'access.exposures': ({ accountId, buckets }) => bucketExposures(accounts.access(accountId), buckets),
    'access.ofObject': ({ accountId, versionId, ...object }) =>
      accounts.run(accountId, object.bucket, (connection) =>
        objectAccess(connection, { ...object, versionId: versionId ?? undefined }),
      ),
  };
}
