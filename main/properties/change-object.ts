import { isDenied, toFailure, WaybillError } from '../failure.ts';
import { getObjectAcl, putObjectAcl } from '../oss/operations/acl.ts';
import type { Connection } from '../oss/connection.ts';
import type { ObjectRef } from '../oss/names.ts';
import { headObject } from '../oss/operations/objects.ts';
import { isArchived, restoreObject } from '../oss/operations/restore.ts';
import { checkTags, getObjectTags, putObjectTags, type Tags } from '../oss/operations/tags.ts';
import { retry, REQUEST_RETRY } from '../transfers/retry-policy.ts';
import type { ObjectChange } from './object-change.ts';
import { rewriteObject } from './rewrite-object.ts';

/**
 * Changes an object, or one version of it. Does nothing for what is already as requested.
 * @returns whether anything changed
 * @throws WaybillError `input` for a version that only a new version could replace, otherwise what OSS answered
 */
export async function changeObject(
  connection: Connection,
  object: ObjectRef,
  change: ObjectChange,
  signal: AbortSignal,
): Promise<boolean> {
  const isRewrite = change.storageClass !== undefined || change.headers !== undefined || change.meta !== undefined;
  if (isRewrite && object.versionId !== undefined) {
    throw new WaybillError({ kind: 'input', field: 'versionId', rule: 'version-fixed' });
  }
  let changed = isRewrite && (await rewriteObject(connection, object, change, signal));
  for (const step of [changeTags, changeAcl, restore]) {
    signal.throwIfAborted();
    if (await retry(() => step(connection, object, change, signal), REQUEST_RETRY, signal)) changed = true;
  }
  return changed;
}

async function changeTags(
  connection: Connection,
  object: ObjectRef,
  { tags }: ObjectChange,
  signal: AbortSignal,
): Promise<boolean> {
  if (tags === undefined) return false;
  const old = await getObjectTags(connection, object, signal);
  const wanted: Tags = tags.only ? tags.values : [...new Map([...old, ...tags.values])];
  checkTags(wanted);
  if (isSameTags(old, wanted)) return false;
  await putObjectTags(connection, object, wanted, signal);
  return true;
}

function isSameTags(a: Tags, b: Tags): boolean {
  const values = new Map(a);
  return a.length === b.length && b.every(([name, value]) => values.get(name) === value);
}

async function changeAcl(
  connection: Connection,
  object: ObjectRef,
  { acl }: ObjectChange,
  signal: AbortSignal,
): Promise<boolean> {
  if (acl === undefined || (await knownAcl(connection, object, signal)) === acl) return false;
  await putObjectAcl(connection, object, acl, signal);
  return true;
}

/** The current ACL; null if the account may set ACLs but not read them. */
async function knownAcl(connection: Connection, object: ObjectRef, signal: AbortSignal): Promise<string | null> {
  try {
    return await getObjectAcl(connection, object, signal);
  } catch (error) {
    if (isDenied(toFailure(error))) return null;
    throw error;
  }
}

/** Starts to restore an archived object, unless that is already in progress. */
async function restore(
  connection: Connection,
  object: ObjectRef,
  { restore: wish }: ObjectChange,
  signal: AbortSignal,
): Promise<boolean> {
  if (wish === undefined) return false;
  const { storageClass } = await headObject(connection, object, signal);
  if (!isArchived(storageClass)) return false;
  try {
    await restoreObject(connection, object, { ...wish, storageClass }, signal);
    return true;
  } catch (error) {
    const failure = toFailure(error);
    if (failure.kind === 'oss' && failure.code === 'RestoreAlreadyInProgress') return false;
    throw error;
  }
}
