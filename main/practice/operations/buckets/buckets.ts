import type { Bucket } from '../../storage/bucket.ts';
import { type Exchange, OWNER, type Reply, bodyBytes, bucketOf, isoDate, xmlReply } from '../../exchange.ts';
import { checkAcl, isPublicBlocked, publicRefused } from '../public-access.ts';
import { Refusal, invalidArgument, malformedXml } from '../../protocol/refusal.ts';
import { locationOf, regionOfLabel } from '../../protocol/region-hosts.ts';
import { isStorageClass } from '../../storage/storage-class.ts';
import { type XmlValue, childText, parseXml, toXml } from '../../protocol/xml.ts';

const ACLS = new Set(['private', 'public-read', 'public-read-write']);

/** GetService: the account's buckets, sorted by name. */
export async function listBuckets(x: Exchange): Promise<Reply> {
  const { query } = x.target;
  const prefix = query.get('prefix') ?? '';
  const marker = query.get('marker') ?? '';
  const maxKeys = query.integer('max-keys', { min: 1, max: 1000, fallback: 100 });
  const all = x.store.buckets().filter(({ settings }) => settings.name.startsWith(prefix) && settings.name > marker);
  const page = all.slice(0, maxKeys);
  const isTruncated = all.length > maxKeys;
  const paging = {
    Prefix: prefix,
    Marker: marker,
    MaxKeys: maxKeys,
    IsTruncated: isTruncated,
    NextMarker: isTruncated ? page.at(-1)?.settings.name : undefined,
  };
  const xml = toXml('ListAllMyBucketsResult', {
    ...paging,
    Owner: OWNER,
    Buckets: { Bucket: page.map((bucket) => describe(bucket)) },
  });
  return Promise.resolve(xmlReply(xml));
}

/** PutBucket. */
export async function createBucket(x: Exchange): Promise<Reply> {
  const name = x.target.bucket ?? '';
  if (!/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/.test(name)) {
    throw new Refusal(400, {
      code: 'InvalidBucketName',
      message: 'The specified bucket is not valid.',
      ec: '0015-00000001',
      extra: { BucketName: name },
    });
  }
  const acl = aclOfNew(x);
  const body = (await bodyBytes(x)).toString('utf8');
  const config = body === '' ? null : parseXml(body);
  const storageClass = (config && childText(config, 'StorageClass')) ?? 'Standard';
  if (!isStorageClass(storageClass)) throw malformedXml();
  if (x.store.find(name)) {
    throw new Refusal(409, {
      code: 'BucketAlreadyExists',
      message: 'The requested bucket name is not available. Please select a different name and try again.',
      ec: '0015-00000104',
      extra: { BucketName: name },
    });
  }
  await x.store.create({
    name,
    region: regionOfNew(x, config ? childText(config, 'LocationConstraint') : undefined),
    createdAt: x.nowMs,
    acl,
    storageClass,
    versioning: null,
    blockPublicAccess: x.restrictions.publicAccessOfNewBuckets,
  });
  return { status: 200, headers: { Location: `/${name}` } };
}

/** DeleteBucket: the bucket must hold no objects and no unfinished uploads. */
export async function deleteBucket(x: Exchange): Promise<Reply> {
  const bucket = bucketOf(x);
  if (bucket.index.count > 0 || bucket.uploads.list().length > 0) {
    throw new Refusal(409, {
      code: 'BucketNotEmpty',
      message: 'The bucket you tried to delete is not empty.',
      ec: '0015-00000301',
      extra: { BucketName: bucket.settings.name },
    });
  }
  await x.store.delete(bucket);
  return { status: 204, headers: {} };
}

/** GetBucketInfo. */
export async function getBucketInfo(x: Exchange): Promise<Reply> {
  const bucket = bucketOf(x);
  const info = {
    ...describe(bucket),
    DataRedundancyType: 'LRS',
    AccessMonitor: 'Disabled',
    BlockPublicAccess: isPublicBlocked(x.restrictions, bucket),
    Versioning: bucket.settings.versioning ?? undefined,
    AccessControlList: { Grant: bucket.settings.acl },
    Owner: OWNER,
  };
  return Promise.resolve(xmlReply(toXml('BucketInfo', { Bucket: info })));
}

/** GetBucketLocation. */
export async function getBucketLocation(x: Exchange): Promise<Reply> {
  return Promise.resolve(xmlReply(toXml('LocationConstraint', locationOf(bucketOf(x).settings.region))));
}

/** GetBucketVersioning: without Status until versioning has been enabled once. */
export async function getBucketVersioning(x: Exchange): Promise<Reply> {
  const status = bucketOf(x).settings.versioning ?? undefined;
  return Promise.resolve(xmlReply(toXml('VersioningConfiguration', { Status: status })));
}

/** PutBucketVersioning. */
export async function putBucketVersioning(x: Exchange): Promise<Reply> {
  const bucket = bucketOf(x);
  const status = childText(parseXml((await bodyBytes(x)).toString('utf8')), 'Status');
  if (status !== 'Enabled' && status !== 'Suspended') throw malformedXml();
  await x.store.update(bucket, { versioning: status });
  return { status: 200, headers: {} };
}

/** GetBucketAcl. */
export async function getBucketAcl(x: Exchange): Promise<Reply> {
  const acl = { Owner: OWNER, AccessControlList: { Grant: bucketOf(x).settings.acl } };
  return Promise.resolve(xmlReply(toXml('AccessControlPolicy', acl)));
}

/** PutBucketAcl. */
export async function putBucketAcl(x: Exchange): Promise<Reply> {
  const acl = aclOf(x.headers['x-oss-acl'] ?? '');
  checkAcl(x, acl, 'bucket acl');
  await x.store.update(bucketOf(x), { acl });
  return { status: 200, headers: {} };
}

function aclOfNew({ headers, restrictions }: Exchange): string {
  const acl = aclOf(headers['x-oss-acl'] ?? 'private');
  const isBlocked = restrictions.publicAccess || restrictions.publicAccessOfNewBuckets;
  if (isBlocked && acl.startsWith('public-')) throw publicRefused('bucket acl');
  return acl;
}

function aclOf(acl: string): string {
  if (ACLS.has(acl)) return acl;
  throw invalidArgument('no such bucket access control exists', { name: 'x-oss-acl', value: acl, ec: '0015-00000204' });
}

/** A new bucket gets the region of the endpoint. An IP address has none, so LocationConstraint may choose it. */
function regionOfNew(x: Exchange, constraint: string | undefined): string {
  const requested =
    constraint === undefined || constraint === '' ? null : regionOfLabel(constraint.replace(/^oss-/, ''));
  if (x.target.addressing === 'path') return requested ?? x.region;
  const here = x.target.endpointRegion ?? x.region;
  if (requested === null || requested === here) return here;
  throw new Refusal(400, {
    code: 'InvalidLocationConstraint',
    message: 'The specified location-constraint is not valid.',
  });
}

function describe({ settings }: Bucket): { readonly [name: string]: XmlValue } {
  const location = locationOf(settings.region);
  return {
    CreationDate: isoDate(settings.createdAt),
    ExtranetEndpoint: `${location}.aliyuncs.com`,
    IntranetEndpoint: `${location}-internal.aliyuncs.com`,
    Location: location,
    Name: settings.name,
    Region: settings.region,
    StorageClass: settings.storageClass,
  };
}
