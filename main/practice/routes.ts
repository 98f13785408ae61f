import { own } from '../own.ts';
import { deleteBucketCors, getBucketCors, optionObject, putBucketCors } from './operations/buckets/bucket-cors.ts';
import {
  deleteBucketPublicAccessBlock,
  deletePublicAccessBlock,
  getBucketArchiveDirectRead,
  getBucketPublicAccessBlock,
  getPublicAccessBlock,
  putBucketArchiveDirectRead,
  putBucketPublicAccessBlock,
  putPublicAccessBlock,
} from './operations/buckets/bucket-flags.ts';
import {
  deleteBucketLifecycle,
  getBucketLifecycle,
  putBucketLifecycle,
} from './operations/buckets/bucket-lifecycle.ts';
import {
  deleteBucketPolicy,
  getBucketPolicy,
  getBucketPolicyStatus,
  putBucketPolicy,
} from './operations/buckets/bucket-policy.ts';
import { getBucketReferer, putBucketReferer } from './operations/buckets/bucket-referer.ts';
import { getBucketStat } from './operations/buckets/bucket-stat.ts';
import {
  createBucket,
  deleteBucket,
  getBucketAcl,
  getBucketInfo,
  getBucketLocation,
  getBucketVersioning,
  listBuckets,
  putBucketAcl,
  putBucketVersioning,
} from './operations/buckets/buckets.ts';
import { copyObject } from './operations/copy-object.ts';
import { deleteMultipleObjects, deleteObject } from './operations/delete-object.ts';
import { describeRegions } from './operations/buckets/describe-regions.ts';
import type { Exchange, Reply } from './exchange.ts';
import { listCname } from './operations/buckets/list-cname.ts';
import { listMultipartUploads, listParts } from './operations/list-uploads.ts';
import { listObjectVersions } from './operations/list-versions.ts';
import { listObjects } from './operations/listing.ts';
import {
  abortMultipartUpload,
  completeMultipartUpload,
  initiateMultipartUpload,
  uploadPart,
  uploadPartCopy,
} from './operations/multipart.ts';
import {
  deleteObjectTagging,
  getObjectAcl,
  getObjectTagging,
  putObjectAcl,
  putObjectTagging,
} from './operations/object-settings.ts';
import { postObject } from './operations/post-object.ts';
import { getObject, getObjectMeta, headObject } from './operations/read-object.ts';
import { restoreObject } from './operations/restore-object.ts';
import { getSymlink, putSymlink } from './operations/symlink.ts';
import type { Target } from './protocol/target.ts';
import { putObject } from './operations/write-object.ts';

/** An operation of OSS. */
export interface Route {
  /** Name in the OSS documentation. */
  readonly name: string;
  readonly level: 'service' | 'bucket' | 'object';
  readonly method: string;
  /** Query parameters that must be present. */
  readonly query: readonly string[];
  /** Whether `x-oss-copy-source` must be present. */
  readonly copies: boolean;
  /** RAM action to authorise, null if the operation checks itself. See actionsOf() for what else a request requires. */
  readonly action: string | null;
  readonly run: (x: Exchange) => Promise<Reply>;
}

