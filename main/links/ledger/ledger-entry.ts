import { z } from 'zod';
import type { Account } from '../../accounts/account.ts';
import { permissions } from '../../accounts/sts/policy.ts';
import type { AccessKey } from '../../oss/connection.ts';
import { cdnTypes } from '../text/cdn-url.ts';

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

/** A form that takes files below a prefix or under some keys, alone or in a page. */
const form = z.object({
  kind: z.literal('form'),
  bucket: z.string(),
  keys: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('prefix'), prefix: z.string() }),
    z.object({ kind: z.literal('slots'), keys: z.array(z.string()) }),
  ]),
  /** How it was written: as a page, or as fields for a program. */
  format: z.enum(['page', 'json', 'curl']),
  /** The AccessKey ID in the form: that of the session, if one signed it. */
  signedAs: z.string(),
});
/** A ticket for the parts of an upload that this account started. */
const ticket = z.object({
  kind: z.literal('ticket'),
  bucket: z.string(),
  key: z.string(),
  uploadId: z.string(),
  sizeBytes: z.int(),
  partSizeBytes: z.int(),
  forbidOverwrite: z.boolean(),
});

/** Who signed it, which decides how it can be revoked. */
const signer = z.discriminatedUnion('kind', [
  /** A long-term AccessKey. */
  z.object({ kind: z.literal('key'), accessKeyId: z.string() }),
  /**
   * A session of a role, assumed by `accessKeyId`, or where the account's own credentials are temporary, that session
   * itself; `own`: for this link or grant alone, with the smallest policy.
   */
  z.object({
    kind: z.literal('role'),
    accessKeyId: z.string(),
    roleArn: z.string(),
    sessionName: z.string(),
    own: z.boolean(),
  }),
  /** Temporary credentials that someone else, or a source of credentials, issued. */
  z.object({ kind: z.literal('token'), accessKeyId: z.string() }),
  /** A key of a CDN domain, which Waybill knows by an ID of its own: all its links end once the CDN has another key. */
  z.object({
    kind: z.literal('cdn'),
    domain: z.string(),
    auth: z.enum(cdnTypes),
    keyId: z.uuid(),
  }),
]);

/** A session that signs this alone, or the links that were shared together, as policies of buckets name it. */
const session = z.object({
  accessKeyId: z.string(),
  /** `arn:sts::…`; two where it isn't known which of them OSS compares. */
  principals: z.array(z.string()).min(1),
  validUntil: z.int(),
});
/** A session that can be revoked by a bucket's policy. */
export type SharedSession = Readonly<z.infer<typeof session>>;

/** How things are handed out together: a list of links by its format, or an upload request. */
const actFormats = ['text', 'csv', 'json', 'markdown', 'html', 'manifest', 'page', 'request'] as const;
const act = z.object({
  id: z.uuid(),
  format: z.enum(actFormats),
  /** The folder that holds all of its objects: empty, or ends in `/`. */
  folder: z.string(),
});

/**
 * A signed URL, temporary credentials, a form or a ticket that was handed out. There is no field for a signature, a URL or a secret.
 * Times are Unix milliseconds. The names are those of the ledger file.
 */
export const ledgerEntrySchema = z.object({
  id: z.uuid(),
  madeAt: z.int(),
  accountId: z.uuid(),
  /** The name at that time: the account may be gone. */
  accountName: z.string(),
  what: z.discriminatedUnion('kind', [link, grant, form, ticket]),
  signer,
  /** Absent for what can't be revoked by itself. */
  session: session.exactOptional(),
  /** The arguments of the call without account and object, for a renewal. */
  options: z.record(z.string(), z.json()),
  validUntil: z.int(),
  /** The expiry of the signing session is unknown, so it may expire earlier. */
  sessionEndUnknown: z.boolean(),
  note: z.string(),
  recipient: z.string(),
  /** The user chose to store the URL in the keychain. */
  urlKept: z.boolean(),
  /** When the object was found missing; null if it wasn't. */
  goneAt: z.int().nullable(),
  /** When its owner ended it; absent or null if that hasn't happened. */
  endedAt: z.int().nullable().exactOptional(),
  /** When a bucket's policy began to deny it, without OSS being seen to refuse it since; absent or null as above. */
  deniedAt: z.int().nullable().exactOptional(),
  /** When the statement that denied it was seen to be gone from the bucket's policy; absent or null as above. */
  sweptAt: z.int().nullable().exactOptional(),
  /** What it was handed out with; absent for what was handed out alone. */
  act: act.exactOptional(),
  /** The entry that this one renews. */
  renews: z.uuid().nullable(),
});
/** A link, grant, form or ticket in the ledger. */
export type LedgerEntry = Readonly<z.infer<typeof ledgerEntrySchema>>;

