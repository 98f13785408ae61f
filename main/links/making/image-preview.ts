import { WaybillError } from '../../failure.ts';
import type { Connection } from '../../oss/connection.ts';
import type { ObjectRef } from '../../oss/names.ts';
import { getObject } from '../../oss/operations/objects.ts';

/** A processed image can be as large as the original; a preview needn't be. */
const MAX_BYTES = 8 * 1024 ** 2;

/**
 * Fetches an object through OSS's image processing, to preview what a link would show.
 * @throws WaybillError `input` preview-too-large, or what OSS answered to `process`
 * @see https://www.alibabacloud.com/help/en/oss/user-guide/overview-17
 */
export async function previewImage(
  connection: Connection,
  object: ObjectRef,
  process: string,
): Promise<{ readonly contentType: string; readonly bytes: Uint8Array }> {
  const { contentType, body } = await getObject(connection, object, { params: { 'x-oss-process': process } });
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_BYTES) {
      throw new WaybillError({ kind: 'input', field: 'process', rule: 'preview-too-large', limit: String(MAX_BYTES) });
    }
    chunks.push(chunk);
  }
  return { contentType, bytes: new Uint8Array(Buffer.concat(chunks)) };
}
