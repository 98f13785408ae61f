import { failureOf } from '../lib/bridge.ts';
import type { Toasts } from './toasts.ts';

/** What to do with a rejected call of a button that has no place of its own for an error. */
export function reportTo(toasts: Toasts): (error: unknown) => void {
  return (error) => toasts.failed(failureOf(error));
}
