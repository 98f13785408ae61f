import type { OutgoingRequest } from '../../http/message.ts';
import type { Connection } from '../connection.ts';
import type { OssError } from './oss-error.ts';
import type { Cause } from '../../causes.ts';

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
