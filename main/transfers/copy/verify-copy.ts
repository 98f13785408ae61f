import type { StoredObject } from '../../oss/operations/object-headers.ts';
import { headObject } from '../../oss/operations/objects.ts';
import type { Outcome } from '../byte-work.ts';
import type { CopiedSource, CopyJob } from './copy-job.ts';
import { assertEqual, verifyStored } from '../stored-object.ts';

/**
 * Compares a copy with its source. Before a source is deleted, the copy is looked at once more; without a CRC-64 on
 * both sides, length and ETag must match.
 * @throws WaybillError `integrity`
 */
export async function verifyCopy(job: CopyJob, source: CopiedSource, stored: StoredObject): Promise<Outcome> {
  const { connection, bucket, key } = job;
  // Don't delete a damaged object rewritten in place: nothing would be left.
  if (job.rewrite !== undefined && stored.crc64 !== null && source.crc64 !== null) {
    assertEqual(source.crc64, stored.crc64);
    return { verified: 'crc64', versionId: stored.versionId };
  }
  const outcome = await verifyStored(job, stored, source.crc64);
  if (!job.move && outcome.verified === 'crc64') return outcome;
  const found = await headObject(connection, { bucket, key, versionId: stored.versionId ?? undefined });
  assertEqual(String(source.sizeBytes), String(found.sizeBytes));
  if (source.crc64 !== null && found.crc64 !== null) {
    assertEqual(source.crc64, found.crc64);
    return { ...outcome, verified: 'crc64' };
  }
  if (job.move) assertEqual(String(source.etag), String(found.etag));
  return outcome;
}
