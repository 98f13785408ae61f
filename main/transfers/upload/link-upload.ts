import type { Dispatcher } from 'undici';
import { WaybillError } from '../../failure.ts';
import { MAX_PUT_BYTES } from '../../oss/limits.ts';
import { storedObjectOf } from '../../oss/operations/object-headers.ts';
import { sendUnsigned } from '../../oss/exchange/request.ts';
import { transferAgentOf } from '../bytes/transfer-agent.ts';
import type { ByteWatch, Outcome } from '../byte-work.ts';
import { LocalSource } from './local-source.ts';
import { retry, REQUEST_RETRY } from '../retry-policy.ts';
import { assertEqual } from '../stored-object.ts';

/** Upload of a file through a signed URL. */
export interface LinkUploadJob {
  readonly url: string;
  readonly path: string;
  /** Exactly the headers that the link's creator specified: the signature covers Content-Type, even its absence. */
  readonly headers: Readonly<Record<string, string>>;
  readonly dispatcher: Dispatcher;
}

/**
 * Uploads a file in one PUT and compares its CRC-64 with that in the response. Whether it may replace an object is up
 * to the link's creator.
 * @throws WaybillError `link` if the link or its headers are the cause
 */
export async function uploadThroughLink(job: LinkUploadJob, watch: ByteWatch): Promise<Outcome> {
  const source = await LocalSource.at(job.path);
  try {
    const { sizeBytes } = source;
    watch.onSize(sizeBytes);
    if (sizeBytes > MAX_PUT_BYTES) {
      throw new WaybillError({ kind: 'input', field: 'size', rule: 'put-too-large', limit: String(MAX_PUT_BYTES) });
    }
    return await retry(() => put(job, source, watch), REQUEST_RETRY, watch.signal);
  } finally {
    await source.close();
  }
}

async function put(job: LinkUploadJob, source: LocalSource, watch: ByteWatch): Promise<Outcome> {
  const { sizeBytes } = source;
  const { headers, dispatcher } = job;
  const { signal } = watch;
  const slice = source.slice({ start: 0, sizeBytes }, watch, transferAgentOf(dispatcher));
  const { body, sendVia } = sizeBytes === 0 ? { body: new Uint8Array(), sendVia: undefined } : slice;
  try {
    const request = { method: 'PUT', headers, body, sendVia, contentLength: sizeBytes, signal };
    const reply = await sendUnsigned(job.url, request, dispatcher);
    reply.body.resume();
    watch.onVerifying();
    const stored = storedObjectOf(reply.headers);
    const crc64 = sizeBytes === 0 ? '0' : slice.crc64();
    if (stored.crc64 === null || crc64 === null) return { verified: 'length', versionId: stored.versionId };
    assertEqual(crc64, stored.crc64);
    return { verified: 'crc64', versionId: stored.versionId };
  } catch (error) {
    slice.uncount();
    throw error;
  }
}