/**
 * The states of an entry: `ended` has expired, `revoked` was ended by its owner, `denied` too, but OSS wasn't seen to refuse
 * it, `target-gone` lost its object.
 */
export const ledgerStates = ['live', 'ending-soon', 'ended', 'target-gone', 'revoked', 'denied'] as const;
/** The state of an entry. */
export type LedgerState = (typeof ledgerStates)[number];

/** An entry with its current state. */
export interface LedgerItem extends LedgerEntry {
  readonly state: LedgerState;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** The state at `now`. An entry is ending soon in the last fifth of its lifetime, but for a day at most. */
export function ledgerState(entry: LedgerEntry, now: number): LedgerState {
  if ((entry.endedAt ?? null) !== null) return 'revoked';
  const leftMs = entry.validUntil - now;
  if (leftMs <= 0) return 'ended';
  if (entry.goneAt !== null) return 'target-gone';
  if ((entry.deniedAt ?? null) !== null) return 'denied';
  return leftMs <= Math.min(DAY_MS, (entry.validUntil - entry.madeAt) / 5) ? 'ending-soon' : 'live';
}

/** The ledger fields that describe the issuer. `accessKey` signed it; `own`: a session assumed for this link or grant alone signs it. */
export function issuerOf(
  account: Account,
  { accessKey, own }: { readonly accessKey: AccessKey; readonly own: boolean },
): Pick<LedgerEntry, 'accountId' | 'accountName' | 'signer'> {
  return { accountId: account.id, accountName: account.name, signer: signerOf(account, accessKey, own) };
}

/** The AccessKey ID that the ledger names: the account's own, or that of the session where a source gives others each time. */
export function signedBy(account: Account, used: AccessKey): string {
  return account.kind === 'key' ? account.accessKeyId : used.accessKeyId;
}

function signerOf(account: Account, used: AccessKey, own: boolean): LedgerEntry['signer'] {
  const { role } = account;
  const accessKeyId = signedBy(account, used);
  if (role !== null) {
    return { kind: 'role', accessKeyId, roleArn: role.roleArn, sessionName: role.sessionName, own };
  }
  return { kind: used.securityToken === null ? 'key' : 'token', accessKeyId };
}

/** Who signed an entry, in one name: a role, an AccessKey ID, or the domain of a CDN. */
export function signerName({ signer }: Pick<LedgerEntry, 'signer'>): string {
  switch (signer.kind) {
    case 'role':
      return signer.roleArn;
    case 'cdn':
      return signer.domain;
    case 'key':
    case 'token':
      return signer.accessKeyId;
    default:
      return signer satisfies never;
  }
}

/** The address that people find an entry by. */
export function ledgerName({ what }: Pick<LedgerEntry, 'what'>): string {
  const { keys, prefixes } = namesOf(what);
  const [first = '', ...others] = [...prefixes, ...keys];
  return `oss://${what.bucket}/${first}${others.length === 0 ? '' : ` +${others.length}`}`;
}

/** Keys, and all keys below prefixes. */
export interface Names {
  readonly keys: readonly string[];
  readonly prefixes: readonly string[];
}

/** What an entry gives access to. */
export function namesOf(what: LedgerEntry['what']): Names {
  switch (what.kind) {
    case 'link':
    case 'ticket':
      return { keys: [what.key], prefixes: [] };
    case 'grant':
      return what;
    case 'form':
      return what.keys.kind === 'slots'
        ? { keys: what.keys.keys, prefixes: [] }
        : { keys: [], prefixes: [what.keys.prefix] };
    default:
      return what satisfies never;
  }
}

/** Whether there is nothing left to revoke, as far as Waybill knows. */
export function isOver({ state }: Pick<LedgerItem, 'state'>): boolean {
  return state === 'ended' || state === 'revoked';
}
