import { createHash } from 'node:crypto';
import { findCopySource, readCopySource } from './copy-object.ts';
import { callBack, withCallback } from './callback.ts';
import { combineCrc64 } from '../protocol/crc64.ts';
import { type Exchange, type Reply, bodyBytes, bucketOf, isoDate, keyOf, xmlReply } from '../exchange.ts';
import { keyEncoder } from './listing.ts';
import { Refusal, invalidArgument, malformedXml } from '../protocol/refusal.ts';
import type { Part, Upload } from '../storage/uploads.ts';
import { attributesOf, receiveBody, refuseOverwrite, storeObject, writtenHeaders } from './write-object.ts';
import { childText, parseXml, toXml } from '../protocol/xml.ts';

const MIN_PART_BYTES = 100 * 1024;
const MAX_PARTS = 10_000;

/** InitiateMultipartUpload. */
export function initiateMultipartUpload(x: Exchange): Promise<Reply> {
  const bucket = bucketOf(x);
  const attributes = attributesOf(x);
  refuseOverwrite(x);
  const { uploadId } = bucket.uploads.start({ ...attributes, key: keyOf(x), initiatedAt: x.nowMs });
  const result = {
    EncodingType: x.target.query.get('encoding-type'),
    Bucket: bucket.settings.name,
    Key: keyEncoder(x)(keyOf(x)),
    UploadId: uploadId,
  };
  return Promise.resolve(xmlReply(toXml('InitiateMultipartUploadResult', result)));
}

/** UploadPart. */
export async function uploadPart(x: Exchange): Promise<Reply> {
  const partNumber = partNumberOf(x);
  findUpload(x);
  const received = await receiveBody(x);
  const contentMd5 = received.md5.toString('base64');
  const part: Part = {
    partNumber,
    etag: received.md5.toString('hex').toUpperCase(),
    crc64: received.crc64,
    lastModified: x.nowMs,
    piece: await x.store.blobs.keep(received),
  };
  await addPart(x, part);
  const headers = { ETag: `"${part.etag}"`, 'x-oss-hash-crc64ecma': part.crc64, 'Content-MD5': contentMd5 };
  return { status: 200, headers };
}

/** UploadPartCopy. */
export async function uploadPartCopy(x: Exchange): Promise<Reply> {
  const partNumber = partNumberOf(x);
  findUpload(x);
  const source = findCopySource(x);
  const received = await x.store.blobs.receive(readCopySource(x, source));
  const part: Part = {
    partNumber,
    etag: received.md5.toString('hex').toUpperCase(),
    crc64: received.crc64,
    lastModified: x.nowMs,
    piece: await x.store.blobs.keep(received),
  };
  await addPart(x, part);
  const body = toXml('CopyPartResult', { LastModified: isoDate(x.nowMs), ETag: `"${part.etag}"` });
  return xmlReply(body, { ETag: `"${part.etag}"`, 'x-oss-hash-crc64ecma': part.crc64, ...source.headers });
}

/** CompleteMultipartUpload, with a list of parts or with `x-oss-complete-all: yes`. */
export async function completeMultipartUpload(x: Exchange): Promise<Reply> {
  const bucket = bucketOf(x);
  const upload = findUpload(x);
  refuseOverwrite(x);
  const parts = await chosenParts(x, upload);
  const etags = createHash('md5');
  for (const { etag } of parts) etags.update(Buffer.from(etag, 'hex'));
  const version = await bucket.uploads.complete(upload, parts, () =>
    storeObject(
      x,
      { headers: upload.headers, acl: upload.acl, tags: upload.tags, storageClass: upload.storageClass },
      {
        sizeBytes: parts.reduce((sum, { piece }) => sum + piece.sizeBytes, 0),
        etag: `${etags.digest('hex').toUpperCase()}-${parts.length}`,
        crc64: combined(parts),
        contentMd5: null,
        type: 'Multipart',
        pieces: parts.map(({ piece }) => piece),
      },
    ),
  );
  const called = await callBack(x, version);
  if (called !== null) return withCallback(called, writtenHeaders(x, version));
  const encode = keyEncoder(x);
  const result = {
    EncodingType: x.target.query.get('encoding-type'),
    Location: `http://${x.headers['host'] ?? ''}/${encode(version.key)}`,
    Bucket: bucket.settings.name,
    Key: encode(version.key),
    ETag: `"${version.etag}"`,
  };
  return xmlReply(toXml('CompleteMultipartUploadResult', result), writtenHeaders(x, version));
}

