import { z } from 'zod';
import type { LineFormat } from '../../local-files/line-format.ts';
import type { DownloadCheckpoint, FinishedPart, Span, UploadCheckpoint } from './checkpoints.ts';
import { failureSchema } from './failure-schema.ts';
import type { SettledLine } from './folder-content.ts';
import type { TaskRecord } from './task.ts';
import type { TransferState } from './transfer.ts';

/** A line of the journal. Field names are the on-disk format: renaming one breaks existing journals. */
export type JournalLine =
  | { readonly type: 'task'; readonly task: TaskRecord; readonly sizeBytes: number | null }
  | { readonly type: 'state'; readonly id: string; readonly state: TransferState }
  | { readonly type: 'upload'; readonly id: string; readonly checkpoint: UploadCheckpoint | null }
  | { readonly type: 'part'; readonly id: string; readonly part: FinishedPart }
  | { readonly type: 'download'; readonly id: string; readonly checkpoint: DownloadCheckpoint | null }
  /** Further spans of the checkpoint before it: those of a huge object don't fit in one line. */
  | { readonly type: 'spans'; readonly id: string; readonly spans: readonly Span[] }
  | { readonly type: 'span'; readonly id: string; readonly index: number; readonly crc64: string }
  | SettledLine
  | { readonly type: 'gone'; readonly id: string };

const id = z.string().min(1);
const count = z.int().min(0);
const crc64 = z.string().regex(/^\d{1,20}$/);
const version = z.string().nullable();

const place = { accountId: z.string(), bucket: z.string(), key: z.string() };
const link = { host: z.string(), bucket: z.string().nullable(), key: z.string(), path: z.string() };
const path = { path: z.string(), root: z.string().exactOptional() };
const fileState = z.object({ sizeBytes: count, modifiedAt: z.number() });
const only = z.object({ glob: z.string(), isDeep: z.boolean() }).exactOptional();
const copied = z.object({ etag: z.string().nullable(), versionId: version }).nullable();

const work = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('upload'),
    what: z.enum(['file', 'empty-folder', 'unread']),
    ...{ ...place, path: z.string() },
    expects: z.object({ file: fileState, replaces: z.string().nullable() }).exactOptional(),
  }),
  z.object({
    kind: z.literal('download'),
    what: z.enum(['object', 'folder']),
    ...{ ...place, versionId: version, ...path },
    expects: z.object({ etag: z.string(), lastModified: z.number(), replaces: fileState.nullable() }).exactOptional(),
  }),
  z.object({
    kind: z.enum(['upload-folder', 'download-folder']),
    ...{ ...place, ...path, plan: z.string().exactOptional(), only },
  }),
  z.object({
    kind: z.literal('copy'),
    ...{ ...place, source: z.object({ ...place, versionId: version }), move: z.boolean(), copied },
  }),
  z.object({ kind: z.literal('copy-folder'), ...place, source: z.object(place), move: z.boolean(), only }),
  z.object({
    kind: z.literal('link-download'),
    ...{ ...link, ...path, versionId: version, processing: z.string().exactOptional() },
  }),
  z.object({ kind: z.literal('link-upload'), ...link }),
  z.object({ kind: z.literal('ticket-upload'), ...link, bucket: z.string(), uploadId: z.string() }),
]);

/** Priority, rank and folder are missing in the oldest journals. */
const task = z.object({
  id,
  createdAt: z.number(),
  work,
  name: z.string(),
  choice: z.enum(['replace', 'skip', 'keep-both', 'skip-same', 'replace-older', 'refuse']).nullable(),
  priority: z.enum(['high', 'normal', 'low']).default('normal'),
  rank: z.int().exactOptional(),
  folder: z.object({ id, key: z.string() }).nullable().default(null),
});

const attempt = z.int().min(0);
const state = z.discriminatedUnion('at', [
  z.object({ at: z.enum(['queued', 'paused', 'verifying', 'skipped', 'cancelled']) }),
  z.object({ at: z.literal('running'), attempt }),
  z.object({ at: z.literal('waiting'), attempt, retryAt: z.number(), because: failureSchema }),
  z.object({
    at: z.literal('blocked'),
    need: z.enum(['credentials', 'fresh-link', 'disk-space', 'overwrite-choice']),
    because: failureSchema.exactOptional(),
  }),
  z.object({
    at: z.literal('done'),
    verified: z.enum(['crc64', 'length', 'unconfirmed']),
    versionId: version,
    callback: failureSchema.exactOptional(),
  }),
  z.object({ at: z.literal('failed'), because: failureSchema }),
]);

const part = z.object({ partNumber: z.int().min(1).max(10_000), etag: z.string(), crc64, sizeBytes: count });
const upload = z.object({
  ...{ bucket: z.string(), key: z.string(), uploadId: z.string() },
  ...{ partSizeBytes: z.int().min(1), sizeBytes: count, modifiedAt: z.number(), parts: z.array(part) },
});
const span = z.object({ start: count, sizeBytes: count.nullable(), doneBytes: count, crc64 });
const spans = z.array(span).readonly();
const download = z.object({
  /** Deleted if the download is cancelled: a journal that someone else wrote must not name another file. */
  partPath: z.string().regex(/(^|[/\\])\.[^/\\]*\.waybill-part\d*$/),
  ...{ etag: z.string().nullable(), crc64: crc64.nullable(), versionId: version, sizeBytes: count.nullable() },
  modifiedAt: z.number().nullable().exactOptional(),
  spans,
  keptAs: z.object({ sizeBytes: count, modifiedAt: z.number() }).nullable().exactOptional(),
});

const schema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('task'), task, sizeBytes: count.nullable() }),
  z.object({ type: z.literal('state'), id, state }),
  z.object({ type: z.literal('upload'), id, checkpoint: upload.nullable() }),
  z.object({ type: z.literal('part'), id, part }),
  z.object({ type: z.literal('download'), id, checkpoint: download.nullable() }),
  z.object({ type: z.literal('spans'), id, spans }),
  z.object({ type: z.literal('span'), id, index: count, crc64 }),
  z.object({
    type: z.literal('settled'),
    id,
    keys: z.array(z.string()).readonly(),
    renamed: z
      .array(z.tuple([z.string(), z.string()]).readonly())
      .readonly()
      .exactOptional(),
    stamps: z
      .array(z.tuple([z.string(), z.string()]).readonly())
      .readonly()
      .exactOptional(),
    ...{ done: count, skipped: count, bytes: count, unverified: count },
  }),
  z.object({ type: z.literal('gone'), id }),
]);

/** A line as it is read. JsonLines takes JournalLine too, so a field or a kind that is missing above doesn't compile. */
export type SavedLine = z.infer<typeof schema>;

/** The format of the journal. */
export const journalFormat: LineFormat<SavedLine> = { name: 'waybill-transfers', version: 1, schema };
