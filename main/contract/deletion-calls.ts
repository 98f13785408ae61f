import { z } from 'zod';
import type { DeletionProgress } from '../deleting/deletion-job.ts';
import type { Failure } from '../failure.ts';

export type { DeletionProgress } from '../deleting/deletion-job.ts';

const one = z.strictObject({ id: z.uuid() });

/** Calls about deletions, which go on wherever the person is. */
export const deletionCalls = {
  'deletions.list': z.strictObject({}),
  'deletions.start': z
    .strictObject({
      accountId: z.uuid(),
      bucket: z.string().min(3).max(63),
      keys: z.array(z.string().min(1).max(1023)).max(1_000_000),
      prefixes: z.array(z.string().min(1).max(1023)).max(100_000),
      total: z.number().int().nonnegative().nullable(),
    })
    .refine((chosen) => chosen.keys.length + chosen.prefixes.length > 0),
  'deletions.stop': one,
  'deletions.goOn': one,
  'deletions.dismiss': one,
  'deletions.undo': one,
  'deletions.failed': one,
} satisfies Record<keyof DeletionResults, z.ZodType>;

/** What they give back. */
export interface DeletionResults {
  'deletions.list': readonly DeletionProgress[];
  'deletions.start': { readonly id: string };
  /** What was deleted so far stays so. */
  'deletions.stop': null;
  /** With what is left, and with what failed. */
  'deletions.goOn': null;
  'deletions.dismiss': null;
  /** Where the bucket keeps versions. */
  'deletions.undo': { readonly restored: number; readonly failedCount: number };
  /** The first of those that OSS did not confirm; `failure` is null where it gave no reason. */
  'deletions.failed': readonly { readonly key: string; readonly failure: Failure | null }[];
}
