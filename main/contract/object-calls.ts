import { z } from 'zod';
import type { DeleteMarkersPage, VersionsPage } from '../browsing/versions.ts';
import { bucketAcls } from '../oss/operations/acl.ts';
import type { BucketFacts, BucketRules } from '../properties/bucket-facts.ts';
import { storageClasses } from '../oss/operations/bucket-settings.ts';
import type { BucketDomains } from '../accounts/custom-domains.ts';
import type { Bucket, Versioning } from '../oss/operations/buckets.ts';
import type { Region } from '../oss/regions.ts';
import type { ObjectPage } from '../oss/operations/listing.ts';
import type { UploadPage } from '../oss/operations/multipart.ts';
import type { ObjectHead } from '../oss/operations/object-headers.ts';
import type { ObjectVersion } from '../oss/operations/versions.ts';
import { accountId, bucket, key, none, pageToken, prefix, versionId } from './fields.ts';

export type { BucketAcl } from '../oss/operations/acl.ts';
export type { LifecycleAction, LifecycleRule } from '../oss/operations/lifecycle.ts';
export type { BucketFacts, BucketRules } from '../properties/bucket-facts.ts';
export type { DeleteMarker, VersionsPage } from '../browsing/versions.ts';
export type { Bucket, Versioning } from '../oss/operations/buckets.ts';
export type { ObjectEntry, ObjectPage } from '../oss/operations/listing.ts';
export type { ObjectHead } from '../oss/operations/object-headers.ts';
export type { ObjectVersion } from '../oss/operations/versions.ts';

const keys = z.array(key).max(100_000);
/** Never empty: a whole bucket can't be selected. */
const prefixes = z.array(key).max(100_000);
const object = { accountId, bucket, key };
/** Where the previous page of versions ended. */
const after = z
  .strictObject({ keyMarker: z.string(), versionIdMarker: z.string().nullable(), pagesOfKey: z.int().min(0) })
  .nullable();

const held = z
  .strictObject({
    subject: z.strictObject({ accountId, bucket, keys, prefixes }),
    move: z.boolean(),
  })
  .nullable();

/** Arguments of the calls about buckets, and about objects within them. */
export const objectCalls = {
  'buckets.list': z.strictObject({ accountId }),
  'buckets.regions': z.strictObject({ accountId }),
  'buckets.create': z.strictObject({
    ...{ accountId, bucket },
    region: z.string().min(1).max(64),
    storageClass: z.enum(storageClasses),
    acl: z.enum(bucketAcls),
    versioning: z.boolean(),
  }),
  'buckets.delete': z.strictObject({ accountId, bucket }),
  'buckets.versioning': z.strictObject({ accountId, bucket }),
  'buckets.setVersioning': z.strictObject({ accountId, bucket, versioning: z.enum(['enabled', 'suspended']) }),
  'buckets.facts': z.strictObject({ accountId, bucket }),
  'buckets.rules': z.strictObject({ accountId, bucket }),
  'buckets.setAcl': z.strictObject({ accountId, bucket, acl: z.enum(bucketAcls) }),
  'buckets.blockPublic': z.strictObject({ accountId, bucket, isOn: z.boolean() }),
  'buckets.readsArchive': z.strictObject({ accountId, bucket }),
  'buckets.domains': z.strictObject({ accountId, bucket }),
  'buckets.useDomain': z.strictObject({
    ...{ accountId, bucket },
    /** Null for OSS's own host. */
    name: z.string().max(253).nullable(),
  }),
  'buckets.uploads': z.strictObject({ accountId, bucket }),
  'buckets.abortUploads': z.strictObject({
    ...{ accountId, bucket },
    uploads: z.array(z.strictObject({ key, uploadId: z.string().min(1).max(256) })).max(1000),
  }),

  'objects.list': z.strictObject({ accountId, bucket, prefix, pageToken }),
  'objects.head': z.strictObject({ ...object, versionId: versionId.nullable() }),
  'objects.versions': z.strictObject(object),
  'objects.deleted': z.strictObject({ accountId, bucket, prefix, after }),
  'objects.listVersions': z.strictObject({ accountId, bucket, prefix, after }),
  'objects.deleteVersions': z.strictObject({
    ...{ accountId, bucket },
    versions: z.array(z.strictObject({ key, versionId })).min(1).max(100_000),
  }),
  'objects.restoreVersion': z.strictObject({ ...object, versionId }),
  'objects.createFolder': z.strictObject({ accountId, bucket, prefix: key }),
  'objects.held': none,
  'objects.hold': z.strictObject({ held }),
  'objects.copy': z.strictObject({
    from: z.strictObject({ accountId, bucket, keys, prefixes, versionId: versionId.nullable() }),
    to: z.strictObject({ accountId, bucket, prefix }),
    move: z.boolean(),
    /** The new name of a single key or prefix, without a trailing slash; null keeps the names. */
    name: key.nullable(),
    /** Copies get a free name where theirs is taken, without a question. */
    existing: z.literal('keep-both').exactOptional(),
  }),
} satisfies Record<keyof ObjectResults, z.ZodType>;

