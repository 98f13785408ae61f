import type { Cause } from '../../causes.ts';
import { toFailure, WaybillError } from '../../failure.ts';
import { own } from '../../own.ts';
import { failureOfRequest } from '../../oss/exchange/errors.ts';
import type { OssError } from '../../oss/exchange/oss-error.ts';
import type { DocumentChange } from './bucket-document.ts';

/**
 * What became of something signed that a policy now denies. Only `ended` was seen: OSS refused it.
 * - `expired`: nothing had to be done.
 * - `unconfirmed`: the statement is in the policy, but OSS still took what was signed (`still-taken`), it can't be tried
 *   without doing it (`untestable`), or OSS refused it before, for a reason that may not hold for others: an address, for
 *   example (`refused-before`).
 */
export type Ended =
  | { readonly kind: 'ended'; readonly policy: DocumentChange<string> }
  | { readonly kind: 'expired' }
  | {
      readonly kind: 'unconfirmed';
      readonly why: 'still-taken' | 'untestable' | 'refused-before';
      readonly policy: DocumentChange<string>;
    };

/** What became of something that had not expired. */
export type Denied = Exclude<Ended, { readonly kind: 'expired' }>;

/** How OSS answers to what was signed: `open` says that its rights hold. */
export type Answer = 'refused' | 'open' | 'untestable';

/** How to wait, for tests: resolves after so many milliseconds, rejects when aborted. */
export type Wait = (ms: number) => Promise<unknown>;

/** OSS says nowhere how long a policy takes to count: it is asked for a minute. */
const PROBES = 31;
const PAUSE_MS = 2000;
/** Refusals that concern everything that the same credentials sign there. */
const OVER: readonly Cause[] = ['denied-by-policy', 'expired', 'token-expired', 'wrong-key', 'account-disabled'];
/** Refusals that say nothing about rights, however often it is tried. */
const ELSEWHERE: readonly Cause[] = [
  ...(['needs-custom-domain', 'no-such-bucket', 'not-oss', 'redirected', 'link-mismatch'] as const),
  ...(['not-yet-valid', 'clock-skew'] as const),
];

/**
 * Denies something, and tries it until OSS refuses it.
 * @throws WaybillError what changing the policy throws
 */
export async function denyAndTry(
  { deny, ask }: { readonly deny: () => Promise<DocumentChange<string>>; readonly ask: () => Promise<Answer> },
  wait: Wait,
): Promise<Denied> {
  const before = await orOpen(ask);
  const policy = await deny().catch((error: unknown) => {
    throw refusedDenial(error);
  });
  if (before === 'untestable') return { kind: 'unconfirmed', why: before, policy };
  if (before === 'refused' && policy.isWritten) return { kind: 'unconfirmed', why: 'refused-before', policy };
  for (let turn = 0; turn < PROBES; turn++) {
    if (turn > 0) await wait(PAUSE_MS);
    const answer = await orOpen(ask);
    if (answer === 'refused') return { kind: 'ended', policy };
    if (answer === 'untestable') return { kind: 'unconfirmed', why: answer, policy };
  }
  return { kind: 'unconfirmed', why: 'still-taken', policy };
}

/** Without an answer nothing is known, which is no reason not to deny. */
export async function orOpen(ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask();
  } catch (error) {
    if (toFailure(error).kind === 'network') return 'open';
    throw error;
  }
}

/** Reads the refusal of something signed. It is `open` where OSS refused something else, or is in trouble. */
export function answerOf(error: OssError): Answer {
  const { cause } = failureOfRequest(error, { through: 'link', isTokenMissing: false });
  if (ELSEWHERE.includes(cause)) return 'untestable';
  // ECs of the conditions of a form start with 0006.
  return OVER.includes(cause) && error.ec?.startsWith('0006-') !== true ? 'refused' : 'open';
}

/** A Deny makes nothing public: under Block Public Access OSS objects to what others wrote. */
function refusedDenial(error: unknown): unknown {
  const failure = toFailure(error);
  if (failure.kind !== 'oss' || failure.cause !== 'public-access-blocked') return namedRefusal(error);
  return new WaybillError({ kind: 'input', field: 'policy', rule: 'bucket-policy-public' }, { cause: error });
}

const refusedPolicies: Readonly<Record<string, string>> = {
  '0030-00000001': 'bucket-policy-full',
  '0030-00000003': 'bucket-policy-full',
  '0030-00000008': 'bucket-policy-source-ip',
};

/** OSS checks the whole policy as new, and says only by codes what it finds wrong in statements of others. */
export function namedRefusal(error: unknown): unknown {
  const failure = toFailure(error);
  const rule = failure.kind === 'oss' ? own(refusedPolicies, failure.ec ?? '') : undefined;
  return rule === undefined ? error : new WaybillError({ kind: 'input', field: 'policy', rule }, { cause: error });
}
