import { malformedReply } from '../../failure.ts';
import { encodeKey, percentDecode } from '../canonical.ts';
import type { Connection } from '../connection.ts';
import { checkKey } from '../names.ts';
import type { ObjectRef } from '../names.ts';
import { storedObjectOf } from './object-headers.ts';
import { givenParams } from '../exchange/reply-fields.ts';
import { sendForHeaders } from '../exchange/request.ts';

const TARGET = 'x-oss-symlink-target';

/** A symlink itself. HeadObject and GetObject follow it and describe its target. */
export interface Symlink {
  /** The key that it points to, in the same bucket; that object need not exist. */
  readonly target: string;
  readonly etag: string | null;
  readonly versionId: string | null;
}

/** Input of putSymlink(). */
export interface PutSymlinkInput extends Pick<ObjectRef, 'bucket' | 'key'> {
  readonly target: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

/**
 * PutSymlink: creates a symlink to an object of the same bucket, which need not exist. Replaces an existing object,
 * unless the headers forbid it.
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/putsymlink
 */
export async function putSymlink(connection: Connection, input: PutSymlinkInput): Promise<void> {
  const { bucket, key, target, headers = {}, signal } = input;
  checkKey(target);
  await sendForHeaders(connection, {
    method: 'PUT',
    bucket,
    key,
    params: { symlink: null },
    headers: { ...headers, [TARGET]: encodeKey(target) },
    signal,
  });
}

/**
 * GetSymlink: the target of a symlink.
 * @throws WaybillError `oss` NotSymlink for an ordinary object
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/getsymlink
 */
export async function getSymlink(
  connection: Connection,
  { bucket, key, versionId }: ObjectRef,
  signal?: AbortSignal,
): Promise<Symlink> {
  const params = { symlink: null, ...givenParams({ versionId }) };
  const headers = await sendForHeaders(connection, { method: 'GET', bucket, key, params, signal });
  const target = headers[TARGET];
  if (target === undefined) throw malformedReply(200, `a symlink without ${TARGET}`);
  const { etag, versionId: version } = storedObjectOf(headers);
  // Some clients encode the target like a form field, where `+` is a blank; a plus sign is `%2B` in all of them.
  return { target: percentDecode(target.replaceAll('+', ' ')) ?? target, etag, versionId: version };
}
