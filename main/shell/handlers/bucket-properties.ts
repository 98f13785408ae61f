import type { Accounts } from '../../accounts/accounts.ts';
import { putBucketAcl, putBucketPublicAccessBlock } from '../../oss/operations/public-access.ts';
import { readBucketFacts, readBucketRules } from '../../properties/bucket-facts.ts';
import type { Handlers, Emit } from '../ipc.ts';
import type { ConfirmBucketChange, ConfirmPublic } from '../security/publishing.ts';

/** Calls about what a bucket is, and who has access to it without a signature. */
export type BucketPropertyCalls = `buckets.${'facts' | 'rules' | 'setAcl' | 'blockPublic'}`;

interface Questions {
  readonly confirmPublic: ConfirmPublic;
  readonly confirmChange: ConfirmBucketChange;
}

/** Answers them. What opens a bucket to everyone is asked first. */
export function bucketPropertyHandlers(
  accounts: Accounts,
  emit: Emit,
  { confirmPublic, confirmChange }: Questions,
): Pick<Handlers, BucketPropertyCalls> {
  return {
    'buckets.facts': ({ accountId, bucket }) =>
      accounts.access(accountId).manage(bucket, (connection) => readBucketFacts(connection, bucket)),
    'buckets.rules': ({ accountId, bucket }) =>
      accounts.access(accountId).manage(bucket, (connection) => readBucketRules(connection, bucket)),
    'buckets.setAcl': async ({ accountId, bucket, acl }) => {
      await confirmPublic(bucket, acl);
      await accounts.access(accountId).manage(bucket, (connection) => putBucketAcl(connection, bucket, acl));
      emit('access.changed', { accountId, bucket });
      return null;
    },
    'buckets.blockPublic': async ({ accountId, bucket, isOn }) => {
      if (!isOn) await confirmChange(bucket, 'unblock');
      await accounts
        .access(accountId)
        .manage(bucket, (connection) => putBucketPublicAccessBlock(connection, bucket, isOn));
      emit('access.changed', { accountId, bucket });
      return null;
    },
  };
}