/** `<level> <method> <query parameters> [copy]`: the first match wins, so specific routes come first. */
const TABLE: Readonly<Record<string, readonly [name: string, action: string | null, run: Route['run']]>> = {
  'service GET publicAccessBlock': ['GetPublicAccessBlock', 'oss:GetPublicAccessBlock', getPublicAccessBlock],
  'service PUT publicAccessBlock': ['PutPublicAccessBlock', 'oss:PutPublicAccessBlock', putPublicAccessBlock],
  'service DELETE publicAccessBlock': [
    'DeletePublicAccessBlock',
    'oss:DeletePublicAccessBlock',
    deletePublicAccessBlock,
  ],
  'service GET regions': ['DescribeRegions', 'oss:DescribeRegions', describeRegions],
  'service GET': ['ListBuckets', 'oss:ListBuckets', listBuckets],
  'bucket GET location': ['GetBucketLocation', 'oss:GetBucketLocation', getBucketLocation],
  'bucket GET bucketInfo': ['GetBucketInfo', 'oss:GetBucketInfo', getBucketInfo],
  'bucket GET versioning': ['GetBucketVersioning', 'oss:GetBucketVersioning', getBucketVersioning],
  'bucket PUT versioning': ['PutBucketVersioning', 'oss:PutBucketVersioning', putBucketVersioning],
  'bucket GET acl': ['GetBucketAcl', 'oss:GetBucketAcl', getBucketAcl],
  'bucket PUT acl': ['PutBucketAcl', 'oss:PutBucketAcl', putBucketAcl],
  'bucket GET cname': ['ListCname', 'oss:ListCname', listCname],
  'bucket GET publicAccessBlock': [
    'GetBucketPublicAccessBlock',
    'oss:GetBucketPublicAccessBlock',
    getBucketPublicAccessBlock,
  ],
  'bucket PUT publicAccessBlock': [
    'PutBucketPublicAccessBlock',
    'oss:PutBucketPublicAccessBlock',
    putBucketPublicAccessBlock,
  ],
  'bucket DELETE publicAccessBlock': [
    'DeleteBucketPublicAccessBlock',
    'oss:DeleteBucketPublicAccessBlock',
    deleteBucketPublicAccessBlock,
  ],
  'bucket GET bucketArchiveDirectRead': [
    'GetBucketArchiveDirectRead',
    'oss:GetBucketArchiveDirectRead',
    getBucketArchiveDirectRead,
  ],
  'bucket PUT bucketArchiveDirectRead': [
    'PutBucketArchiveDirectRead',
    'oss:PutBucketArchiveDirectRead',
    putBucketArchiveDirectRead,
  ],
  'bucket GET policy': ['GetBucketPolicy', 'oss:GetBucketPolicy', getBucketPolicy],
  'bucket GET policyStatus': ['GetBucketPolicyStatus', 'oss:GetBucketPolicyStatus', getBucketPolicyStatus],
  'bucket PUT policy': ['PutBucketPolicy', 'oss:PutBucketPolicy', putBucketPolicy],
  'bucket DELETE policy': ['DeleteBucketPolicy', 'oss:DeleteBucketPolicy', deleteBucketPolicy],
  'bucket GET referer': ['GetBucketReferer', 'oss:GetBucketReferer', getBucketReferer],
  'bucket PUT referer': ['PutBucketReferer', 'oss:PutBucketReferer', putBucketReferer],
  'bucket GET cors': ['GetBucketCors', 'oss:GetBucketCors', getBucketCors],
  'bucket PUT cors': ['PutBucketCors', 'oss:PutBucketCors', putBucketCors],
  'bucket DELETE cors': ['DeleteBucketCors', 'oss:DeleteBucketCors', deleteBucketCors],
  'bucket GET lifecycle': ['GetBucketLifecycle', 'oss:GetBucketLifecycle', getBucketLifecycle],
  'bucket PUT lifecycle': ['PutBucketLifecycle', 'oss:PutBucketLifecycle', putBucketLifecycle],
  'bucket DELETE lifecycle': ['DeleteBucketLifecycle', 'oss:DeleteBucketLifecycle', deleteBucketLifecycle],
  'bucket GET stat': ['GetBucketStat', 'oss:GetBucketStat', getBucketStat],
  'bucket OPTIONS': ['OptionObject', null, optionObject],
  'bucket GET versions': ['ListObjectVersions', 'oss:ListObjectVersions', listObjectVersions],
  'bucket GET uploads': ['ListMultipartUploads', 'oss:ListMultipartUploads', listMultipartUploads],
  'bucket POST delete': ['DeleteMultipleObjects', null, deleteMultipleObjects],
  'bucket POST': ['PostObject', 'oss:PutObject', postObject],
  'bucket GET': ['ListObjects', 'oss:ListObjects', listObjects],
  'bucket PUT': ['PutBucket', 'oss:PutBucket', createBucket],
  'bucket DELETE': ['DeleteBucket', 'oss:DeleteBucket', deleteBucket],
  'object OPTIONS': ['OptionObject', null, optionObject],
  'object GET acl': ['GetObjectAcl', 'oss:GetObjectAcl', getObjectAcl],
  'object PUT acl': ['PutObjectAcl', 'oss:PutObjectAcl', putObjectAcl],
  'object GET tagging': ['GetObjectTagging', 'oss:GetObjectTagging', getObjectTagging],
  'object PUT tagging': ['PutObjectTagging', 'oss:PutObjectTagging', putObjectTagging],
  'object DELETE tagging': ['DeleteObjectTagging', 'oss:DeleteObjectTagging', deleteObjectTagging],
  'object POST restore': ['RestoreObject', 'oss:RestoreObject', restoreObject],
  'object GET symlink': ['GetSymlink', 'oss:GetObject', getSymlink],
  'object PUT symlink': ['PutSymlink', 'oss:PutObject', putSymlink],
  'object POST uploads': ['InitiateMultipartUpload', 'oss:PutObject', initiateMultipartUpload],
  'object PUT partNumber,uploadId copy': ['UploadPartCopy', 'oss:PutObject', uploadPartCopy],
  'object PUT partNumber,uploadId': ['UploadPart', 'oss:PutObject', uploadPart],
  'object POST uploadId': ['CompleteMultipartUpload', 'oss:PutObject', completeMultipartUpload],
  'object DELETE uploadId': ['AbortMultipartUpload', 'oss:AbortMultipartUpload', abortMultipartUpload],
  'object GET uploadId': ['ListParts', 'oss:ListParts', listParts],
  'object PUT  copy': ['CopyObject', 'oss:PutObject', copyObject],
  'object PUT': ['PutObject', 'oss:PutObject', putObject],
  'object GET': ['GetObject', 'oss:GetObject', getObject],
  'object HEAD objectMeta': ['GetObjectMeta', 'oss:GetObject', getObjectMeta],
  'object HEAD': ['HeadObject', 'oss:GetObject', headObject],
  'object DELETE': ['DeleteObject', 'oss:DeleteObject', deleteObject],
};

