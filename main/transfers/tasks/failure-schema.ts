import { z } from 'zod';

const text = z.string().exactOptional();
const count = z.int().min(0);

/** A Failure as a journal holds it. */
export const failureSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('input'), field: z.string(), rule: z.string(), limit: text }),
  z.object({
    kind: z.literal('link'),
    reason: z.enum(['expired', 'not-yet-valid', 'refused', 'malformed', 'foreign']),
    at: z.number().exactOptional(),
    ...{ code: text, ec: text, requestId: text },
  }),
  z.object({
    kind: z.literal('credentials'),
    reason: z.enum([
      ...(['expired-token', 'invalid-key', 'wrong-secret', 'denied', 'role-refused', 'clock-skew', 'missing'] as const),
    ]),
    ...{ code: text, ec: text, requestId: text, message: text, action: text },
    serverTime: z.number().exactOptional(),
  }),
  z.object({
    kind: z.literal('oss'),
    ...{ status: z.int(), code: z.string(), message: z.string() },
    ...{ ec: text, requestId: text, resource: text, endpoint: text },
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
