import { type Exchange, type Reply, bucketOf, xmlReply } from '../../exchange.ts';
import type { ObjectVersion } from '../../storage/object-version.ts';
import { toXml } from '../../protocol/xml.ts';

/** Names of the storage classes in GetBucketStat, and whether small objects of the class are billed as 64 KB. */
const CLASSES = [
  { id: 'Standard', name: 'Standard', hasMinimum: false },
  { id: 'IA', name: 'InfrequentAccess', hasMinimum: true },
  { id: 'Archive', name: 'Archive', hasMinimum: true },
  { id: 'ColdArchive', name: 'ColdArchive', hasMinimum: true },
  { id: 'DeepColdArchive', name: 'DeepColdArchive', hasMinimum: true },
] as const;
const MINIMUM_BYTES = 64 * 1024;

/**
 * GetBucketStat. Always current here, up to an hour old on OSS.
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/getbucketstat
 */
export async function getBucketStat(x: Exchange): Promise<Reply> {
  const bucket = bucketOf(x);
  const versions = [...bucket.index.all()];
  const stored = versions.filter(({ deleteMarker }) => !deleteMarker);
  const uploads = bucket.uploads.list();
  const parts = uploads.flatMap((upload) => [...upload.parts.values()]);
  const stat = {
    Storage: total(stored),
    ObjectCount: stored.length,
    MultipartUploadCount: uploads.length,
    LiveChannelCount: 0,
    LastModifiedTime: Math.floor(x.nowMs / 1000),
    MultipartPartCount: parts.length,
    MultipartPartStorage: parts.reduce((sum, { piece }) => sum + piece.sizeBytes, 0),
    DeleteMarkerCount: versions.length - stored.length,
  };
  return Promise.resolve(xmlReply(toXml('BucketStat', { ...stat, ...byClass(stored) })));
}

function byClass(stored: readonly ObjectVersion[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { id, name, hasMinimum } of CLASSES) {
    const own = stored.filter(({ storageClass }) => storageClass === id);
    counts[`${name}Storage`] = total(own, hasMinimum ? MINIMUM_BYTES : 0);
    if (hasMinimum) counts[`${name}RealStorage`] = total(own);
    counts[`${name}ObjectCount`] = own.length;
  }
  return counts;
}

function total(versions: readonly ObjectVersion[], atLeast = 0): number {
  return versions.reduce((sum, { sizeBytes }) => sum + Math.max(sizeBytes, atLeast), 0);
}
