import type { Bucket } from '../storage/bucket.ts';
import { type Exchange, type Reply, bucketOf, keyOf, xmlReply } from '../exchange.ts';
import { keyEncoder } from './listing.ts';
import { NULL_VERSION, createDeleteMarker } from '../storage/object-version.ts';
import { malformedXml } from '../protocol/refusal.ts';
import { readDocument } from './write-object.ts';
import { childText, parseXml, toXml } from '../protocol/xml.ts';

interface Deleted {
  /** The removed version or the created delete marker; undefined if nothing changed. */
  readonly versionId: string | undefined;
  /** Whether `versionId` is a delete marker. */
  readonly deleteMarker: boolean;
}

/** DeleteObject: removes a version permanently, or adds a delete marker in a bucket with versioning. */
export async function deleteObject(x: Exchange): Promise<Reply> {
  const bucket = bucketOf(x);
  const { versionId, deleteMarker } = await remove(x, bucket, keyOf(x), x.target.query.get('versionId'));
  return {
    status: 204,
    headers: {
      ...(versionId === undefined ? {} : bucket.versionHeader({ versionId })),
      ...(deleteMarker ? { 'x-oss-delete-marker': 'true' } : {}),
    },
  };
}

/** DeleteMultipleObjects: up to 1,000 objects. In quiet mode the reply body is empty. */
export async function deleteMultipleObjects(x: Exchange): Promise<Reply> {
  const bucket = bucketOf(x);
  const document = parseXml(await readDocument(x));
  const listed = document.children.filter(({ name }) => name === 'Object');
  if (document.name !== 'Delete' || listed.length === 0 || listed.length > 1000) throw malformedXml();
  const objects = listed.map((object) => {
    const key = childText(object, 'Key');
    if (key === undefined || key === '') throw malformedXml();
    return { key, versionId: childText(object, 'VersionId') };
  });
  for (const { key, versionId } of objects) {
    x.authorise(versionId === undefined ? 'oss:DeleteObject' : 'oss:DeleteObjectVersion', bucket.settings.name, key);
  }
  const encode = keyEncoder(x);
  const rows = [];
  for (const { key, versionId } of objects) {
    const deleted = await remove(x, bucket, key, versionId);
    rows.push({
      Key: encode(key),
      VersionId: versionId,
      DeleteMarker: deleted.deleteMarker ? true : undefined,
      DeleteMarkerVersionId: deleted.deleteMarker ? deleted.versionId : undefined,
    });
  }
  if (childText(document, 'Quiet')?.toLowerCase() === 'true') return { status: 200, headers: {} };
  return xmlReply(toXml('DeleteResult', { EncodingType: x.target.query.get('encoding-type'), Deleted: rows }));
}

async function remove(x: Exchange, bucket: Bucket, key: string, versionId: string | undefined): Promise<Deleted> {
  const { deleted } = await bucket.change(() => {
    if (versionId !== undefined || bucket.settings.versioning === null) {
      const id = versionId ?? NULL_VERSION;
      const removed = bucket.index.version(key, id);
      return {
        record: removed ? ({ op: 'remove', key, versionId: id } as const) : null,
        deleted: { versionId: removed?.versionId ?? versionId, deleteMarker: removed?.deleteMarker ?? false },
      };
    }
    const version = createDeleteMarker(key, bucket.newVersionId(), x.nowMs);
    return { record: { op: 'put', version } as const, deleted: { versionId: version.versionId, deleteMarker: true } };
  });
  return deleted;
}
