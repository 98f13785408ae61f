import { type Answer, classify } from './classify.ts';
import type { Connection } from './connection.ts';
import type { Reply } from './http.ts';

/** A request that is repeated unchanged. */
export interface Repeated {
  readonly connection: Connection;
  readonly signal: AbortSignal;
  readonly attempt: () => Promise<Reply>;
  /** Whether what is sent can still be read: a file that was changed or removed looks like a network error. */
  readonly canRead: () => Promise<boolean>;
  /** The request waits for its next attempt, or is under way again; one before may have reached the server. */
  readonly onWait: (isWaiting: boolean, mayHaveArrived: boolean) => void;
}

/** How it ended: an answer, or `unreadable`. */
export interface End {
  readonly answer: Answer | { readonly is: 'unreadable' };
  readonly reply: Reply;
  /** An attempt before the last may have reached the server, or the last one's first sending. */
  readonly mayHaveArrived: boolean;
}

/** Attempts that reached the server and were cut off, or that it was too busy for. */
const mostFailures = 8;

/**
 * Repeats a request until it gets an answer that another attempt wouldn't change. Without any network it waits as long as
 * the page is open; an attempt that got through to the server and failed there counts.
 * @throws Blocked if no request of this page ever reached the server
 */
export async function retry({ connection, signal, attempt, canRead, onWait }: Repeated): Promise<End> {
  let failures = 0;
  let mayHaveArrived = false;
  for (let tries = 0; ; tries += 1) {
    const reply = await attempt();
    connection.noteReply(reply);
    const answer = classify(reply);
    mayHaveArrived ||= reply.isResent;
    if (answer.is !== 'cut' && answer.is !== 'busy') return { answer, reply, mayHaveArrived };
    if (answer.is === 'cut' && !(await canRead())) return { answer: { is: 'unreadable' }, reply, mayHaveArrived };
    if (!connection.hasAnswered) connection.block();
    if (reply.sentBytes > 0 || answer.is === 'busy') {
      mayHaveArrived = true;
      failures += 1;
    }
    if (failures === mostFailures) return { answer, reply, mayHaveArrived };
    onWait(true, mayHaveArrived);
    await connection.wait(tries, signal);
    onWait(false, mayHaveArrived);
  }
}

/** For a request that no file and no row depends on. */
export const alone = { canRead: () => Promise.resolve(true), onWait: () => undefined } as const;
