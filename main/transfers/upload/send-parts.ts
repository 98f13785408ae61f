import { malformedReply } from '../../failure.ts';
import type { SentPart, UploadPartInput } from '../../oss/operations/multipart.ts';
import { inParallel } from '../parallel.ts';
import { retry, REQUEST_RETRY } from '../retry-policy.ts';
import { assertEqual } from '../stored-object.ts';
import type { FinishedPart, UploadCheckpoint } from '../tasks/checkpoints.ts';
import { counting } from './counting.ts';
import type { LocalSource } from './local-source.ts';
import { type PlannedPart, planParts } from './part-plan.ts';
import type { UploadWatch } from './upload-job.ts';

/** How long a part that was sent completely may wait for its response after the transfer stopped, in milliseconds. */
const GRACE_MS = 2_000;

/** Sends one part: through an account's own request, or through somebody's link. */
export type SendPart = (
  part: Pick<UploadPartInput, 'partNumber' | 'body' | 'sizeBytes' | 'signal' | 'onSent'>,
) => Promise<SentPart>;

/** An upload whose file is open. */
interface PartsToSend {
  readonly source: LocalSource;
  readonly checkpoint: UploadCheckpoint;
  readonly send: SendPart;
}

/**
 * Sends the parts that the checkpoint lacks, several at a time, and adds them to it. Each part's CRC-64 is compared.
 * @throws WaybillError `file` `changed` if the file did meanwhile; what sending a part throws
 */
export async function sendMissingParts({ source, checkpoint, send }: PartsToSend, watch: UploadWatch): Promise<void> {
  watch.onKept(sumOf(checkpoint.parts));
  const finished = new Set(checkpoint.parts.map(({ partNumber }) => partNumber));
  const missing = planParts(source.sizeBytes, checkpoint.partSizeBytes).filter(
    ({ partNumber }) => !finished.has(partNumber),
  );
  await inParallel(missing, watch.connections, watch.signal, async (part, signal) => {
    const done = await sendPart({ source, send }, part, { ...watch, signal });
    checkpoint.parts.push(done);
    watch.onPart(done);
  });
  // Parts read before a change hold the old content.
  await source.assertUnchanged();
  watch.onVerifying();
}

async function sendPart(
  { source, send }: Pick<PartsToSend, 'source' | 'send'>,
  { partNumber, start, sizeBytes }: PlannedPart,
  watch: UploadWatch,
): Promise<FinishedPart> {
  const body = await source.slice({ start, sizeBytes });
  const attempt = async (onSent: (bytes: number) => void): Promise<FinishedPart> => {
    let sentBytes = 0;
    const { signal, release } = withGrace(watch.signal, () => sentBytes >= sizeBytes);
    const part = {
      ...{ partNumber, body, sizeBytes, signal },
      onSent: (bytes: number) => {
        sentBytes += bytes;
        onSent(bytes);
      },
    };
    const { etag, crc64, sentCrc64 } = await send(part).finally(release);
    if (sentCrc64 === null) throw malformedReply(200, 'a part was confirmed before all of it was sent');
    if (crc64 !== null) assertEqual(sentCrc64, crc64);
    return { partNumber, etag, crc64: sentCrc64, sizeBytes };
  };
  return retry(() => counting(watch, attempt), REQUEST_RETRY, watch.signal);
}

/**
 * Returns a signal that follows another one, a moment later if `isSent` says that all of a part is on its way: OSS stores
 * it then, so only its response is missing, and without it the part would have to be sent again.
 */
function withGrace(
  signal: AbortSignal,
  isSent: () => boolean,
): { readonly signal: AbortSignal; readonly release: () => void } {
  const stop = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const onAbort = (): void => {
    if (!isSent()) stop.abort();
    else timer = setTimeout(() => stop.abort(), GRACE_MS);
  };
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) stop.abort();
  const release = (): void => {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  };
  return { signal: stop.signal, release };
}

function sumOf(parts: readonly FinishedPart[]): number {
  return parts.reduce((sum, part) => sum + part.sizeBytes, 0);
}
