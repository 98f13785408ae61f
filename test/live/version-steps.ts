import assert from 'node:assert/strict';
import { buffer } from 'node:stream/consumers';
import { putBucketVersioning } from '../../main/oss/operations/bucket-settings.ts';
import { getBucketVersioning } from '../../main/oss/operations/buckets.ts';
import { copyObject } from '../../main/oss/operations/copies.ts';
import { deleteObject, deleteObjects } from '../../main/oss/operations/deletes.ts';
import { getObject } from '../../main/oss/operations/objects.ts';
import { versionPages } from '../../main/oss/operations/ranges/version-pages.ts';
import { listVersions, type ObjectVersion } from '../../main/oss/operations/versions.ts';
import { versionLinkStep } from './link-steps.ts';
import { put } from './object-steps.ts';
import type { Place } from './place.ts';

/** Versioning is turned on in the run's own bucket; the last steps of a run, because it can't be taken back. */
export async function versionSteps(place: Place): Promise<void> {
  const { bucket, connection, steps, prefix } = place;
  await steps.run('PutBucketVersioning, GetBucketVersioning: on', async () => {
    assert.equal(await getBucketVersioning(connection, bucket), 'never');
    await putBucketVersioning(connection, bucket, 'enabled');
    assert.equal(await getBucketVersioning(connection, bucket), 'enabled');
  });
  await steps.run(`${prefix}ListObjectVersions, GetObject and CopyObject of a version, delete markers`, () =>
    versions(place),
  );
  await versionLinkStep(place);
  await steps.run(`${prefix}DeleteMultipleObjects of versions`, () => removeAll(place));
  await steps.run('PutBucketVersioning: suspended', async () => {
    await putBucketVersioning(connection, bucket, 'suspended');
    assert.equal(await getBucketVersioning(connection, bucket), 'suspended');
  });
}

async function versions(place: Place): Promise<void> {
  const { bucket, connection, prefix } = place;
  const key = `${prefix}kept é`;
  const { versionId } = await put(place, 'kept é', 'first');
  await put(place, 'kept é', 'second');
  assert.ok(versionId !== null);
  const marker = await deleteObject(connection, { bucket, key });
  assert.equal(marker.deleteMarker, true);
  const { versions: found } = await listVersions(connection, bucket, { prefix: key });
  assert.deepEqual(
    found.map(({ deleteMarker, sizeBytes }) => [deleteMarker, sizeBytes]),
    [
      [true, 0],
      [false, 6],
      [false, 5],
    ],
  );
  const source = { bucket, key, versionId };
  assert.equal((await buffer((await getObject(connection, source)).body)).toString(), 'first');
  await copyObject(connection, { source, bucket, key });
  assert.equal((await buffer((await getObject(connection, { bucket, key })).body)).toString(), 'first');
  await deleteObject(connection, source);
}

async function removeAll({ bucket, connection, prefix }: Place): Promise<void> {
  const found: ObjectVersion[] = [];
  for await (const { versions } of versionPages(connection, bucket, { prefix })) found.push(...versions);
  assert.deepEqual(await deleteObjects(connection, bucket, found), { failed: [], markers: [] });
  assert.deepEqual((await listVersions(connection, bucket, { prefix })).versions, []);
}
