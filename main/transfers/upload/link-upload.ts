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

/** One file that goes up through a signed URL. */
export interface LinkUploadJob {
  readonly url: string;
  readonly path: string;
  /** Exactly those that the link's maker named: the signature binds Content-Type, even by its absence. */
  readonly headers: Readonly<Record<string, string>>;
  readonly dispatcher: Dispatcher;
}

/**
 * Sends a file in one PUT and compares its CRC-64 with the answer's. What the link replaces is its maker's choice.
 * @throws WaybillError `link` where the link or its headers are the reason
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
  const piece = source.slice({ start: 0, sizeBytes }, watch, transferAgentOf(dispatcher));
  const { body, sendVia } = sizeBytes === 0 ? { body: new Uint8Array(), sendVia: undefined } : piece;
  try {
    const request = { method: 'PUT', headers, body, sendVia, contentLength: sizeBytes, signal };
    const reply = await sendUnsigned(job.url, request, dispatcher);
    reply.body.resume();
    watch.onVerifying();
    const stored = storedObjectOf(reply.headers);
    const crc64 = sizeBytes === 0 ? '0' : piece.crc64();
    if (stored.crc64 === null || crc64 === null) return { verified: 'length', versionId: stored.versionId };
    assertEqual(crc64, stored.crc64);
    return { verified: 'crc64', versionId: stored.versionId };
  } catch (error) {
    piece.takeBack();
    throw error;
  }
}
