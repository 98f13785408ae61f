import { redact } from '../../main/accounts/redact.ts';
import { toFailure } from '../../main/failure.ts';
import type { Opened } from './link-steps.ts';
import { describeError } from './steps.ts';

/** A question, and each thing that was asked with what came back. */
export interface Answer {
  readonly question: string;
  readonly findings: readonly Finding[];
}

export interface Finding {
  readonly asked: string;
  readonly seen: string;
}

/** Asks something; a text that it returns is what was seen. */
export async function finding(asked: string, work: () => Promise<unknown>): Promise<Finding> {
  try {
    const seen = await work();
    return { asked, seen: typeof seen === 'string' ? seen : 'done' };
  } catch (error) {
    const isOurs = toFailure(error).kind === 'bug';
    return { asked, seen: `${isOurs ? 'not asked' : 'refused'}: ${describeError(error)}` };
  }
}

/** An answer in one line, without anything secret. */
export function opened({ status, refusal }: Pick<Opened, 'status' | 'refusal'>): string {
  const parts = Object.entries(refusal).map(([name, value]) => `${name} ${value}`);
  return redact([`HTTP ${String(status)}`, ...parts].join(', '));
}
