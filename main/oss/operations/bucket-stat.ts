import type { Connection } from '../connection.ts';
import { expectRoot, numberOf } from '../exchange/reply-fields.ts';
import { sendForXml } from '../exchange/request.ts';
import { child, type XmlElement } from '../exchange/xml.ts';
import type { StorageClass } from './bucket-settings.ts';

/** What a bucket holds, as OSS last counted it. Sizes in bytes, without what small objects are billed for. */
export interface BucketStat {
  /** Of all objects and their versions. */
  readonly sizeBytes: number;
  /** Objects and their older versions, without delete markers. */
  readonly objectCount: number;
  /** By storage class, those that hold anything. */
  readonly classes: readonly {
    readonly storageClass: StorageClass;
    readonly sizeBytes: number;
    readonly objectCount: number;
  }[];
  /** Each null where the server doesn't count it. */
  readonly deleteMarkerCount: number | null;
  readonly uploadCount: number | null;
  readonly partBytes: number | null;
  /** When that was so, in Unix milliseconds; null if the server doesn't say. */
  readonly countedAt: number | null;
}

/** The names of the storage classes in the elements. The real size is what is stored: small objects are billed as 64 KB. */
const CLASSES: readonly { readonly storageClass: StorageClass; readonly name: string; readonly size: string }[] = [
  { storageClass: 'Standard', name: 'Standard', size: 'StandardStorage' },
  { storageClass: 'IA', name: 'InfrequentAccess', size: 'InfrequentAccessRealStorage' },
  { storageClass: 'Archive', name: 'Archive', size: 'ArchiveRealStorage' },
  { storageClass: 'ColdArchive', name: 'ColdArchive', size: 'ColdArchiveRealStorage' },
  { storageClass: 'DeepColdArchive', name: 'DeepColdArchive', size: 'DeepColdArchiveRealStorage' },
];

/**
 * GetBucketStat: how much a bucket holds. OSS counts now and then: the answer may be more than an hour old.
 * @throws WaybillError `oss` MalformedReply for a count that isn't a number
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/getbucketstat
 */
export async function getBucketStat(connection: Connection, bucket: string, signal?: AbortSignal): Promise<BucketStat> {
  const { root } = await sendForXml(connection, { method: 'GET', bucket, params: { stat: null }, signal });
  expectRoot(root, 'BucketStat');
  const countedAt = optional(root, 'LastModifiedTime');
  return {
    sizeBytes: numberOf(root, 'Storage'),
    objectCount: numberOf(root, 'ObjectCount'),
    classes: CLASSES.map(({ storageClass, name, size }) => ({
      storageClass,
      sizeBytes: optional(root, size) ?? 0,
      objectCount: optional(root, `${name}ObjectCount`) ?? 0,
    })).filter(({ sizeBytes, objectCount }) => sizeBytes > 0 || objectCount > 0),
    deleteMarkerCount: optional(root, 'DeleteMarkerCount'),
    uploadCount: optional(root, 'MultipartUploadCount'),
    partBytes: optional(root, 'MultipartPartStorage'),
    countedAt: countedAt === null ? null : countedAt * 1000,
  };
}

function optional(root: XmlElement, name: string): number | null {
  return child(root, name) === null ? null : numberOf(root, name);
}
