import type { Access } from '../accounts/access.ts';
import { isDenied, toFailure } from '../failure.ts';
import type { Connection } from '../oss/connection.ts';
import { getBucketInfo } from '../oss/operations/buckets.ts';
import { type BucketAcl, getObjectAcl, type ObjectAcl } from '../oss/operations/acl.ts';
import { getBucketAcl, isPolicyPublic, isPublicAccessBlocked } from '../oss/operations/public-access.ts';
import type { ObjectRef } from '../oss/names.ts';
import { isBlocked, readBlocks } from './read-access.ts';

/**
 * What opens a bucket's files to everyone, without a signature:
 * - `public-read`, `public-read-write`: its ACL, for each file that has no ACL of its own.
 * - `policy`: its policy, which may be about some files only.
 * - `none`: nothing does, or Block Public Access overrules what would.
 * - `unknown`: the account may not ask.
 */
export type Opening = Exclude<BucketAcl, 'private'> | 'policy' | 'none' | 'unknown';

/** How far a bucket is open to everyone. */
export interface Exposure {
  readonly bucket: string;
  readonly opening: Opening;
}

/** An object's own ACL, null if the account may not ask, and whether Block Public Access overrules a public one. */
export interface ObjectAccess {
  readonly acl: ObjectAcl | null;
  readonly isBlocked: boolean;
}

/** Buckets asked about at a time. */
const PARALLEL = 4;
/** After so many buckets that can't be asked about, and none that can, the rest of them isn't asked about. */
const ENOUGH_UNKNOWN = 4;

/**
 * Finds out how far buckets are open. What can't be found out is `unknown`: a list without marks is better than none.
 */
export async function bucketExposures(access: Access, buckets: readonly string[]): Promise<readonly Exposure[]> {
  let asked: Promise<boolean | null> | undefined;
  const isAccountBlocked = (): Promise<boolean | null> =>
    (asked ??= access.run(null, (connection) =>
      // A custom domain leads to one bucket, not to the service.
      connection.endpoint.addressing === 'cname' ? Promise.resolve(null) : isPublicAccessBlocked(connection, null),
    ));
  const found = new Map<string, Opening>();
  const queue = new Set(buckets).values();
  const worker = async (): Promise<void> => {
    for (const bucket of queue) {
      const openings = [...found.values()];
      if (openings.length >= ENOUGH_UNKNOWN && openings.every((opening) => opening === 'unknown')) return;
      found.set(bucket, await openingOrUnknown(access, bucket, isAccountBlocked));
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, worker));
  return buckets.map((bucket) => ({ bucket, opening: found.get(bucket) ?? 'unknown' }));
}

/** Reads an object's own ACL, and for a public one what may overrule it. @throws WaybillError for anything but missing rights */
export async function objectAccess(connection: Connection, object: ObjectRef): Promise<ObjectAccess> {
  const acl = await aclOfObject(connection, object);
  if (acl !== 'public-read' && acl !== 'public-read-write') return { acl, isBlocked: false };
  return { acl, isBlocked: isBlocked(await readBlocks(connection, object.bucket)) === true };
}

async function aclOfObject(connection: Connection, object: ObjectRef): Promise<ObjectAcl | null> {
  try {
    return await getObjectAcl(connection, object);
  } catch (error) {
    if (isDenied(toFailure(error))) return null;
    throw error;
  }
}

async function openingOrUnknown(
  access: Access,
  bucket: string,
  isAccountBlocked: () => Promise<boolean | null>,
): Promise<Opening> {
  try {
    return await access.manage(bucket, (connection) => bucketOpening(connection, bucket, isAccountBlocked));
  } catch {
    return 'unknown';
  }
}

/** In as few requests as it takes: GetBucketInfo, and GetBucketPolicyStatus unless the ACL or the block decides. */
async function bucketOpening(
  connection: Connection,
  bucket: string,
  isAccountBlocked: () => Promise<boolean | null>,
): Promise<Opening> {
  const { acl, isPublicBlocked } = await aclOf(connection, bucket);
  if (isPublicBlocked === true) return 'none';
  const opening = await openingOf(connection, bucket, acl);
  if (opening === 'none' || opening === 'unknown') return opening;
  return (await isAccountBlocked()) === true ? 'none' : opening;
}

async function openingOf(connection: Connection, bucket: string, acl: BucketAcl | null): Promise<Opening> {
  if (acl === 'public-read' || acl === 'public-read-write') return acl;
  if ((await isPolicyPublic(connection, bucket)) === true) return 'policy';
  return acl === null ? 'unknown' : 'none';
}

/** GetBucketAcl is a right of its own, for those who may not ask GetBucketInfo. */
async function aclOf(
  connection: Connection,
  bucket: string,
): Promise<{ readonly acl: BucketAcl | null; readonly isPublicBlocked: boolean | null }> {
  try {
    const info = await getBucketInfo(connection, bucket);
    return { acl: info.acl, isPublicBlocked: info.isPublicBlocked };
  } catch (error) {
    if (!isDenied(toFailure(error))) throw error;
    return { acl: await getBucketAcl(connection, bucket), isPublicBlocked: null };
  }
}
