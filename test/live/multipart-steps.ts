import assert from 'node:assert/strict';
import { buffer } from 'node:stream/consumers';
import { uploadPartCopy } from '../../main/oss/operations/copies.ts';
import {
  abortMultipartUpload,
  completeMultipartUpload,
  initiateMultipartUpload,
  listMultipartUploads,
  listParts,
  uploadPart,
} from '../../main/oss/operations/multipart.ts';
import { getObject } from '../../main/oss/operations/objects.ts';
import { put } from './object-steps.ts';
import type { Place } from './place.ts';

/** The smallest part but the last. */
const PART_BYTES = 100 * 1024;

/** An upload in two parts, one of them copied; and one that is aborted. */
export async function multipartSteps(place: Place): Promise<void> {
  const { steps, prefix } = place;
  await steps.run(`${prefix}InitiateMultipartUpload, UploadPart, UploadPartCopy, ListParts, Complete`, () =>
    complete(place),
  );
  await steps.run(`${prefix}ListMultipartUploads, AbortMultipartUpload`, () => abort(place));
}

async function complete(place: Place): Promise<void> {
  const { bucket, connection, prefix } = place;
  const key = `${prefix}in parts é`;
  const uploadId = await initiateMultipartUpload(connection, { bucket, key, headers: { 'x-oss-meta-from': 'parts' } });
  const upload = { bucket, key, uploadId };
  const body = Buffer.alloc(PART_BYTES, 'a');
  const first = await uploadPart(connection, { ...upload, partNumber: 1, body, sizeBytes: body.length });
  await put(place, 'part-source', 'content');
  const source = { bucket, key: `${prefix}part-source` };
  const second = await uploadPartCopy(connection, { ...upload, source, partNumber: 2, start: 1, sizeBytes: 3 });
  const { parts } = await listParts(connection, upload);
  assert.deepEqual(
    parts.map(({ partNumber, sizeBytes, etag }) => [partNumber, sizeBytes, etag]),
    [
      [1, PART_BYTES, first.etag],
      [2, 3, second.etag],
    ],
  );
  const etags = [first, second].map(({ etag }, index) => ({ partNumber: index + 1, etag }));
  await completeMultipartUpload(connection, { ...upload, parts: etags });
  const { body: read, sizeBytes, meta } = await getObject(connection, { bucket, key });
  assert.equal((await buffer(read)).subarray(PART_BYTES).toString(), 'ont');
  assert.deepEqual([sizeBytes, meta], [PART_BYTES + 3, { from: 'parts' }]);
}

async function abort({ bucket, connection, prefix }: Place): Promise<void> {
  const key = `${prefix}given up`;
  const uploadId = await initiateMultipartUpload(connection, { bucket, key });
  const uploadsHere = async () => (await listMultipartUploads(connection, bucket, { prefix: key })).uploads;
  assert.deepEqual(
    (await uploadsHere()).map((upload) => upload.uploadId),
    [uploadId],
  );
  await abortMultipartUpload(connection, { bucket, key, uploadId });
  assert.deepEqual(await uploadsHere(), []);
}
