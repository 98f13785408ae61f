import { z } from 'zod';
import type { Transfer } from '../transfers/tasks/transfer.ts';

export type {
  FolderCounts,
  Move,
  Priority,
  Transfer,
  TransferBatch,
  TransferState,
} from '../transfers/tasks/transfer.ts';

const none = z.strictObject({});
const accountId = z.uuid();
const bucket = z.string().min(3).max(63);
const key = z.string().min(1).max(1023);
const prefix = z.string().max(1023);
const path = z.string().min(1).max(32_767);
const ids = z.array(z.uuid());
/** Named transfers, or all to which the command means something. */
const chosen = z.strictObject({ ids: z.union([ids, z.literal('all')]) });

/** Calls about the queue. */
export const transferCalls = {
  'transfers.list': none,
  'transfers.open': z.strictObject({ ids }),
  'transfers.upload': z.strictObject({ accountId, bucket, prefix, paths: z.array(path).min(1).max(10_000) }),
  'transfers.download': z.strictObject({
    ...{ accountId, bucket },
    keys: z.array(key),
    prefixes: z.array(prefix),
    versionId: z.string().nullable(),
    folder: path,
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
  'transfers.clear': none,
  'transfers.show': z.strictObject({ id: z.uuid() }),
} satisfies Record<keyof TransferResults, z.ZodType>;

/** What the calls about the queue give back. */
export interface TransferResults {
  'transfers.list': readonly Transfer[];
  /** What of these folders is under way or needs somebody; from now on it is told of, and of no other folder. */
  'transfers.open': readonly Transfer[];
  'transfers.upload': { readonly added: number };
  'transfers.download': { readonly added: number };
  'transfers.pause': null;
  'transfers.resume': null;
  'transfers.cancel': null;
  'transfers.retry': null;
  'transfers.move': null;
  'transfers.prioritise': null;
  'transfers.choose': null;
  'transfers.clear': null;
  'transfers.show': null;
}
