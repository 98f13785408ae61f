import type { ArgsOf, Bridge, CallName, Events, Failure, Results } from '../../main/contract/contract.ts';

declare global {
  interface Window {
    readonly waybill: Bridge;
  }
}

/** A call that main rejected or couldn't carry out. */
export class CallFailed extends Error {
  override readonly name = 'CallFailed';
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.kind);
    this.failure = failure;
  }
}

/** Calls main. Throws CallFailed with main's Failure. */
export async function call<C extends CallName>(name: C, args: ArgsOf<C>): Promise<Results[C]> {
  const reply = await window.waybill.call(name, args);
  if (reply.ok) return reply.value;
  throw new CallFailed(reply.failure);
}

/** Listens to main until the returned function is called. */
export function on<E extends keyof Events>(name: E, listener: (payload: Events[E]) => void): () => void {
  return window.waybill.on(name, listener);
}

/** The Failure in an error that `call` threw. Any other error is a bug of this page, and goes to the log. It never rejects. */
export async function failureOf(error: unknown): Promise<Failure> {
  if (error instanceof CallFailed) return error.failure;
  try {
    const { logId } = await call('app.reportBug', { text: describe(error).slice(0, mostCharacters) });
    return { kind: 'bug', logId: logId ?? 'none' };
  } catch {
    return { kind: 'bug', logId: 'none' };
  }
}

/** The contract's own limit. */
const mostCharacters = 4000;

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? '' : `\ncaused by ${describe(error.cause)}`;
  return `${error.stack ?? error.message}${cause}`;
}
