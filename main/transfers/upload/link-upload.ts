import type { Dispatcher } from 'undici';
import { WaybillError } from '../../failure.ts';
import { headerBytes } from '../../oss/header-text.ts';
import { MAX_PUT_BYTES } from '../../oss/limits.ts';
import { storedObjectOf } from '../../oss/operations/object-headers.ts';
import { checkTaggingHeader } from '../../oss/operations/tags.ts';
import { asksForCallback, callbackErrorOf } from '../../oss/exchange/callback-error.ts';
import { callbackFailure } from '../../oss/exchange/errors.ts';
import { sendUnsigned } from '../../oss/exchange/request.ts';
import type { ByteWatch, Outcome } from '../byte-work.ts';
import { LocalSource } from './local-source.ts';
import { counting } from './counting.ts';
import { assertEqual, isOverwriteRefused } from '../stored-object.ts';
import { storeOnce } from '../store-once.ts';

/** Upload of a file through a signed URL. */
export interface LinkUploadJob {
  readonly url: string;
  readonly path: string;
  /** Exactly the headers that the link's creator specified, as text: the signature covers Content-Type, even its absence. */
  readonly headers: Readonly<Record<string, string>>;
  readonly dispatcher: Dispatcher;
}

/**
 * Uploads a file in one PUT and compares its CRC-64 with that in the response. Whether it may replace an object is up
 * to the link's creator. If the answer got lost and the link forbids a second upload, the file is there: `unconfirmed`.
 * A callback that failed is part of the outcome: OSS stored the file.
 * @throws WaybillError `link` if the link or its headers are the cause; `input` for tags that OSS would refuse
 */
export async function uploadThroughLink(job: LinkUploadJob, watch: ByteWatch): Promise<Outcome> {
  checkTaggingHeader(job.headers['x-oss-tagging']);
  const source = await LocalSource.at(job.path);
  try {
    const { sizeBytes } = source;
    watch.onSize(sizeBytes);
    if (sizeBytes > MAX_PUT_BYTES) {
      throw new WaybillError({ kind: 'input', field: 'size', rule: 'put-too-large', limit: String(MAX_PUT_BYTES) });
    }
    const send = (): Promise<Outcome> => counting(watch, (onSent) => put(job, source, watch, onSent));
    const findEarlier = (): Promise<Outcome> => {
      // The link may only write, so what is stored can't be compared.
      watch.onBytes(sizeBytes);
      return Promise.resolve({ verified: 'unconfirmed', versionId: null });
    };
    return await storeOnce({ send, isRefusal: isOverwriteRefused, findEarlier }, watch.signal);
  } finally {
    await source.close();
  }
}

async function put(
  { url, headers, dispatcher }: LinkUploadJob,
  source: LocalSource,
  watch: ByteWatch,
  onSent: (bytes: number) => void,
): Promise<Outcome> {
  const { sizeBytes } = source;
  const { signal } = watch;
  const request = {
    method: 'PUT',
    headers: headerBytes(headers),
    body: source.whole(),
    onSent,
    contentLength: sizeBytes,
    signal,
  };
  const reply = await sendUnsigned(url, request, dispatcher);
  const refused = await callbackErrorOf(reply);
  const error = asksForCallback(url, headers) ? refused : null;
  watch.onVerifying();
  const stored = storedObjectOf(reply.headers);
  const crc64 = sizeBytes === 0 ? '0' : reply.sentCrc64;
  const callback = error === null ? {} : { callback: callbackFailure(error) };
  if (stored.crc64 === null || crc64 === null) return { verified: 'length', versionId: stored.versionId, ...callback };
  assertEqual(crc64, stored.crc64);
  return { verified: 'crc64', versionId: stored.versionId, ...callback };
}