/** AbortMultipartUpload. */
export async function abortMultipartUpload(x: Exchange): Promise<Reply> {
  await bucketOf(x).uploads.end(findUpload(x));
  return { status: 204, headers: {} };
}

/** The upload with the request's `uploadId`. @throws Refusal `NoSuchUpload` */
export function findUpload(x: Exchange): Upload {
  return bucketOf(x).uploads.get(x.target.query.get('uploadId') ?? '', keyOf(x));
}

/** Adds a part. If the upload was completed or aborted meanwhile, removes the part's bytes again. */
async function addPart(x: Exchange, part: Part): Promise<void> {
  try {
    await bucketOf(x).uploads.addPart(findUpload(x), part);
  } catch (error) {
    await x.store.blobs.remove([part.piece]);
    throw error;
  }
}

function partNumberOf(x: Exchange): number {
  const value = x.target.query.get('partNumber') ?? '';
  const partNumber = /^\d{1,6}$/.test(value) ? Number(value) : 0;
  if (partNumber >= 1 && partNumber <= MAX_PARTS) return partNumber;
  throw invalidArgument(`Part number must be an integer between 1 and ${MAX_PARTS}.`, { name: 'partNumber', value });
}

async function chosenParts(x: Exchange, upload: Upload): Promise<readonly Part[]> {
  const body = (await bodyBytes(x)).toString('utf8');
  const all = x.headers['x-oss-complete-all']?.toLowerCase() === 'yes';
  if (all && body !== '') {
    throw invalidArgument('Should not speficy both complete all header and http body.', {
      name: 'x-oss-complete-all',
      value: 'yes',
    });
  }
  const parts = all
    ? [...upload.parts.values()].sort((a, b) => a.partNumber - b.partNumber)
    : listedParts(body, upload);
  if (parts.length === 0) throw malformedXml();
  const small = parts.slice(0, -1).find(({ piece }) => piece.sizeBytes < MIN_PART_BYTES);
  if (!small) return parts;
  throw new Refusal(400, {
    code: 'EntityTooSmall',
    message: 'Your proposed upload smaller than the minimum allowed size.',
    extra: {
      PartNumber: String(small.partNumber),
      ETag: small.etag,
      MinSizeAllowed: String(MIN_PART_BYTES),
      ProposedSize: String(small.piece.sizeBytes),
    },
  });
}

function listedParts(body: string, upload: Upload): readonly Part[] {
  const document = parseXml(body);
  if (document.name !== 'CompleteMultipartUpload') throw malformedXml();
  let last = 0;
  return document.children.map((element) => {
    const partNumber = Number(childText(element, 'PartNumber') ?? Number.NaN);
    const etag = (childText(element, 'ETag') ?? '').replaceAll('"', '').toUpperCase();
    if (partNumber <= last) {
      throw new Refusal(400, {
        code: 'InvalidPartOrder',
        ec: '0042-00000209',
        message:
          'The list of parts was not in ascending order. The parts list must be specified in order by part number.',
      });
    }
    last = partNumber;
    const part = upload.parts.get(partNumber);
    if (part?.etag === etag) return part;
    throw new Refusal(400, {
      code: 'InvalidPart',
      message:
        'One or more of the specified parts could not be found or the specified entity tag might not have matched the part entity tag.',
      extra: { PartNumber: String(partNumber), ETag: etag, UploadId: upload.uploadId },
    });
  });
}

function combined(parts: readonly Part[]): string {
  return parts
    .reduce((crc, part) => combineCrc64(crc, BigInt(part.crc64), BigInt(part.piece.sizeBytes)), 0n)
    .toString();
}
