import { AssertionError } from 'node:assert';
import { redact } from '../../main/accounts/redact.ts';
import { toFailure } from '../../main/failure.ts';

/** What became of a step. */
export interface Outcome {
  readonly name: string;
  readonly status: 'passed' | 'failed' | 'left out';
  /** Why, or what was seen. */
  readonly detail: string;
}

/** Thrown by a step that can't be done with this account. */
export class LeftOut extends Error {
  override readonly name = 'LeftOut';
}

/** Runs steps one after another. One that fails doesn't stop the others. */
export class Steps {
  readonly outcomes: Outcome[] = [];
  readonly #print: (line: string) => void;
  readonly #stop: AbortSignal;

  /** After `stop`, only cleaning up is done. */
  constructor(print: (line: string) => void, stop: AbortSignal) {
    this.#print = print;
    this.#stop = stop;
  }

  /** Says which bucket is about to be created, for whoever kills the run before it removes the bucket. */
  announceBucket(bucket: string, region: string): void {
    this.#print(`bucket ${bucket} in ${region}: if this run is killed, delete it yourself`);
  }

  get isStopped(): boolean {
    return this.#stop.aborted;
  }

  /** Runs a step; a text that it returns is its detail. */
  async run(name: string, work: () => Promise<unknown>): Promise<Outcome['status']> {
    return this.#note(this.isStopped ? { name, status: 'left out', detail: 'stopped' } : await outcomeOf(name, work));
  }

  /** Runs a step that removes what others made. */
  async cleanUp(name: string, work: () => Promise<void>): Promise<Outcome['status']> {
    return this.#note(await outcomeOf(name, work));
  }

  #note(outcome: Outcome): Outcome['status'] {
    this.outcomes.push(outcome);
    const { name, status, detail } = outcome;
    this.#print(`${status.padEnd(8)}  ${name}${detail === '' ? '' : `: ${detail}`}`);
    return status;
  }

  /** Notes steps that can't be done, with the reason. */
  async leaveOut(name: string, reason: string): Promise<void> {
    await this.run(name, () => Promise.reject(new LeftOut(reason)));
  }

  get hasFailed(): boolean {
    return this.outcomes.some(({ status }) => status === 'failed');
  }
}

function textOf(result: unknown): string {
  return typeof result === 'string' ? result : '';
}

async function outcomeOf(name: string, work: () => Promise<unknown>): Promise<Outcome> {
  try {
    return { name, status: 'passed', detail: textOf(await work()) };
  } catch (error) {
    if (error instanceof LeftOut) return { name, status: 'left out', detail: error.message };
    return { name, status: 'failed', detail: describeError(error) };
  }
}

/** An error in one line, without anything secret: what OSS echoes of a request stands in none of its fields. */
export function describeError(error: unknown): string {
  return redact(wordsOf(error));
}

function wordsOf(error: unknown): string {
  if (error instanceof AssertionError) return error.message.split('\n').join(' ');
  const failure = toFailure(error);
  const fields = Object.entries(failure).filter(([, value]) => ['string', 'number'].includes(typeof value));
  const text = fields.map(([key, value]) => `${key} ${String(value)}`).join(', ');
  return failure.kind === 'bug' && error instanceof Error ? `${error.name}: ${error.message}` : text;
}
