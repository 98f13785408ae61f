import type { LinkNote } from '../text/link-note.ts';

/** What a link is for; `other`: to read an object's details or to delete it. Null where nothing says so. */
export type LinkDirection = 'download' | 'upload' | 'other' | null;

/** What a link itself says about its use. */
interface LinkSigns {
  readonly note: LinkNote | null;
  /** Names in lower case. */
  readonly boundHeaders: readonly string[];
  readonly boundParams: readonly (readonly [name: string, value: string])[];
}

/**
 * Parameters of GetObject: headers of its answer, and processing.
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/getobject
 */
const downloadParam = /^(?:response-|x-oss-process$)/;
/**
 * Parameters of PutObject, UploadPart and AppendObject.
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/uploadpart
 */
const uploadParam = /^(?:callback(?:-var)?|partNumber|uploadId|append|position)$/;

/** Headers that describe or protect what is written; a request that reads sends none of them. */
const uploadHeader =
  /^(?:content-(?:length|md5|disposition|encoding|language)|cache-control|expires|x-oss-(?:meta-.*|object-acl|storage-class|forbid-overwrite|tagging|callback(?:-var)?|server-side-.*))$/;
/** Headers that ask for part of an object, or for one under a condition. */
const downloadHeader = /^(?:range|accept-encoding|if-.*)$/;

/**
 * Reads from a link what it is for: the sender's note says so; otherwise its signed parameters and headers may. Where
 * they contradict each other, nothing is certain.
 */
export function directionOf({ note, boundHeaders, boundParams }: LinkSigns): LinkDirection {
  switch (note?.method) {
    case 'GET':
      return 'download';
    case 'PUT':
      return 'upload';
    case 'HEAD':
    case 'DELETE':
      return 'other';
    case undefined:
      break;
  }
  const names = boundParams.map(([name]) => name);
  const isDownload =
    names.some((name) => downloadParam.test(name)) || boundHeaders.some((name) => downloadHeader.test(name));
  const isUpload = names.some((name) => uploadParam.test(name)) || boundHeaders.some((name) => uploadHeader.test(name));
  if (isDownload === isUpload) return null;
  return isDownload ? 'download' : 'upload';
}
