import { z } from 'zod';
import type { DragOffer } from '../browsing/drag-outs.ts';
import type { Preview } from '../browsing/previews.ts';
import type { FoundPage, MeasuredPage } from '../browsing/scan.ts';

export type { DragOffer } from '../browsing/drag-outs.ts';
export type { Preview } from '../browsing/previews.ts';

const scan = {
  accountId: z.uuid(),
  bucket: z.string().min(3).max(63),
  prefix: z.string().max(1023),
  pageToken: z.string().nullable(),
};

/** Calls that look through whole prefixes, or into an object. */
export const browsingCalls = {
  'objects.search': z.strictObject({ ...scan, text: z.string().min(1).max(1023) }),
  'objects.measure': z.strictObject(scan),
  'objects.preview': z.strictObject({
    accountId: scan.accountId,
    bucket: scan.bucket,
    key: z.string().min(1).max(1023),
    versionId: z.string().max(256).nullable(),
  }),
  'objects.previewBytes': z.strictObject({
    ticket: z.uuid(),
    start: z.int().min(0),
    end: z.int().min(1),
  }),
  'objects.offerDrag': z.strictObject({
    accountId: scan.accountId,
    bucket: scan.bucket,
    key: z.string().min(1).max(1023),
  }),
} satisfies Record<keyof BrowsingResults, z.ZodType>;

/** What they give back. */
export interface BrowsingResults {
  /** One stretch of about a quarter of a second: ask on until there is no next page. The same for `measure`. */
  'objects.search': FoundPage;
  'objects.measure': MeasuredPage;
  /** Media are at `preview/` and the ticket. */
  'objects.preview': Preview;
  /** From `start` to before `end`, but never more than 4 MiB. */
  'objects.previewBytes': Uint8Array;
  /** The bytes are at `drag/` and the ticket, once. */
  'objects.offerDrag': DragOffer;
}
