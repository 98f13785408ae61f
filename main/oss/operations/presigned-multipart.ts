import type { Dispatcher } from 'undici';
import { COMPLETE_TIMEOUT_MS, MAX_XML_BYTES } from '../limits.ts';
import { readText, textLimits } from '../exchange/read-text.ts';
import { sendUnsigned, sendUnsignedForXml } from '../exchange/request.ts';
import {
  completedOf,
  completeDocument,
  type PartList,
  type PartPage,
  partPageOf,
  type SentPart,
  sentPartOf,
  type UploadPartInput,
} from './multipart.ts';
import type { StoredObject } from './object-headers.ts';

/*
 * A multipart upload through URLs that its owner signed, one for each request. No Content-Type is sent with any of them:
 * it would be part of the signature.
 */

/** UploadPart through a URL that was signed for this part. @throws WaybillError as sendUnsigned() */
export async function uploadPartThrough(
  url: string,
  { body, sizeBytes, signal, onSent }: Pick<UploadPartInput, 'body' | 'sizeBytes' | 'signal' | 'onSent'>,
  dispatcher: Dispatcher,
): Promise<SentPart> {
  const request = { method: 'PUT', body, contentLength: sizeBytes, signal, onSent };
  const reply = await sendUnsigned(url, request, dispatcher);
  await readText(reply.body, textLimits({}, MAX_XML_BYTES), new URL(url).host);
  return sentPartOf(reply);
}

/** ListParts after `marker` through a URL that was signed for it. @throws WaybillError as sendUnsigned() */
export async function listPartsThrough(
  url: string,
  { marker, signal }: { readonly marker: number; readonly signal: AbortSignal },
  dispatcher: Dispatcher,
): Promise<PartPage> {
  const reply = await sendUnsignedForXml(url, { method: 'GET', signal }, dispatcher);
  return partPageOf(reply, marker === 0 ? undefined : marker);
}

/**
 * CompleteMultipartUpload through a URL that was signed for it, with the headers that were signed.
 * @throws WaybillError as completeMultipartUpload(), but `link` where the link itself is at fault
 */
export async function completeThrough(
  url: string,
  {
    parts,
    headers,
    signal,
  }: { readonly parts: PartList; readonly headers: Readonly<Record<string, string>>; readonly signal: AbortSignal },
  dispatcher: Dispatcher,
): Promise<StoredObject> {
  const body = completeDocument(parts);
  const request = { method: 'POST', headers, body, signal, answerTimeoutMs: COMPLETE_TIMEOUT_MS };
  return completedOf(await sendUnsignedForXml(url, request, dispatcher));
}
