import { z } from 'zod';
import { allCauses, isRequestCause, isSignerCause } from '../../causes.ts';
import { originKinds } from '../../failure.ts';
import { causeOf } from '../../oss/exchange/cause.ts';
import { own } from '../../own.ts';

const text = z.string().exactOptional();
const count = z.int().min(0);

/** What a refusal says besides its cause. */
const refused = {
  ...{ code: text, message: text, ec: text, requestId: text, action: text, needs: text },
  serverTime: z.number().exactOptional(),
  source: z.object({ kind: z.enum(originKinds), name: z.string() }).exactOptional(),
};

const signerCause = z.enum(allCauses.filter(isSignerCause));
const requestCause = z.enum(allCauses.filter(isRequestCause));

const current = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('input'), field: z.string(), rule: z.string(), limit: text }),
  z.object({
    kind: z.literal('link'),
    cause: signerCause.or(z.literal('damaged')),
    ...refused,
    at: z.number().exactOptional(),
  }),
  z.object({ kind: z.literal('credentials'), cause: signerCause.or(z.literal('missing')), ...refused }),
  z.object({
    kind: z.literal('oss'),
    cause: requestCause,
    ...refused,
    ...{ status: z.int(), code: z.string(), message: z.string() },
    ...{ through: z.literal('link').exactOptional(), resource: text, endpoint: text },
    retryAfterMs: z.number().exactOptional(),
  }),
  z.object({
    kind: z.literal('network'),
    reason: z.enum(['offline', 'dns', 'refused', 'timeout', 'reset', 'tls', 'proxy', 'proxy-password']),
    host: text,
  }),
  z.object({
    kind: z.literal('file'),
    reason: z.enum([
      ...(['missing', 'denied', 'full', 'changed', 'bad-name', 'exists', 'not-a-file', 'linked-folder'] as const),
      ...(['in-use', 'too-many-open', 'read-error'] as const),
    ]),
    path: z.string(),
    space: z.object({ neededBytes: count, freeBytes: count }).exactOptional(),
  }),
  z.object({ kind: z.literal('integrity'), expected: z.string(), actual: z.string() }),
  z.object({ kind: z.literal('keychain'), reason: z.enum(['absent', 'locked', 'denied']) }),
  z.object({ kind: z.literal('cancelled') }),
  z.object({ kind: z.literal('bug'), logId: z.string() }),
]);

/** Causes by the names that journals had before there was one list of them. */
const earlier: Readonly<Record<string, string>> = {
  'expired-token': 'token-expired',
  'invalid-key': 'wrong-key',
  denied: 'denied-by-policy',
  refused: 'link-mismatch',
  malformed: 'damaged',
  foreign: 'damaged',
};

/** Causes of refusals that Waybill names itself, by their codes. */
const ownCauses: Readonly<Record<string, string>> = {
  ChangedSinceCopied: 'changed-since-copied',
  ChangedSinceShared: 'changed-since-shared',
  MalformedReply: 'malformed',
};

const answered = z.object({ ...refused, status: z.int(), code: z.string(), message: z.string(), endpoint: text });

/** A Failure as a journal holds it. */
export const failureSchema = z.preprocess(withCause, current);

/** Gives a refusal of an earlier journal its cause. */
function withCause(saved: unknown): unknown {
  const refusal = z
    .looseObject({ kind: z.enum(['link', 'credentials', 'oss']), reason: text, cause: text })
    .safeParse(saved);
  if (!refusal.success || refusal.data.cause !== undefined) return saved;
  const { reason, ...rest } = refusal.data;
  return { ...rest, cause: reason === undefined ? requestCauseOf(saved) : (own(earlier, reason) ?? reason) };
}

/** The cause that the answer of OSS has today. A cause that is the signer's fault has another kind: it stays unnamed. */
function requestCauseOf(saved: unknown): string {
  const error = answered.safeParse(saved).data;
  if (error === undefined) return 'other';
  const cause = causeOf(error, { through: 'account', isTokenMissing: false });
  return own(ownCauses, error.code) ?? (isRequestCause(cause) ? cause : 'other');
}
