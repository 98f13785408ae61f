import { z } from 'zod';
import type { Transfer } from '../transfers/tasks/transfer.ts';
import { accountId, bucket, key, localPath, none, prefix, versionId } from './fields.ts';

export type {
  FolderCounts,
  Move,
  Priority,
  Transfer,
  TransferBatch,
  TransferState,
  Verified,
} from '../transfers/tasks/transfer.ts';

const ids = z.array(z.uuid());
/** Some transfers, or all that the command applies to. */
const chosen = z.strictObject({ ids: z.union([ids, z.literal('all')]) });

/** The largest picture that is taken from the clipboard, in bytes. */
const MAX_PASTED_BYTES = 128 * 1024 ** 2;

/** Arguments of the calls about the transfer queue. */
export const transferCalls = {
  'transfers.list': none,
  'transfers.open': z.strictObject({ ids }),
  'transfers.upload': z.strictObject({ accountId, bucket, prefix, paths: z.array(localPath).min(1).max(10_000) }),
  'transfers.uploadPicture': z.strictObject({
    ...{ accountId, bucket, key },
    bytes: z.instanceof(Uint8Array).refine(({ length }) => length > 0 && length <= MAX_PASTED_BYTES),
  }),
  'transfers.download': z.strictObject({
    ...{ accountId, bucket },
    keys: z.array(key),
    prefixes: z.array(prefix),
    /** Of a single key. */
    versionId: versionId.nullable(),
    folder: localPath,
  }),
  'transfers.pause': chosen,
  'transfers.resume': chosen,
  'transfers.cancel': chosen,
  'transfers.retry': chosen,
  'transfers.move': z.strictObject({ ids, where: z.enum(['top', 'up', 'down', 'bottom']) }),
  'transfers.prioritise': z.strictObject({ ids, priority: z.enum(['high', 'normal', 'low']) }),
  'transfers.choose': z.strictObject({
    id: z.uuid(),
    choice: z.enum(['replace', 'skip', 'keep-both', 'skip-same', 'replace-older']),
    applyToAll: z.boolean(),
  }),
  'transfers.clear': z.strictObject({ what: z.enum(['finished', 'failed']) }),
  'transfers.show': z.strictObject({ id: z.uuid() }),
} satisfies Record<keyof TransferResults, z.ZodType>;

/** Results of the calls about the transfer queue. Unknown IDs are ignored. */
export interface TransferResults {
  /** Returns the top-level transfers in the order in which they were added. */
  'transfers.list': readonly Transfer[];
  /** Returns what is active or needs attention in these folders; `transfers.changed` then covers them and no others. */
  'transfers.open': readonly Transfer[];
  /** Queues files and folders for upload and returns the IDs of the transfers. Fails with `file`. */
  'transfers.upload': { readonly ids: readonly string[] };
  /** Queues a picture of the clipboard for upload under this key. Fails with `file`. */
  'transfers.uploadPicture': { readonly ids: readonly string[] };
  /** Queues downloads into a folder, which is created if needed, and returns the IDs of the transfers. Fails with `file`. */
  'transfers.download': { readonly ids: readonly string[] };
  /** Pauses transfers; what is transferred is kept. */
  'transfers.pause': null;
  /** Resumes paused transfers. */
  'transfers.resume': null;
  /** Cancels transfers and removes partial data, here and in OSS. */
  'transfers.cancel': null;
  /** Retries failed or cancelled transfers; `all` means the failed ones. */
  'transfers.retry': null;
  /** Moves transfers within the queue. */
  'transfers.move': null;
  /** Sets the priority of transfers. */
  'transfers.prioritise': null;
  /** Answers what to do about an existing file: for one transfer, or for all that ask. */
  'transfers.choose': null;
  /** Removes ended transfers from the list: failed ones, or all others. */
  'transfers.clear': null;
  /** Shows the local file of a transfer in the system's file manager. */
  'transfers.show': null;
}
