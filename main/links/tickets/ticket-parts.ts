import { WaybillError } from '../../failure.ts';
import { MAX_OBJECT_BYTES, MAX_PART_BYTES, MAX_PARTS } from '../../oss/limits.ts';

/** The parts of an upload: how many, and how many bytes each but the last has. */
export interface TicketParts {
  readonly parts: number;
  readonly partSizeBytes: number;
}

const MiB = 1024 ** 2;

/** A part is sent again as a whole, so it stays below this as long as 10,000 parts suffice (625 GB). */
const COMFORTABLE_PART_BYTES = 64 * MiB;

/** Smaller parts would only make the ticket longer: it grows by 43 characters for each. */
const LEAST_PART_BYTES = 16 * MiB;

/** Up to this number, parts keep their least size; a ticket for 31 GB takes 86 KB. */
const USUAL_PARTS = 2000;

/**
 * Divides a file of up to `sizeBytes` into at most 10,000 parts, a whole number of MiB each.
 * @throws WaybillError `input` for a size that isn't a whole number of bytes, or above 48.8 TB
 */
export function ticketParts(sizeBytes: number): TicketParts {
  if (!Number.isSafeInteger(sizeBytes) || sizeBytes < 0) {
    throw new WaybillError({ kind: 'input', field: 'sizeBytes', rule: 'ticket-size', limit: `0…${MAX_OBJECT_BYTES}` });
  }
  if (sizeBytes > MAX_OBJECT_BYTES) {
    throw new WaybillError({
      kind: 'input',
      field: 'sizeBytes',
      rule: 'object-too-large',
      limit: String(MAX_OBJECT_BYTES),
    });
  }
  const usual = Math.min(COMFORTABLE_PART_BYTES, Math.max(LEAST_PART_BYTES, sizeBytes / USUAL_PARTS));
  const partSizeBytes = Math.min(MAX_PART_BYTES, Math.ceil(Math.max(usual, sizeBytes / MAX_PARTS) / MiB) * MiB);
  return { parts: Math.max(1, Math.ceil(sizeBytes / partSizeBytes)), partSizeBytes };
}
