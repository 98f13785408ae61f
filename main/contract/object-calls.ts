import { z } from 'zod';
import { bucketAcls } from '../oss/operations/acl.ts';
import { storageClasses } from '../oss/operations/bucket-settings.ts';
import type { Bucket, Versioning } from '../oss/operations/buckets.ts';
import type { ObjectPage } from '../oss/operations/listing.ts';
import type { ObjectHead } from '../oss/operations/objects.ts';
import type { ObjectVersion } from '../oss/operations/versions.ts';

export type { Bucket, Versioning } from '../oss/operations/buckets.ts';
export type { ObjectEntry, ObjectPage } from '../oss/operations/listing.ts';
export type { ObjectHead } from '../oss/operations/objects.ts';
export type { ObjectVersion } from '../oss/operations/versions.ts';

const accountId = z.uuid();
const bucket = z.string().min(3).max(63);
const key = z.string().min(1).max(1023);
const prefix = z.string().max(1023);
const versionId = z.string().max(256).nullable();
const keys = z.array(key).max(100_000);
const prefixes = z.array(prefix.min(1)).max(100_000);
const object = { accountId, bucket, key };
/** Where the page of versions before ended. */
const pageEnd = z.strictObject({ keyMarker: z.string(), versionIdMarker: z.string().nullable() }).nullable();

const held = z
  .strictObject({
    subject: z.strictObject({ accountId, bucket, keys, prefixes }),
    move: z.boolean(),
  })
  .nullable();

/** Calls about buckets, and about objects where they are. */
export const objectCalls = {
  'buckets.list': z.strictObject({ accountId }),
  'buckets.create': z.strictObject({
    accountId,
    bucket,
    region: z.string().min(1).max(64),
    storageClass: z.enum(storageClasses),
    acl: z.enum(bucketAcls),
    versioning: z.boolean(),
  }),
  'buckets.delete': z.strictObject({ accountId, bucket }),
  'buckets.versioning': z.strictObject({ accountId, bucket }),
  'buckets.setVersioning': z.strictObject({ accountId, bucket, versioning: z.enum(['enabled', 'suspended']) }),
  'buckets.uploads': z.strictObject({ accountId, bucket }),
  'buckets.abortUploads': z.strictObject({
    accountId,
    bucket,
    uploads: z.array(z.strictObject({ key, uploadId: z.string().min(1).max(256) })).max(1000),
  }),

  'objects.list': z.strictObject({ accountId, bucket, prefix, pageToken: z.string().nullable() }),
  'objects.head': z.strictObject({ ...object, versionId }),
  'objects.versions': z.strictObject(object),
  'objects.deleted': z.strictObject({
    accountId,
    bucket,
    prefix,
    after: pageEnd,
  }),
  'objects.listVersions': z.strictObject({ accountId, bucket, prefix, after: pageEnd }),
  'objects.deleteVersions': z.strictObject({
    accountId,
    bucket,
    versions: z
      .array(z.strictObject({ key, versionId: z.string().min(1).max(256) }))
      .min(1)
      .max(100_000),
  }),
  'objects.restoreVersion': z.strictObject({ ...object, versionId: z.string().min(1).max(256) }),
  'objects.createFolder': z.strictObject({ accountId, bucket, prefix: key }),
  'objects.held': z.strictObject({}),
  'objects.hold': z.strictObject({ held }),
  'objects.copy': z.strictObject({
    from: z.strictObject({ accountId, bucket, keys, prefixes, versionId }),
    to: z.strictObject({ accountId, bucket, prefix }),
    move: z.boolean(),
    /** For a single key or prefix: its name there, without a slash at the end. */
    name: z.string().min(1).max(1023).nullable(),
  }),
} satisfies Record<keyof ObjectResults, z.ZodType>;

/** What was copied or cut in a list; the clipboard has the addresses. */
export type HeldObjects = Readonly<NonNullable<z.infer<typeof held>>>;

/** What a new bucket may be set to. */
export type NewBucket = z.infer<(typeof objectCalls)['buckets.create']>;

/** A multipart upload that was begun and not finished. `initiatedAt` is in Unix milliseconds. */
interface UnfinishedUpload {
  readonly key: string;
  readonly uploadId: string;
  readonly initiatedAt: number;
}

/** An object that a delete marker hides, and the marker's version ID. `deletedAt` is in Unix milliseconds. */
export interface DeletedObject {
  readonly key: string;
  readonly versionId: string;
  readonly deletedAt: number;
}

/** Where a page of versions ended. */
interface PageEnd {
  readonly keyMarker: string;
  readonly versionIdMarker: string | null;
}

/** A page of versions, and where it ended; null is the last one. */
export interface VersionsPage {
  readonly versions: readonly ObjectVersion[];
  readonly prefixes: readonly string[];
  readonly after: PageEnd | null;
}

/** What the calls about buckets and objects give back. */
export interface ObjectResults {
  'buckets.list': readonly Bucket[];
  'buckets.create': null;
  'buckets.delete': null;
  'buckets.versioning': Versioning;
  'buckets.setVersioning': null;
  /** The first 1,000 uploads that were begun and not finished. */
  'buckets.uploads': { readonly uploads: readonly UnfinishedUpload[]; readonly isAll: boolean };
  'buckets.abortUploads': null;

  'objects.list': ObjectPage;
  'objects.head': ObjectHead;
  'objects.versions': readonly ObjectVersion[];
  /** Objects of one folder that only a delete marker stands for, page by page. */
  'objects.deleted': { readonly markers: readonly DeletedObject[]; readonly after: PageEnd | null };
  /** Versions and delete markers of one folder, by key, newest first. */
  'objects.listVersions': VersionsPage;
  /** For good; of the newest delete marker it brings the object back. */
  'objects.deleteVersions': { readonly deleted: number; readonly failedCount: number };
  /** In the queue: the version is copied over what is there now. */
  'objects.restoreVersion': null;
  'objects.createFolder': null;
  'objects.held': HeldObjects | null;
  /** All windows are told. */
  'objects.hold': null;
  /** How many transfers copy or move it. */
  'objects.copy': { readonly added: number };
}
