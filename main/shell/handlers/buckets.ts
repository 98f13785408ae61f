import { bucketDomains, useDomain } from '../../accounts/custom-domains.ts';
import type { Accounts } from '../../accounts/accounts.ts';
import { serviceEndpoint } from '../../accounts/bucket-place.ts';
import { readsArchiveDirectly } from '../../oss/operations/archive-direct-read.ts';
import { createBucket, deleteBucket, putBucketVersioning } from '../../oss/operations/bucket-settings.ts';
import { getBucketVersioning } from '../../oss/operations/buckets.ts';
import { describeRegions } from '../../oss/operations/regions.ts';
import { abortMultipartUpload, listMultipartUploads } from '../../oss/operations/multipart.ts';
import type { Core } from '../core.ts';
import type { Handlers, Emit } from '../ipc.ts';
import type { DeletionLimit } from '../security/deletion-limit.ts';
import type { ConfirmPublic } from '../security/publishing.ts';
import type { BucketPropertyCalls } from './bucket-properties.ts';

type BucketCalls = Exclude<Extract<keyof Handlers, `buckets.${string}`>, BucketPropertyCalls>;

interface BucketParts extends Pick<Core, 'queue'> {
  readonly limit: DeletionLimit;
  readonly confirmPublic: ConfirmPublic;
  readonly confirmHttp: (domain: string) => Promise<void>;
}

/** Answers the calls about buckets and their settings. */
export function bucketHandlers(
  accounts: Accounts,
  emit: Emit,
  { queue, limit, confirmPublic, confirmHttp }: BucketParts,
): Pick<Handlers, BucketCalls> {
  return {
    'buckets.list': ({ accountId }) => accounts.buckets(accountId),
    'buckets.regions': ({ accountId }) => accounts.run(accountId, null, (connection) => describeRegions(connection)),
    'buckets.create': async ({ accountId, bucket, region, storageClass, acl, versioning }) => {
      await confirmPublic(bucket, acl);
      await createBucket(accounts.access(accountId).connectionIn(region), bucket, { storageClass, acl });
      if (versioning) await putBucketVersioning(accounts.access(accountId).connectionIn(region), bucket, 'enabled');
      emit('buckets.changed', { accountId });
      return null;
    },
    'buckets.delete': async ({ accountId, bucket }) => {
      await accounts
        .access(accountId)
        .manage(bucket, (connection) => deleteBucket({ ...connection, endpoint: serviceEndpoint(connection) }, bucket));
      emit('buckets.changed', { accountId });
      return null;
    },
    'buckets.versioning': ({ accountId, bucket }) =>
      accounts.access(accountId).manage(bucket, (connection) => getBucketVersioning(connection, bucket)),
    'buckets.setVersioning': async ({ accountId, bucket, versioning }) => {
      await accounts
        .access(accountId)
        .manage(bucket, (connection) => putBucketVersioning(connection, bucket, versioning));
      return null;
    },
    'buckets.readsArchive': ({ accountId, bucket }) =>
      accounts.access(accountId).manage(bucket, (connection) => readsArchiveDirectly(connection, bucket)),
    'buckets.domains': ({ accountId, bucket }) => bucketDomains(accounts, accountId, bucket),
    'buckets.useDomain': async (choice) => {
      await useDomain(accounts, { ...choice, confirmHttp });
      queue.domainChosen(choice);
      emit('objects.changed', { accountId: choice.accountId, bucket: choice.bucket, prefix: '' });
      return null;
    },
    'buckets.uploads': ({ accountId, bucket }) =>
      accounts.run(accountId, bucket, async (connection) => {
        const { uploads, nextKeyMarker } = await listMultipartUploads(connection, bucket, { maxUploads: 1000 });
        return { uploads, isAll: nextKeyMarker === null };
      }),
    'buckets.abortUploads': async ({ accountId, bucket, uploads }) => {
      await limit.take(bucket, uploads.length);
      for (const upload of uploads) {
        await accounts.run(accountId, bucket, (connection) => abortMultipartUpload(connection, { bucket, ...upload }));
      }
      return null;
    },
  };
}
