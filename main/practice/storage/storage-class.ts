import type { ObjectVersion } from './object-version.ts';
import { Refusal, invalidArgument } from '../protocol/refusal.ts';

const STORAGE_CLASSES = new Set(['Standard', 'IA', 'Archive', 'ColdArchive', 'DeepColdArchive']);

/** Whether OSS has a storage class of this name. */
export function isStorageClass(name: string): boolean {
  return STORAGE_CLASSES.has(name);
}

/** Checks a storage class. @throws Refusal `InvalidArgument` for an unknown one */
export function storageClassOf(name: string): string {
  if (isStorageClass(name)) return name;
  throw invalidArgument('The storage class you specified is invalid.', { name: 'x-oss-storage-class', value: name });
}

/** Whether objects of the class must be restored before they can be read. */
export function isArchived({ storageClass }: Pick<ObjectVersion, 'storageClass'>): boolean {
  return storageClass.endsWith('Archive');
}

/** Value of `x-oss-restore`, and of `RestoreInfo` in a listing; null without a restore. */
export function restoreInfo({ restoring }: ObjectVersion, nowMs: number): string | null {
  if (restoring === undefined || nowMs >= restoring.expiresAt) return null;
  if (nowMs < restoring.readyAt) return 'ongoing-request="true"';
  return `ongoing-request="false", expiry-date="${new Date(restoring.expiresAt).toUTCString()}"`;
}

/**
 * Checks that an object is readable. `readsDirectly`: whether the bucket has real-time access of Archive objects, which
 * the two colder classes don't know.
 * @throws Refusal 403 `InvalidObjectState` if archived and not restored
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/putbucketarchivedirectread
 */
export function checkReadable(version: ObjectVersion, nowMs: number, readsDirectly = false): void {
  const { restoring, storageClass } = version;
  if (!isArchived(version) || (readsDirectly && storageClass === 'Archive')) return;
  if (restoring !== undefined && nowMs >= restoring.readyAt && nowMs < restoring.expiresAt) return;
  throw new Refusal(403, {
    code: 'InvalidObjectState',
    message: "The operation is not valid for the object's state",
    ec: '0016-00000702',
    extra: { ObjectName: version.key },
  });
}
