import { once } from 'node:events';
import { isFileSlice, type OutgoingRequest, type RequestBody } from '../../http/message.ts';
import type { Connection } from '../connection.ts';
import type { OssError } from './oss-error.ts';
import type { Cause } from '../../causes.ts';
import { WaybillError } from '../../failure.ts';

/** What can be done about a refusal so that the same request succeeds; each is tried once. */
interface Remedy {
  readonly cause: Cause;
  readonly apply: (connection: Connection, error: OssError) => Remedied | Promise<Remedied>;
}

interface Remedied {
  readonly isRemedied: boolean;
  /** The RAM action that the remedy itself was denied. */
  readonly needs?: string;
}

/** The remedies, each of which a request tries at most once. */
export const REMEDIES: readonly Remedy[] = [
  {
    cause: 'clock-skew',
    apply: ({ clock }, { serverTime }) => ({ isRemedied: serverTime !== undefined && clock.sync(serverTime) }),
  },
  {
    cause: 'needs-custom-domain',
    apply: async ({ findCustomDomain }) => {
      const search = (await findCustomDomain?.()) ?? 'none';
      return { isRemedied: search === 'found', ...(search === 'denied' ? { needs: 'oss:ListCname' } : {}) };
    },
  },
];

/**
 * Passes on the bytes that one attempt sends, until they are taken back. Then a read may still be in flight, which no
 * longer counts.
 */
export function countSent(onSent: OutgoingRequest['onSent']): {
  readonly onSent: (bytes: number) => void;
  readonly takeBack: () => void;
} {
  let sentBytes = 0;
  let isOver = false;
  return {
    onSent: (bytes) => {
      if (isOver) return;
      sentBytes += bytes;
      onSent?.(bytes);
    },
    takeBack: () => {
      isOver = true;
      onSent?.(-sentBytes);
    },
  };
}

/**
 * What answers at a custom domain that isn't, or no longer, bound to the bucket. The signature is for the bucket, so that
 * it doesn't match where the domain is bound to another.
 */
const elsewhere = ['no-such-bucket', 'bad-bucket-name', 'wrong-secret', 'wrong-endpoint', 'redirected', 'not-oss'];

/**
 * Whether a request to a custom domain failed as if that no longer led to the bucket: OSS doesn't know the bucket there,
 * something else answered, or the name or its certificate is gone. A broken connection says nothing about that.
 */
export function isElsewhere(error: unknown): boolean {
  if (!(error instanceof WaybillError)) return false;
  const { failure } = error;
  if (failure.kind === 'network') return failure.reason === 'dns' || failure.reason === 'tls';
  return 'cause' in failure && elsewhere.includes(failure.cause);
}

/** Whether the body can be sent again: a stream is used up by the first attempt. */
export function isRepeatable(body: RequestBody | undefined): boolean {
  return body === undefined || typeof body === 'function' || body instanceof Uint8Array || isFileSlice(body);
}

/**
 * Ends a wait for what other requests wait for too, and which goes on, once this request is given up.
 * @throws WaybillError `cancelled`
 */
export async function waitUnlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  const over = new AbortController();
  const aborted = signal.aborted ? Promise.resolve() : once(signal, 'abort', { signal: over.signal });
  const given = aborted.then(() => {
    throw new WaybillError({ kind: 'cancelled' });
  });
  return Promise.race([work, given]).finally(() => over.abort());
}
