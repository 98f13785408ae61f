// What ListParts answers and CompleteMultipartUpload is sent, as far as a page needs it.
import { field } from '../http.ts';

/** A part that OSS has. */
export interface ListedPart {
  readonly number: number;
  readonly sizeBytes: number;
  readonly etag: string;
  /** Unsigned decimal; null where OSS reports none. */
  readonly crc64: string | null;
}

/** The parts of an answer to ListParts. */
export function parseParts(xml: string): readonly ListedPart[] {
  return [...xml.matchAll(/<Part>([\s\S]*?)<\/Part>/g)].map(([, part = '']) => ({
    number: Number(field(part, 'PartNumber')),
    sizeBytes: Number(field(part, 'Size')),
    etag: unquoted(field(part, 'ETag') ?? ''),
    crc64: field(part, 'HashCrc64ecma'),
  }));
}

/** The body that joins these parts, in their order. Untyped: a Content-Type would have to be signed. */
export function completionOf(parts: readonly Pick<ListedPart, 'number' | 'etag'>[]): Blob {
  const list = parts.map(({ number, etag }) => `<Part><PartNumber>${number}</PartNumber><ETag>"${etag}"</ETag></Part>`);
  return new Blob(['<CompleteMultipartUpload>', ...list, '</CompleteMultipartUpload>']);
}

/** An ETag without its quotes, as in a header or as in XML. */
export function unquoted(etag: string): string {
  return etag.replaceAll(/&quot;|&#34;|"/g, '');
}

/** Number of parts of a file; an empty file is one part. */
export function partCount(fileBytes: number, partBytes: number): number {
  return Math.max(1, Math.ceil(fileBytes / partBytes));
}

/** The bytes of a part, counted from 1. A slice has no type, so that no Content-Type is sent. */
export function partOf(file: Blob, number: number, partBytes: number): Blob {
  return file.slice((number - 1) * partBytes, number * partBytes);
}
