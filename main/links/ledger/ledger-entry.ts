import { z } from 'zod';
import { permissions } from '../../accounts/sts/policy.ts';

/** A note that the user enters. Entries on disk may hold a longer one. */
export const noteSchema = z.string().max(2000);
/** Who a link or grant is for, as the user enters it. */
export const recipientSchema = z.string().max(300);

const link = z.object({
  kind: z.literal('link'),
  method: z.enum(['GET', 'HEAD', 'PUT', 'DELETE']),
  bucket: z.string(),
  key: z.string(),
  versionId: z.string().nullable(),
});
const grant = z.object({
  kind: z.literal('grant'),
  bucket: z.string(),
  keys: z.array(z.string()),
  prefixes: z.array(z.string()),
  allow: z.array(z.enum(permissions)),
  sourceIp: z.string().nullable(),
});

/** Whose signature it carries: that decides what can end it before its time. */
const signer = z.discriminatedUnion('kind', [
  /** A long-lived AccessKey. */
  z.object({ kind: z.literal('key'), accessKeyId: z.string() }),
  /** A session of a role, assumed by `accessKeyId`; `own`: made for this one thing, with the smallest policy. */
  z.object({
    kind: z.literal('role'),
    accessKeyId: z.string(),
    roleArn: z.string(),
    sessionName: z.string(),
    own: z.boolean(),
  }),
  /** Temporary credentials that somebody else handed out. */
  z.object({ kind: z.literal('token'), accessKeyId: z.string() }),
]);

/**
 * Something that was handed out: a signed URL or temporary credentials. It has no field for a signature, a URL or a
 * secret. Times are Unix milliseconds.
 */
export const ledgerEntrySchema = z.object({
  id: z.uuid(),
  madeAt: z.int(),
  accountId: z.uuid(),
  /** As it was then: the account may be gone. */
  accountName: z.string(),
  what: z.discriminatedUnion('kind', [link, grant]),
  signer,
  /** What else was asked for, to make it again: the arguments of the call without account and object. */
  options: z.record(z.string(), z.json()),
  validUntil: z.int(),
  /** The signing session's end is not known, so that it may end earlier. */
  sessionEndUnknown: z.boolean(),
  note: z.string(),
  recipient: z.string(),
  /** The URL is in the keychain, since the person asked for that. */
  urlKept: z.boolean(),
  /** When the object was found to be gone; null: it was not. */
  goneAt: z.int().nullable(),
  /** The entry that this one was made after. */
  renews: z.uuid().nullable(),
});
/** Something that was handed out, as it is remembered. */
export type LedgerEntry = Readonly<z.infer<typeof ledgerEntrySchema>>;

/** Where something that was handed out stands. */
export type LedgerState = 'live' | 'ending-soon' | 'ended' | 'target-gone';

/** An entry as it stands now. */
export interface LedgerItem extends LedgerEntry {
  readonly state: LedgerState;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** The state at `now`. Ending soon is the last fifth of its life, but no more than a day. */
export function ledgerState(entry: LedgerEntry, now: number): LedgerState {
  const leftMs = entry.validUntil - now;
  if (leftMs <= 0) return 'ended';
  if (entry.goneAt !== null) return 'target-gone';
  return leftMs <= Math.min(DAY_MS, (entry.validUntil - entry.madeAt) / 5) ? 'ending-soon' : 'live';
}

/** What a person would look for an entry by. */
export function ledgerName({ what }: Pick<LedgerEntry, 'what'>): string {
  if (what.kind === 'link') return `oss://${what.bucket}/${what.key}`;
  const [first = '', ...others] = [...what.prefixes, ...what.keys];
  return `oss://${what.bucket}/${first}${others.length === 0 ? '' : ` +${others.length}`}`;
}
