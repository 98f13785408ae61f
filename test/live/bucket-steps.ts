import assert from 'node:assert/strict';
import { toFailure } from '../../main/failure.ts';
import { readsArchiveDirectly } from '../../main/oss/operations/archive-direct-read.ts';
import { createBucket, deleteBucket } from '../../main/oss/operations/bucket-settings.ts';
import { getBucketInfo, listBuckets } from '../../main/oss/operations/buckets.ts';
import { listCustomDomains } from '../../main/oss/operations/custom-domains.ts';
import { deleteObjects } from '../../main/oss/operations/deletes.ts';
import { abortMultipartUpload, listMultipartUploads } from '../../main/oss/operations/multipart.ts';
import { getBucketAcl } from '../../main/oss/operations/public-access.ts';
import { describeRegions } from '../../main/oss/operations/regions.ts';
import { listVersions } from '../../main/oss/operations/versions.ts';
import type { Connection } from '../../main/oss/connection.ts';
import { objectSteps } from './object-steps.ts';
import type { Place } from './place.ts';

/** The run's own bucket, created and described. */
export async function bucketSteps({ bucket, connection, setup, steps }: Place): Promise<boolean> {
  await steps.run('DescribeRegions: this region is among them', async () => {
    const regions = await describeRegions(connection);
    assert.ok(regions.some(({ id }) => id === setup.region));
    return `${String(regions.length)} regions`;
  });
  const created = await steps.run('PutBucket', () =>
    createBucket(connection, bucket, { storageClass: 'Standard', acl: 'private' }),
  );
  if (created !== 'passed') return false;
  await steps.run('ListBuckets, GetBucketInfo', async () => {
    const { buckets } = await listBuckets(connection, { prefix: bucket });
    assert.deepEqual(
      buckets.map(({ name }) => name),
      [bucket],
    );
    const { region, storageClass, versioning } = await getBucketInfo(connection, bucket);
    assert.deepEqual([region, storageClass, versioning], [setup.region, 'Standard', 'never']);
  });
  await steps.run('GetBucketAcl: a new bucket is private', async () => {
    assert.equal(await getBucketAcl(connection, bucket), 'private');
  });
  await steps.run('ListCname: a new bucket has no custom domain', async () => {
    assert.deepEqual(await listCustomDomains(connection, bucket), []);
  });
  await steps.run('GetBucketArchiveDirectRead: off in a new bucket', async () => {
    assert.equal(await readsArchiveDirectly(connection, bucket), false);
  });
  return true;
}

/** The custom domain that was given, and the operations on objects through it. */
export async function domainSteps(place: Place): Promise<void> {
  const { connection, connections, setup, steps } = place;
  if (setup.domain === null) {
    await steps.leaveOut('Custom domain', 'OSS_TEST_DOMAIN and OSS_TEST_DOMAIN_BUCKET are not set');
    return;
  }
  const { bucket, endpoint } = setup.domain;
  await steps.run('ListCname: the custom domain that was given', async () => {
    const names = (await listCustomDomains(connection, bucket)).map(({ name }) => name);
    assert.ok(names.includes(endpoint.host), `found ${names.join(', ')}`);
  });
  const prefix = `${place.bucket}/`;
  const there = connections.to({ endpoint });
  try {
    await objectSteps({ ...place, bucket, prefix, connection: there });
  } finally {
    await steps.cleanUp('Clean up the custom domain’s bucket', () => emptyOf(there, bucket, prefix));
  }
}

/** Deletes every version of every object, and every incomplete upload, below the prefix. */
async function emptyOf(connection: Connection, bucket: string, prefix = ''): Promise<void> {
  for (;;) {
    const { uploads } = await listMultipartUploads(connection, bucket, { prefix });
    if (uploads.length === 0) break;
    for (const upload of uploads) await abortMultipartUpload(connection, { bucket, ...upload });
  }
  for (;;) {
    const { versions } = await listVersions(connection, bucket, { prefix, maxKeys: 1000 });
    if (versions.length === 0) return;
    const { failed } = await deleteObjects(connection, bucket, versions);
    assert.deepEqual(failed, []);
  }
}

/** Leaves nothing of a bucket, which need not exist. */
export async function removeBucket(connection: Connection, bucket: string): Promise<void> {
  try {
    // Where OSS refuses data calls, an empty bucket can still be deleted.
    await deleteBucket(connection, bucket);
  } catch (error) {
    const failure = toFailure(error);
    const cause = 'cause' in failure ? failure.cause : null;
    if (cause === 'no-such-bucket') return;
    if (cause !== 'bucket-not-empty') throw error;
    await emptyOf(connection, bucket);
    await deleteBucket(connection, bucket);
  }
}