/** What was copied or cut in a list. The clipboard holds the addresses only. */
export type HeldObjects = Readonly<NonNullable<z.infer<typeof held>>>;

/** The settings of a new bucket. */
export type NewBucket = z.infer<(typeof objectCalls)['buckets.create']>;

/** Results of the calls about buckets and objects. Any of them fails with what OSS answered. */
export interface ObjectResults {
  /** Returns all buckets that the account may list. */
  'buckets.list': readonly Bucket[];
  /** Asks OSS for the regions that the account can create buckets in. Fails without the right to ask. */
  'buckets.regions': readonly Region[];
  /** Creates a bucket in a region and turns versioning on if asked. Fails with `oss` if the name is taken. */
  'buckets.create': null;
  /** Deletes a bucket. Fails with `oss` BucketNotEmpty unless it is empty. */
  'buckets.delete': null;
  /** Returns whether the bucket has versioning. */
  'buckets.versioning': Versioning;
  /** Turns versioning on, or suspends it. */
  'buckets.setVersioning': null;
  /** Returns what a bucket is and how much it holds; parts that can't be read have the reason. */
  'buckets.facts': BucketFacts;
  /** Returns a bucket's CORS and lifecycle rules, likewise. */
  'buckets.rules': BucketRules;
  /** Sets who may read or write the bucket's files without a signature, for a public ACL after a question of main's own. */
  'buckets.setAcl': null;
  /** Turns Block Public Access of a bucket on, or off after a question of main's own. */
  'buckets.blockPublic': null;
  /** Returns whether Archive objects are read without a restore; null for an account that may not ask. */
  'buckets.readsArchive': boolean | null;
  /** Asks OSS for the custom domains of a bucket, and returns which one is used. */
  'buckets.domains': BucketDomains;
  /** Uses a custom domain of the bucket, or OSS's own host. Main asks first for one without a certificate: fails with `cancelled` if the person refuses. */
  'buckets.useDomain': null;
  /** Returns the first 1,000 unfinished multipart uploads; `isAll` is false if there are more. */
  'buckets.uploads': { readonly uploads: UploadPage['uploads']; readonly isAll: boolean };
  /** Aborts multipart uploads and deletes their parts. Stops at the first that fails. */
  'buckets.abortUploads': null;

  /** Returns a page of one folder. */
  'objects.list': ObjectPage;
  /** Returns the headers of an object or of one version. */
  'objects.head': ObjectHead;
  /** Returns all versions and delete markers of one key, newest first. */
  'objects.versions': readonly ObjectVersion[];
  /** Returns a page of the deleted objects of one folder: those whose newest version is a delete marker. */
  'objects.deleted': DeleteMarkersPage;
  /** Returns a page of the versions and delete markers of one folder, by key, newest first. */
  'objects.listVersions': VersionsPage;
  /** Permanently deletes versions; deleting the newest delete marker restores the object. */
  'objects.deleteVersions': { readonly deleted: number; readonly failedCount: number };
  /** Queues a copy of the version over the current object. */
  'objects.restoreVersion': null;
  /** Creates an empty object that stands for the folder. Fails with `oss` FileAlreadyExists if it exists. */
  'objects.createFolder': null;
  /** Returns what was copied or cut last in any window, or null. */
  'objects.held': HeldObjects | null;
  /** Replaces what is copied or cut; `objects.held` reports it to all windows. */
  'objects.hold': null;
  /** Queues copies or moves and returns the IDs of the transfers: of the keys, then of the prefixes, in their order. */
  'objects.copy': { readonly ids: readonly string[] };
}
