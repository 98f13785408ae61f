import { z } from 'zod';
import { MAX_OBJECT_BYTES, MAX_PART_BYTES, MAX_PARTS, MIN_PART_BYTES, PARTS_PER_PAGE } from '../../oss/limits.ts';
import { noteSchema } from '../ledger/ledger-entry.ts';
import { hasBraces, isPartTemplate, SIGNATURE_BYTES } from './ticket-urls.ts';

/** Longest ticket that is read, in characters: 10,000 parts with a long token take less than half of it. */
export const MAX_TICKET_LENGTH = 1_000_000;

const template = z
  .string()
  .max(16_384)
  .regex(/^https?:\/\/[\x21\x22\x24-\x7e]+$/i);
const url = template.refine((text) => !hasBraces(text));

/** The file of an upload ticket. */
export const uploadTicketSchema = z
  .strictObject({
    waybill: z.literal('upload-ticket'),
    version: z.literal(1),
    madeAt: z.iso.datetime(),
    /** By the server's clock. A session that signs it may end earlier if its own end is unknown. */
    validUntil: z.iso.datetime(),
    bucket: z.string().min(3).max(63),
    key: z.string().min(1).max(1023),
    uploadId: z.string().min(1).max(1024),
    /** The largest file that fits, in bytes. A smaller one takes fewer parts. */
    sizeBytes: z.int().min(0).max(MAX_OBJECT_BYTES),
    /** All parts but the last have exactly this many bytes. */
    partSizeBytes: z.int().min(MIN_PART_BYTES).max(MAX_PART_BYTES),
    /** Number of parts, from 1. */
    parts: z.int().min(1).max(MAX_PARTS),
    /** URL for PUT of a part, with `{n}` for its number and `{signature}` for its signature in hex. No Content-Type. */
    put: template.refine(isPartTemplate),
    /** The V4 signatures of all parts, 32 bytes each, one after another, in base64. */
    signatures: z.base64(),
    /** URLs for GET of ListParts, one for each 1,000 parts: the first lists from part 1, the second from 1,001, and so on. */
    list: z
      .array(url)
      .min(1)
      .max(MAX_PARTS / PARTS_PER_PAGE),
    /** URL for POST of CompleteMultipartUpload, with an explicit list of parts and no Content-Type. */
    complete: url,
    /** What must be sent with `complete`, exactly. */
    completeHeaders: z.strictObject({ 'x-oss-forbid-overwrite': z.literal('true').exactOptional() }),
    /** A message to the person who uploads. */
    note: noteSchema.exactOptional(),
  })
  .refine(({ parts, sizeBytes, partSizeBytes }) => parts === Math.max(1, Math.ceil(sizeBytes / partSizeBytes)), {
    path: ['parts'],
  })
  .refine(({ parts, signatures }) => signatures.length === Math.ceil((parts * SIGNATURE_BYTES) / 3) * 4, {
    path: ['signatures'],
  })
  .refine(({ parts, list }) => list.length === Math.ceil(parts / PARTS_PER_PAGE), { path: ['list'] });

/**
 * A file that lets somebody without an account upload one file of any size, in parts, into an upload that its owner has
 * started. It holds permissions for this upload alone and no credentials, but for the security token that each URL of a
 * session carries. Its URLs are secrets.
 */
export type UploadTicket = z.infer<typeof uploadTicketSchema>;
