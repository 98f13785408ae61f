import { z } from 'zod';
import { accountId, bucket, prefix } from './fields.ts';

const place = z.strictObject({ accountId, bucket: bucket.nullable(), prefix }).nullable();

/** Arguments of the calls about the windows themselves. */
export const windowCalls = {
  'windows.open': z.strictObject({ place }),
  'windows.visit': z.strictObject({ place }),
} satisfies Record<keyof WindowResults, z.ZodType>;

/** Results of the calls about the windows themselves. */
export interface WindowResults {
  /** Opens another window at `place`; null means where the calling window is. */
  'windows.open': null;
  /** Records where the window is, so that a reloaded page starts there. */
  'windows.visit': null;
}

/** Where a window is: the buckets of an account (`bucket` null) or a prefix of a bucket; null without an account. */
export type WindowPlace = z.infer<typeof place>;
