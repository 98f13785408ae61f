import { createHash } from 'node:crypto';
import type { Failure } from '../../failure.ts';
import { toFailure } from '../../failure.ts';
import type { Connection } from '../connection.ts';
import { MAX_DELETE_KEYS } from '../limits.ts';
import { checkKey } from '../names.ts';
import type { ObjectRef } from '../names.ts';
import { expectRoot, givenParams, keyDecoder, requiredText } from '../exchange/reply-fields.ts';
import { sendForHeaders, sendForXml } from '../exchange/request.ts';
import type { XmlContent } from '../exchange/xml.ts';
import { childrenOf, isXmlText, textOf, writeXml } from '../exchange/xml.ts';

/**
 * Result of deleteObject(). With versioning on, a delete without a version adds a delete marker; `versionId` is the
 * marker's.
 */
export interface DeleteObjectResult {
  readonly versionId: string | null;
  readonly deleteMarker: boolean;
}

/** An object of a bucket, or with `versionId` one version of it. */
export interface KeyVersion {
  readonly key: string;
  readonly versionId?: string | undefined;
}

/** An object that wasn't deleted. `failure` is null if OSS omitted it from the reply without a reason. */
export interface DeleteFailure extends KeyVersion {
  readonly failure: Failure | null;
}

/** Result of deleteObjects(). `markers` are the new delete markers; deleting a marker brings its object back. */
export interface DeleteObjectsResult {
  readonly failed: readonly DeleteFailure[];
  readonly markers: readonly KeyVersion[];
}

/**
 * DeleteObject: deletes an object, or one version permanently. Succeeds for an object that doesn't exist.
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/deleteobject
 */
export async function deleteObject(
  connection: Connection,
  object: ObjectRef,
  signal?: AbortSignal,
): Promise<DeleteObjectResult> {
  const { bucket, key, versionId } = object;
  const params = givenParams({ versionId });
  const headers = await sendForHeaders(connection, { method: 'DELETE', bucket, key, params, signal });
  return {
    versionId: headers['x-oss-version-id'] ?? null,
    deleteMarker: headers['x-oss-delete-marker'] === 'true',
  };
}

/**
 * DeleteMultipleObjects: deletes any number of objects of one bucket, 1,000 per request, one request after the other.
 * Returns those that OSS didn't confirm.
 * @throws WaybillError if a request fails as a whole; earlier ones have then taken effect
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/deletemultipleobjects
 */
export async function deleteObjects(
  connection: Connection,
  bucket: string,
  objects: readonly KeyVersion[],
  signal?: AbortSignal,
): Promise<DeleteObjectsResult> {
  for (const { key } of objects) checkKey(key);
  const failed: DeleteFailure[] = [];
  const markers: KeyVersion[] = [];
  const add = (part: DeleteObjectsResult): void => {
    for (const each of part.failed) failed.push(each);
    for (const each of part.markers) markers.push(each);
  };
  const listed = objects.filter(({ key }) => isXmlText(key));
  for (let start = 0; start < listed.length; start += MAX_DELETE_KEYS) {
    add(await deleteListed(connection, bucket, listed.slice(start, start + MAX_DELETE_KEYS), signal));
  }
  // XML can't hold keys with control characters, so each of those gets its own DeleteObject.
  for (const object of objects.filter(({ key }) => !isXmlText(key))) {
    add(await deleteOne(connection, bucket, object, signal));
  }
  return { failed, markers };
}

async function deleteListed(
  connection: Connection,
  bucket: string,
  objects: readonly KeyVersion[],
  signal: AbortSignal | undefined,
): Promise<DeleteObjectsResult> {
  const entries = objects.map(({ key, versionId }): readonly [string, XmlContent] => [
    'Object',
    [['Key', key], ...(versionId === undefined ? [] : [['VersionId', versionId] as const])],
  ]);
  // Quiet mode would report errors only, and a silently skipped key would go unnoticed.
  const body = Buffer.from(writeXml('Delete', [['Quiet', 'false'], ...entries]));
  const { root } = await sendForXml(connection, {
    method: 'POST',
    bucket,
    params: { delete: null, 'encoding-type': 'url' },
    headers: {
      'content-type': 'application/xml',
      'content-md5': createHash('md5').update(body).digest('base64'),
    },
    body,
    signal,
  });
  expectRoot(root, 'DeleteResult');
  const decode = keyDecoder(root);
  const confirmed = new Set<string>();
  const markers: KeyVersion[] = [];
  for (const element of childrenOf(root, 'Deleted')) {
    const key = decode(requiredText(element, 'Key'));
    const versionId = textOf(element, 'VersionId');
    confirmed.add(identity({ key, versionId }));
    const marker = textOf(element, 'DeleteMarkerVersionId');
    if (versionId === '' && marker !== '') markers.push({ key, versionId: marker });
  }
  const failed = objects
    .filter((object) => !confirmed.has(identity(object)))
    .map((object) => ({ ...object, failure: null }));
  return { failed, markers };
}

async function deleteOne(
  connection: Connection,
  bucket: string,
  object: KeyVersion,
  signal: AbortSignal | undefined,
): Promise<DeleteObjectsResult> {
  try {
    const { deleteMarker, versionId } = await deleteObject(connection, { bucket, ...object }, signal);
    const isNew = object.versionId === undefined && deleteMarker && versionId !== null;
    return { failed: [], markers: isNew ? [{ key: object.key, versionId }] : [] };
  } catch (error) {
    if (signal?.aborted === true) throw error;
    return { failed: [{ ...object, failure: toFailure(error) }], markers: [] };
  }
}

function identity({ key, versionId = '' }: KeyVersion): string {
  return `${key}\n${versionId}`;
}
