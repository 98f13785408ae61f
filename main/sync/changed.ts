import type { Failure } from '../failure.ts';

/** Whether a step failed because its file or object isn't any more what the comparison saw. */
export function isChange(failure: Failure): boolean {
  if (failure.kind === 'file') return ['changed', 'missing', 'exists'].includes(failure.reason);
  return failure.kind === 'oss' && ['changed', 'exists', 'no-such-key'].includes(failure.cause);
}
