import { encodeKey } from './canonical.ts';
import type { Connection } from './connection.ts';
import { malformedReply } from './errors.ts';
import { checkKey } from './names.ts';
import type { ObjectRef } from './names.ts';
import { givenParams } from './reply-fields.ts';
import { sendForHeaders } from './request.ts';

const TARGET = 'x-oss-symlink-target';

/**
 * Makes an object that leads to another one of its bucket, which need not exist. It does not replace an object, but in a
 * bucket with versions.
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/putsymlink
 */
export async function putSymlink(
  connection: Connection,
  { bucket, key, target }: { readonly bucket: string; readonly key: string; readonly target: string },
): Promise<void> {
  checkKey(target);
  const headers = { [TARGET]: encodeKey(target), 'x-oss-forbid-overwrite': 'true' };
  await sendForHeaders(connection, { method: 'PUT', bucket, key, params: { symlink: null }, headers });
}

/** The key that a symlink leads to. @see https://www.alibabacloud.com/help/en/oss/developer-reference/getsymlink */
export async function getSymlinkTarget(
  connection: Connection,
  { bucket, key, versionId }: ObjectRef,
  signal?: AbortSignal,
): Promise<string> {
  const params = { symlink: null, ...givenParams({ versionId }) };
  const headers = await sendForHeaders(connection, { method: 'GET', bucket, key, params, signal });
  const target = headers[TARGET];
  if (target === undefined) throw malformedReply(200, `a symlink without ${TARGET}`);
  try {
    return decodeURIComponent(target);
  } catch {
    return target;
  }
}
