import { isMissing, isUploadOver, toFailure } from '../../failure.ts';
import type { Connection } from '../../oss/connection.ts';
import { abortMultipartUpload, listParts, type MultipartUpload } from '../../oss/operations/multipart.ts';
import { headObject } from '../../oss/operations/objects.ts';

/** What became of the upload of a ticket. Times are Unix milliseconds, sizes bytes. */
export type TicketState =
  | { readonly state: 'open'; readonly parts: number; readonly sentBytes: number }
  /** The upload is over, and there is an object, which may also have been stored in another way. */
  | {
      readonly state: 'stored';
      readonly sizeBytes: number | null;
      readonly crc64: string | null;
      readonly lastModified: number;
      /** The object is older than the ticket, so it wasn't uploaded with it. */
      readonly older: boolean;
    }
  /** The upload is over, and there is no object. */
  | { readonly state: 'ended' };

/** Asks OSS what became of a ticket's upload. `madeAt` is in Unix milliseconds. @throws WaybillError */
export async function checkTicket(
  connection: Connection,
  { madeAt, ...upload }: MultipartUpload & { readonly madeAt: number },
  signal?: AbortSignal,
): Promise<TicketState> {
  let [parts, sentBytes] = [0, 0];
  try {
    let partNumberMarker: number | undefined;
    do {
      const page = await listParts(connection, upload, { partNumberMarker, signal });
      parts += page.parts.length;
      sentBytes += page.parts.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
      partNumberMarker = page.nextPartNumberMarker ?? undefined;
    } while (partNumberMarker !== undefined);
    return { state: 'open', parts, sentBytes };
  } catch (error) {
    if (!isUploadOver(toFailure(error))) throw error;
  }
  return stateOfObject(connection, upload, madeAt);
}

async function stateOfObject(
  connection: Connection,
  { bucket, key }: Pick<MultipartUpload, 'bucket' | 'key'>,
  madeAt: number,
): Promise<TicketState> {
  try {
    const { sizeBytes, crc64, lastModified } = await headObject(connection, { bucket, key });
    // Last-Modified has whole seconds.
    return { state: 'stored', sizeBytes, crc64, lastModified, older: lastModified < madeAt - 1000 };
  } catch (error) {
    if (isMissing(toFailure(error))) return { state: 'ended' };
    throw error;
  }
}

/** Parts under way while an upload is aborted may survive, so it is aborted again. */
const MAX_ABORTS = 5;

/**
 * Ends a ticket by aborting its upload, so that OSS refuses all of its URLs, and deletes the parts that were sent.
 * @returns false if the upload was over already
 * @throws WaybillError
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/abortmultipartupload
 */
export async function endTicket(connection: Connection, upload: MultipartUpload): Promise<boolean> {
  for (let aborts = 0; aborts < MAX_ABORTS; aborts += 1) {
    try {
      await abortMultipartUpload(connection, upload);
    } catch (error) {
      if (isUploadOver(toFailure(error))) return aborts > 0;
      throw error;
    }
  }
  return true;
}
