import { isDenied, toFailure } from '../../failure.ts';
import type { Connection } from '../connection.ts';
import { expectRoot } from '../exchange/reply-fields.ts';
import { sendForXml } from '../exchange/request.ts';
import { textOf } from '../exchange/xml.ts';

/**
 * GetBucketArchiveDirectRead: whether objects of the class Archive, and of no other, are read without being restored. Null
 * for credentials that may not ask: they lack oss:GetBucketArchiveDirectRead.
 * @throws WaybillError for any other refusal
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/getbucketarchivedirectread
 */
export async function readsArchiveDirectly(
  connection: Connection,
  bucket: string,
  signal?: AbortSignal,
): Promise<boolean | null> {
  try {
    const { root } = await sendForXml(connection, {
      method: 'GET',
      bucket,
      params: { bucketArchiveDirectRead: null },
      signal,
    });
    expectRoot(root, 'ArchiveDirectReadConfiguration');
    return textOf(root, 'Enabled') === 'true';
  } catch (error) {
    if (isDenied(toFailure(error))) return null;
    throw error;
  }
}
