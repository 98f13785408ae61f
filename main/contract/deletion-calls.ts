import { z } from 'zod';
import type { DeletionProgress } from '../deleting/deletion-job.ts';
import type { Failure } from '../failure.ts';
import { accountId, bucket, key, none } from './fields.ts';

export type { DeletionProgress } from '../deleting/deletion-job.ts';

const deletion = z.strictObject({ id: z.uuid() });

/** Arguments of the calls about deletions, which run in the background wherever the user browses. */
export const deletionCalls = {
  'deletions.list': none,
  'deletions.start': z
    .strictObject({
      ...{ accountId, bucket },
      keys: z.array(key).max(1_000_000),
      /** Never empty: no call deletes everything in a bucket. */
      prefixes: z.array(key).max(100_000),
      /** How many objects the user confirmed; null if they weren't counted. */
      total: z.number().int().nonnegative().nullable(),
    })
    .refine((chosen) => chosen.keys.length + chosen.prefixes.length > 0),
  'deletions.stop': deletion,
  'deletions.goOn': deletion,
  'deletions.dismiss': deletion,
  'deletions.undo': deletion,
  'deletions.failed': deletion,
} satisfies Record<keyof DeletionResults, z.ZodType>;

/** Results of the calls about deletions. */
export interface DeletionResults {
  /** Returns the deletions of this run that weren't dismissed. */
  'deletions.list': readonly DeletionProgress[];
  /** Starts a deletion and returns its ID; `deletions.changed` reports its progress. */
  'deletions.start': { readonly id: string };
  /** Stops a deletion. What is deleted stays deleted. */
  'deletions.stop': null;
  /** Resumes a deletion with what is left and what failed. */
  'deletions.goOn': null;
  /** Removes a deletion from the list; it can still be undone. */
  'deletions.dismiss': null;
  /** Removes the delete markers, which restores the objects; needs versioning. */
  'deletions.undo': { readonly restored: number; readonly failedCount: number };
  /** Returns the first 1,000 objects that OSS didn't confirm; `failure` is null if it gave no reason. */
  'deletions.failed': readonly { readonly key: string; readonly failure: Failure | null }[];
}
