import { toFailure, WaybillError } from '../failure.ts';
import type { Connection } from '../oss/connection.ts';
import { headerText } from '../oss/header-text.ts';
import { checkHeaderValue, checkMetaSize } from '../oss/operations/metadata.ts';
import type { ObjectRef } from '../oss/names.ts';
import { META_PREFIX, type ObjectHead } from '../oss/operations/object-headers.ts';
import { headObject } from '../oss/operations/objects.ts';
import { own } from '../own.ts';
import { USUAL_CONNECTIONS } from '../transfers/byte-work.ts';
import { COPY_SIZES, copyToLocation } from '../transfers/copy/copy.ts';
import { retry, REQUEST_RETRY } from '../transfers/retry-policy.ts';
import type { UploadWatch } from '../transfers/upload/upload-job.ts';
import type { ObjectChange } from './object-change.ts';
import type { UploadCheckpoint } from '../transfers/tasks/checkpoints.ts';
import { abortUpload } from '../transfers/upload/multipart-session.ts';

/**
 * Changes the storage class, headers or user metadata of an object. OSS can't do that in place: the object is copied
 * onto itself, in parts if it is large, and compared by CRC-64. With versioning this creates a new version.
 * @returns whether anything changed
 * @throws WaybillError `input` for a symlink, whose metadata is fixed once it is created
 */
export async function rewriteObject(
  connection: Connection,
  { bucket, key }: ObjectRef,
  change: ObjectChange,
  signal: AbortSignal,
): Promise<boolean> {
  const head = await retry(() => headObject(connection, { bucket, key }, signal), REQUEST_RETRY, signal);
  if (head.objectType === 'Symlink') throw new WaybillError({ kind: 'input', field: 'key', rule: 'symlink-fixed' });
  const wanted = changedHead(head, change);
  checkMetaSize(wanted.meta);
  if (isSame(head, wanted)) return false;
  const watch = watchOf(signal);
  try {
    await copyToLocation(
      {
        ...{ connection, bucket, key },
        source: { connection, bucket, key, versionId: null },
        ...{ through: 'server', existing: 'replace', move: false, checkpoint: null },
        rewrite: (source) => changedHead(source, change),
        sizes: COPY_SIZES,
      },
      watch,
    );
    return true;
  } catch (error) {
    if (watch.checkpoint !== null) await abortUpload(connection, watch.checkpoint);
    throw signal.aborted && toFailure(error).kind !== 'cancelled' ? new WaybillError({ kind: 'cancelled' }) : error;
  }
}

function changedHead(head: ObjectHead, { storageClass, headers = {}, meta }: ObjectChange): ObjectHead {
  const httpHeaders = Object.entries({ ...head.httpHeaders, ...headers });
  return {
    ...head,
    storageClass: storageClass ?? head.storageClass,
    httpHeaders: Object.fromEntries(httpHeaders.filter((entry): entry is [string, string] => entry[1] !== null)),
    meta: meta === undefined ? head.meta : { ...(meta.only ? {} : head.meta), ...metaBytes(head, meta.values) },
  };
}

/** Values that are shown as they were keep their bytes; new ones must be ASCII. */
function metaBytes({ meta }: ObjectHead, values: Readonly<Record<string, string>>): Record<string, string> {
  const entries = Object.entries(values).map(([name, text]) => {
    const old = own(meta, name);
    if (old !== undefined && headerText(old) === text) return [name, old] as const;
    checkHeaderValue(META_PREFIX + name, text);
    return [name, text] as const;
  });
  return Object.fromEntries(entries);
}

function isSame(a: ObjectHead, b: ObjectHead): boolean {
  const text = ({ storageClass, httpHeaders, meta }: ObjectHead): string =>
    JSON.stringify([storageClass, sorted(httpHeaders), sorted(meta)]);
  return text(a) === text(b);
}

function sorted(values: Readonly<Record<string, string>>): readonly (readonly [string, string])[] {
  return Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Tracks the multipart upload of the copy, so that it can be aborted. Progress isn't reported. */
function watchOf(signal: AbortSignal): UploadWatch & { checkpoint: UploadCheckpoint | null } {
  const nothing = (): void => undefined;
  const watch = {
    ...{
      signal,
      connections: () => USUAL_CONNECTIONS,
      onBytes: nothing,
      onKept: nothing,
      onSize: nothing,
      onVerifying: nothing,
      onPart: nothing,
    },
    checkpoint: null as UploadCheckpoint | null,
    onCheckpoint: (checkpoint: UploadCheckpoint | null): void => {
      watch.checkpoint = checkpoint;
    },
  };
  return watch;
}
