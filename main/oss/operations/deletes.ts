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

/** What a delete did: with versioning it adds a delete marker, whose version ID it gives. */
export interface DeleteObjectResult {
  readonly versionId: string | null;
  readonly deleteMarker: boolean;
}

/** An object of the bucket, or one version of it. */
export interface KeyVersion {
  readonly key: string;
  readonly versionId?: string | undefined;
}

/** One object that was not deleted. `failure` is null when OSS left it out of its answer without a reason. */
export interface DeleteFailure extends KeyVersion {
  readonly failure: Failure | null;
}

/** What became of many: `markers` are the delete markers that hide what was deleted, removing them brings it back. */
export interface DeleteObjectsResult {
  readonly failed: readonly DeleteFailure[];
  readonly markers: readonly KeyVersion[];
}

/** Deletes an object, or one version for good. @see https://www.alibabacloud.com/help/en/oss/developer-reference/deleteobject */
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
 * Deletes any number of objects of a bucket, 1,000 at a time, and tells which of them OSS did not confirm.
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
  // A key with a control character can't be written into XML, so it is deleted by its own request.
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
  // A quiet answer would not say which ones failed.
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
