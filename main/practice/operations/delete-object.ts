import type { Bucket } from '../storage/bucket.ts';
import { type Exchange, type Reply, bucketOf, keyOf, xmlReply } from '../exchange.ts';
import { keyEncoder } from './listing.ts';
import { NULL_VERSION, makeDeleteMarker } from '../storage/object-version.ts';
import { malformedXml } from '../protocol/refusal.ts';
import { checkedDocument } from './write-object.ts';
import { childText, parseXml, toXml } from '../protocol/xml.ts';

interface Deleted {
  /** The version removed, or the delete marker made; undefined when nothing changed. */
  readonly versionId: string | undefined;
  /** Whether that is a delete marker. */
  readonly deleteMarker: boolean;
}

/** DeleteObject: a version for good, or the whole object by a delete marker where the bucket has versions. */
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

/** DeleteMultipleObjects: up to 1,000; a quiet one answers with an empty body. */
export async function deleteMultipleObjects(x: Exchange): Promise<Reply> {
  const bucket = bucketOf(x);
  const document = parseXml(await checkedDocument(x));
  const wanted = document.children.filter(({ name }) => name === 'Object');
  if (document.name !== 'Delete' || wanted.length === 0 || wanted.length > 1000) throw malformedXml();
  const objects = wanted.map((object) => {
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
      const gone = bucket.index.version(key, id);
      return {
        record: gone ? ({ op: 'remove', key, versionId: id } as const) : null,
        deleted: { versionId: gone?.versionId ?? versionId, deleteMarker: gone?.deleteMarker ?? false },
      };
    }
    const version = makeDeleteMarker(key, bucket.newVersionId(), x.nowMs);
    return { record: { op: 'put', version } as const, deleted: { versionId: version.versionId, deleteMarker: true } };
  });
  return deleted;
}
