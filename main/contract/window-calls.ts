import { z } from 'zod';

const place = z
  .strictObject({
    accountId: z.uuid(),
    bucket: z.string().min(3).max(63).nullable(),
    prefix: z.string().max(1023),
  })
  .nullable();

/** Calls about the windows themselves. */
export const windowCalls = {
  'windows.open': z.strictObject({ place }),
  'windows.visit': z.strictObject({ place }),
} satisfies Record<keyof WindowResults, z.ZodType>;

/** What they give back. */
export interface WindowResults {
  /** One more window, at this place; null is where the window is that asks. */
  'windows.open': null;
  /** The window is there now: a page that is loaded anew begins there. */
  'windows.visit': null;
}

/** Where a window is: the buckets of an account (`bucket` null), or a prefix of a bucket; null without an account. */
export type WindowPlace = z.infer<typeof place>;
