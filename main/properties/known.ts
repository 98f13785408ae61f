import { type Failure, toFailure } from '../failure.ts';

/** A value, or why it couldn't be read: each needs a permission of its own. */
export type Known<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure };

/** Waits for an answer. Fails never: the reason is part of the result. */
export async function known<T>(asked: Promise<T>): Promise<Known<T>> {
  try {
    return { ok: true, value: await asked };
  } catch (error) {
    return { ok: false, failure: toFailure(error) };
  }
}
