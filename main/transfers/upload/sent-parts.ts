import { toFailure } from '../../failure.ts';
import type { Connection } from '../../oss/connection.ts';
import { listParts, type PartPage } from '../../oss/operations/multipart.ts';
import type { LocalSource } from './local-source.ts';
import { planParts } from './part-plan.ts';
import { persist, REQUEST_PATIENCE } from '../retry-policy.ts';
import type { FinishedPart, UploadCheckpoint } from '../tasks/checkpoints.ts';

/**
 * The parts of an upload that need not be sent again: those that OSS lists and the checkpoint knows, and those whose note
 * was lost when the process died but whose CRC-64 is that of the file. Where listing is not allowed the checkpoint counts.
 * @throws WaybillError `oss` NoSuchUpload
 */
export async function sentParts(
  connection: Connection,
  checkpoint: UploadCheckpoint,
  source: LocalSource,
  signal: AbortSignal,
): Promise<readonly FinishedPart[]> {
  const known = new Map(checkpoint.parts.map((part) => [`${part.partNumber} ${part.etag}`, part]));
  const planned = planParts(checkpoint.sizeBytes, checkpoint.partSizeBytes);
  const sent: FinishedPart[] = [];
  try {
    for await (const { partNumber, etag, crc64, sizeBytes } of listedParts(connection, checkpoint, signal)) {
      const noted = known.get(`${partNumber} ${etag}`);
      const plan = planned[partNumber - 1];
      if (noted !== undefined) sent.push(noted);
      else if (crc64 !== null && plan?.sizeBytes === sizeBytes && (await source.crc64Of(plan)) === crc64) {
        sent.push({ partNumber, etag, crc64, sizeBytes });
      }
    }
  } catch (error) {
    const failure = toFailure(error);
    if (failure.kind === 'credentials' && failure.reason === 'denied') return checkpoint.parts;
    throw error;
  }
  return sent;
}

async function* listedParts(
  connection: Connection,
  checkpoint: UploadCheckpoint,
  signal: AbortSignal,
): AsyncGenerator<PartPage['parts'][number]> {
  let marker: number | null | undefined;
  while (marker !== null) {
    const options = { partNumberMarker: marker, signal };
    const page = await persist(() => listParts(connection, checkpoint, options), REQUEST_PATIENCE, signal);
    yield* page.parts;
    marker = page.nextPartNumberMarker;
  }
}
