import { z } from 'zod';
import type { FoundPage, MeasuredPage } from '../main/browsing/scan.ts';

const scan = {
  accountId: z.uuid(),
  bucket: z.string().min(3).max(63),
  prefix: z.string().max(1023),
  pageToken: z.string().nullable(),
};

/** Calls that look through whole prefixes. */
export const browsingCalls = {
  'objects.search': z.strictObject({ ...scan, text: z.string().min(1).max(1023) }),
  'objects.measure': z.strictObject(scan),
} satisfies Record<keyof BrowsingResults, z.ZodType>;

/** What they give back: one stretch of about a quarter of a second. Ask on until there is no next page. */
export interface BrowsingResults {
  'objects.search': FoundPage;
  'objects.measure': MeasuredPage;
}
