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

/** The Failure in an error that `call` threw. */
export function failureOf(error: unknown): Failure {
  return error instanceof CallFailed ? error.failure : { kind: 'bug', logId: 'renderer' };
}
