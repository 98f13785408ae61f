import { malformedReply } from '../../failure.ts';
import type { Connection } from '../connection.ts';
import {
  checkAdvance,
  continuationOf,
  expectRoot,
  givenParams,
  requiredText,
  timeOf,
} from '../exchange/reply-fields.ts';
import { sendForXml } from '../exchange/request.ts';
import type { XmlElement } from '../exchange/xml.ts';
import { regionOfLabel } from '../regions.ts';
import { child, childrenOf, textOf } from '../exchange/xml.ts';
import { type BucketAcl, bucketAcls } from './acl.ts';

/** A bucket. `createdAt` is in Unix milliseconds, `region` the region ID that V4 signs. */
export interface Bucket {
  readonly name: string;
  readonly region: string;
  readonly createdAt: number;
  readonly storageClass: string;
  readonly extranetEndpoint: string;
  readonly intranetEndpoint: string;
}

/** What GetBucketInfo says besides. Elements that a server leaves out, or fills with something unknown, are null. */
export interface BucketInfo extends Bucket {
  readonly versioning: Versioning;
  readonly acl: BucketAcl | null;
  /** Whether Block Public Access is on for the bucket. */
  readonly isPublicBlocked: boolean | null;
  /** `LRS` or `ZRS`: whether the data is kept in one zone or in several. */
  readonly redundancy: string | null;
}

/** A page of buckets. `nextMarker` is null on the last one. */
export interface BucketPage {
  readonly buckets: readonly Bucket[];
  readonly nextMarker: string | null;
}

/** The versioning state of a bucket; `never`: it was never enabled. */
export type Versioning = 'enabled' | 'suspended' | 'never';

/** Options of listBuckets(). `maxKeys` is 1 to 1,000; OSS defaults to 100. */
export interface ListBucketsOptions {
  readonly prefix?: string;
  readonly marker?: string;
  readonly maxKeys?: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * ListBuckets (GetService): one page of the account's buckets in all regions, in the order of their names.
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/listbuckets
 */
export async function listBuckets(connection: Connection, options: ListBucketsOptions = {}): Promise<BucketPage> {
  const { prefix, marker, maxKeys, signal } = options;
  const { root } = await sendForXml(connection, {
    method: 'GET',
    params: givenParams({ prefix, marker, 'max-keys': maxKeys }),
    signal,
  });
  expectRoot(root, 'ListAllMyBucketsResult');
  const list = child(root, 'Buckets');
  const isTruncated = textOf(root, 'IsTruncated') === 'true';
  const nextMarker = isTruncated ? continuationOf(root, 'NextMarker') : null;
  checkAdvance(root, [marker], [nextMarker]);
  return {
    buckets: list === null ? [] : childrenOf(list, 'Bucket').map(toBucket),
    nextMarker,
  };
}

/**
 * GetBucketInfo: region, endpoints, versioning, ACL and Block Public Access of a bucket.
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/getbucketinfo
 */
export async function getBucketInfo(connection: Connection, bucket: string, signal?: AbortSignal): Promise<BucketInfo> {
  const { root } = await sendForXml(connection, { method: 'GET', bucket, params: { bucketInfo: null }, signal });
  expectRoot(root, 'BucketInfo');
  const element = child(root, 'Bucket');
  if (element === null) throw malformedReply(200, 'BucketInfo without Bucket');
  const list = child(element, 'AccessControlList');
  const grant = list === null ? '' : textOf(list, 'Grant');
  const block = textOf(element, 'BlockPublicAccess').toLowerCase();
  return {
    ...toBucket(element),
    versioning: toVersioning(textOf(element, 'Versioning')),
    acl: bucketAcls.find((known) => known === grant) ?? null,
    isPublicBlocked: block === 'true' ? true : block === 'false' ? false : null,
    redundancy: textOf(element, 'DataRedundancyType') || null,
  };
}

/**
 * GetBucketVersioning: the versioning state of a bucket. An empty document means that it was never enabled.
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/getbucketversioning
 */
export async function getBucketVersioning(
  connection: Connection,
  bucket: string,
  signal?: AbortSignal,
): Promise<Versioning> {
  const { root } = await sendForXml(connection, { method: 'GET', bucket, params: { versioning: null }, signal });
  expectRoot(root, 'VersioningConfiguration');
  return toVersioning(textOf(root, 'Status'));
}

function toBucket(element: XmlElement): Bucket {
  return {
    name: requiredText(element, 'Name'),
    region: regionOfLocation(requiredText(element, 'Location')),
    createdAt: timeOf(element, 'CreationDate'),
    storageClass: textOf(element, 'StorageClass'),
    extranetEndpoint: textOf(element, 'ExtranetEndpoint'),
    intranetEndpoint: textOf(element, 'IntranetEndpoint'),
  };
}

/** The finance clouds' Locations aren't their region IDs. Other servers may name their regions as they like. */
function regionOfLocation(location: string): string {
  const label = location.replace(/^oss-/, '');
  return regionOfLabel(label) ?? label;
}

function toVersioning(status: string): Versioning {
  return status === 'Enabled' ? 'enabled' : status === 'Suspended' ? 'suspended' : 'never';
}
