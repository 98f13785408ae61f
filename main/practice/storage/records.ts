import { z } from 'zod';
import type { LineFormat } from '../../local-files/line-format.ts';

const count = z.int().min(0);
const texts = z.record(z.string(), z.string()).readonly();

const piece = z.object({ blob: z.string().regex(/^[0-9a-f]{24}$/), sizeBytes: count });

const restoring = z.object({ readyAt: z.number(), expiresAt: z.number(), tier: z.string() });

const version = z.object({
  ...{ key: z.string(), versionId: z.string(), deleteMarker: z.boolean(), lastModified: z.number(), sizeBytes: count },
  ...{ etag: z.string(), crc64: z.string().regex(/^\d{1,20}$/), contentMd5: z.string().nullable() },
  type: z.enum(['Normal', 'Multipart', 'Symlink']),
  ...{ storageClass: z.string(), headers: texts, acl: z.string(), tags: texts, pieces: z.array(piece).readonly() },
  symlinkTarget: z.string().exactOptional(),
  restoring: restoring.exactOptional(),
});

const objectRecord = z.discriminatedUnion('op', [
  z.object({ op: z.literal('put'), version }),
  z.object({ op: z.literal('remove'), key: z.string(), versionId: z.string() }),
]);
/** One line of a bucket's objects.jsonl. */
export type ObjectRecord = z.infer<typeof objectRecord>;

/** The format of objects.jsonl. */
export const objectFormat: LineFormat<ObjectRecord> = {
  name: 'waybill-practice-objects',
  version: 1,
  schema: objectRecord,
};

const start = z.object({
  ...{ uploadId: z.string(), key: z.string(), initiatedAt: z.number() },
  ...{ storageClass: z.string(), headers: texts, acl: z.string(), tags: texts },
});

const part = z.object({
  ...{ partNumber: z.int().min(1), etag: z.string(), crc64: z.string().regex(/^\d{1,20}$/), lastModified: z.number() },
  piece,
});

const uploadRecord = z.discriminatedUnion('op', [
  z.object({ op: z.literal('start'), start }),
  z.object({ op: z.literal('part'), uploadId: z.string(), part }),
  z.object({ op: z.literal('end'), uploadId: z.string() }),
]);
/** One line of a bucket's uploads.jsonl. */
export type UploadRecord = z.infer<typeof uploadRecord>;

/** The format of uploads.jsonl. */
export const uploadFormat: LineFormat<UploadRecord> = {
  name: 'waybill-practice-uploads',
  version: 1,
  schema: uploadRecord,
};