const ROUTES: readonly Route[] = Object.entries(TABLE).map(([pattern, [name, action, run]]) => {
  const [level = '', method = '', query = '', copy] = pattern.split(' ');
  return {
    name,
    level: level as Route['level'],
    method,
    query: query.split(',').filter((name) => name !== ''),
    copies: copy === 'copy',
    action,
    run,
  };
});

/** OSS sub-resources that aren't implemented; without this list they would pass for a listing or an object. */
const UNKNOWN_SUB_RESOURCES = new Set(
  [
    'append asyncFetch callback comp encryption inventory live logging metaQuery qosInfo',
    'replication requestPayment resourceGroup seal style transferAcceleration vod website worm',
  ].flatMap((line) => line.split(' ')),
);

const VERSION_ACTIONS = new Set([
  'oss:GetObject',
  'oss:DeleteObject',
  'oss:GetObjectAcl',
  'oss:PutObjectAcl',
  'oss:GetObjectTagging',
  'oss:PutObjectTagging',
  'oss:DeleteObjectTagging',
  'oss:RestoreObject',
]);

/** The route of a request, undefined if none matches. */
export function findRoute(method: string, target: Target, copies: boolean): Route | undefined {
  const level = target.bucket === null ? 'service' : target.key === null ? 'bucket' : 'object';
  if (target.query.pairs.some(([name]) => UNKNOWN_SUB_RESOURCES.has(name))) return undefined;
  return ROUTES.find(
    (route) =>
      route.level === level &&
      route.method === method &&
      route.query.every((name) => target.query.has(name)) &&
      (!route.copies || copies),
  );
}

/** Headers of a write that set more than the object, and the RAM action that each of them requires besides. */
const HEADER_ACTIONS: Readonly<Record<string, string>> = {
  'x-oss-tagging': 'oss:PutObjectTagging',
  'x-oss-object-acl': 'oss:PutObjectAcl',
};

/**
 * The RAM actions that a request requires, all of them on its target. A `versionId` in the target requires the action for
 * versions: `oss:GetObjectVersionTagging`.
 */
export function actionsOf(
  { action }: Route,
  target: Target,
  headers: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  if (action === null) return [];
  const isOfVersion = target.query.has('versionId') && VERSION_ACTIONS.has(action);
  const bound = Object.entries(HEADER_ACTIONS).filter(([name]) => action === 'oss:PutObject' && own(headers, name));
  return [isOfVersion ? action.replace('Object', 'ObjectVersion') : action, ...bound.map(([, extra]) => extra)];
}
