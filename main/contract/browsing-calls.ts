import { z } from 'zod';
import type { DragOffer } from '../browsing/drag-outs.ts';
import type { Preview } from '../browsing/previews.ts';
import { textEncodings } from '../browsing/text-encodings.ts';
import type { FoundPage, MeasuredPage } from '../browsing/scan.ts';
import { accountId, bucket, key, pageToken, prefix, versionId } from './fields.ts';

export type { DragOffer } from '../browsing/drag-outs.ts';
export type { Preview } from '../browsing/previews.ts';
export type { TextEncoding } from '../browsing/text-encodings.ts';

/** Bytes, and Unix milliseconds; null: any. */
const limits = z.strictObject({
  ...{ minBytes: z.int().min(0).nullable(), maxBytes: z.int().min(0).nullable() },
  ...{ after: z.int().nullable(), before: z.int().nullable() },
});

/** Size and time of the files that a search finds. */
export type SearchLimits = z.infer<typeof limits>;

const scan = { accountId, bucket, prefix, pageToken };

const listed = z.strictObject({ key, sizeBytes: z.int().min(0), lastModified: z.number() });

/** Arguments of the calls that read through a prefix or into an object. */
export const browsingCalls = {
  'objects.search': z.strictObject({ ...scan, text: z.string().max(1023), limits: limits.exactOptional() }),
  'objects.measure': z.strictObject(scan),
  'objects.preview': z.strictObject({
    accountId,
    bucket,
    key,
    versionId: versionId.nullable(),
    encoding: z.enum(textEncodings).optional(),
  }),
  'objects.previewBytes': z.strictObject({
    ticket: z.uuid(),
    start: z.int().min(0),
    end: z.int().min(1),
  }),
  'objects.thumbnails': z.strictObject({ accountId, bucket, objects: z.array(listed).min(1).max(200) }),
  'objects.offerDrag': z.strictObject({ accountId, bucket, key }),
} satisfies Record<keyof BrowsingResults, z.ZodType>;

/** Results of the calls that read through a prefix or into an object. */
export interface BrowsingResults {
  /** Searches keys for about 250 ms and returns the matches; repeat with `nextPageToken` until it is null. */
  'objects.search': FoundPage;
  /** Counts objects and bytes for about 250 ms; repeat with `nextPageToken` until it is null. */
  'objects.measure': MeasuredPage;
  /** Opens a preview; with `encoding`, of a text that is read in it. Media are served at `preview/` and the ticket. Fails with `oss` for an archived object. */
  'objects.preview': Preview;
  /** Returns bytes from `start` to before `end`, at most 4 MiB. Fails with `oss` 412 if the object was replaced. */
  'objects.previewBytes': Uint8Array;
  /** Returns a ticket for each object, whose thumbnail is served at `thumbnail/` and the ticket; null: it has none. */
  'objects.thumbnails': readonly (string | null)[];
  /** Returns a ticket for one download at `drag/` and the ticket. Asks OSS for nothing. */
  'objects.offerDrag': DragOffer;
}
