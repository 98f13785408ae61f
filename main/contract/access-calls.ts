import { z } from 'zod';
import type { Account } from '../accounts/account.ts';
import { accountColours } from '../accounts/account.ts';
import type { PasteCard } from '../accounts/pasting/pasted-accounts.ts';
import { permissions, scopeSchema } from '../accounts/sts/policy.ts';
import type { PolicyFault } from '../accounts/sts/session-policy.ts';
import type { SetupGuide } from '../accounts/sts/setup-guide.ts';
import type { PassphraseStrength } from '../accounts/passphrases/strength.ts';
import { grantFormats } from '../links/grants/grant-formats.ts';
import type { GrantCard, GrantPreview } from '../links/grants/grant-issuer.ts';
import { grantRequestSchema } from '../links/grants/grant-issuer.ts';
import { type LedgerItem, ledgerStates, noteSchema, recipientSchema } from '../links/ledger/ledger-entry.ts';
import { actScopes, entryKinds, type LedgerActsPage } from '../links/ledger/ledger-acts.ts';
import type { LedgerPage } from '../links/ledger/ledger.ts';
import type { OpenedGrant } from '../links/grants/received-grants.ts';
import type { LinkValidity } from '../links/making/validity.ts';
import type { Renewed } from '../links/renewal.ts';
import type { TicketState } from '../links/tickets/end-ticket.ts';
import type { Arrived } from '../links/pages/arrived.ts';
import type { RevokePlan } from '../links/ledger/revoke-plan.ts';
import { accountId, bucket, key, localPath, prefix } from './fields.ts';

export type { PasteProblem } from '../accounts/pasting/paste-fields.ts';
export type { PasteCard, PastedAccount } from '../accounts/pasting/pasted-accounts.ts';
export type { PolicyFault } from '../accounts/sts/session-policy.ts';
export type { SetupGuide } from '../accounts/sts/setup-guide.ts';
export type { Permission } from '../accounts/sts/policy.ts';
export type { PassphraseStrength, PassphraseUse } from '../accounts/passphrases/strength.ts';
export type { GrantFormat } from '../links/grants/grant-formats.ts';
export type { GrantCard, GrantPreview } from '../links/grants/grant-issuer.ts';
export type { OpenedGrant } from '../links/grants/received-grants.ts';
export type { ArrivedFile } from '../links/pages/arrived.ts';
export type { LedgerItem, LedgerState } from '../links/ledger/ledger-entry.ts';
export type { ActScope, EntryKind, LedgerAct, LedgerActsPage } from '../links/ledger/ledger-acts.ts';
export type { LedgerPage } from '../links/ledger/ledger.ts';
export type { RecordedLink } from '../links/making/link-issuer.ts';
export type { PlannedRemedy, Remedy, RevokePlan } from '../links/ledger/revoke-plan.ts';

const id = z.uuid();
const passphraseUse = z.enum(['grant', 'lock']);
const ids = z.array(id).min(1).max(100_000);
const pastedText = z.string().max(1_000_000);
const passphrase = z.string().max(1000);
/** A text, or a file that holds it. */
const sent = { text: z.strictObject({ text: pastedText }), file: z.strictObject({ path: localPath }) };

/** Arguments of the calls about temporary access: pasted credentials, grants, and the ledger of what was issued. */
export const accessCalls = {
  'accounts.readPasted': z.union([sent.text, sent.file]),
  'accounts.replaceCredentials': z.strictObject({ id, pasteId: id }),
  'accounts.setupGuide': z.strictObject({
    accountId: accountId.nullable(),
    userName: z.string().regex(/^[\w.-]{1,64}$/),
    roleName: z.string().regex(/^[\w.-]{1,64}$/),
    /** May be a name that is still being typed. */
    bucket: z.string().max(63).nullable(),
    prefix,
    allow: z.array(z.enum(permissions)).min(1),
    externalId: z.string().max(1224).nullable(),
  }),

  'grants.preview': z.strictObject({ accountId, scope: scopeSchema }),
  'grants.checkPolicy': z.strictObject({ text: z.string().max(20_000) }),
  'grants.make': grantRequestSchema,
  'grants.copy': z.strictObject({
    grantId: id,
    format: z.enum([...grantFormats, 'code']),
    /** For `code`; not one that is easily guessed. */
    passphrase: passphrase.nullable(),
  }),
  'passphrases.judge': z.strictObject({ passphrase: z.string().max(1000), use: passphraseUse }),
  'passphrases.suggest': z.strictObject({ use: passphraseUse }),
  'grants.open': z.union([sent.text.extend({ passphrase }), sent.file.extend({ passphrase })]),
  'grants.accept': z.strictObject({
    pasteId: id,
    name: z.string().trim().min(1).max(80),
    colour: z.enum(accountColours),
    remember: z.boolean(),
  }),

  'ledger.list': z.strictObject({
    text: z.string().max(500),
    states: z.array(z.enum(ledgerStates)).nullable(),
    accountId: accountId.nullable(),
    bucket: bucket.nullable(),
    key: key.nullable(),
    kind: z.enum(entryKinds).nullable().exactOptional(),
    act: id.nullable().exactOptional(),
    offset: z.int().min(0),
    limit: z.int().min(1).max(5000),
  }),
  'ledger.acts': z.strictObject({
    text: z.string().max(500),
    scope: z.enum(actScopes),
    accountId: accountId.nullable(),
    kind: z.enum(entryKinds).nullable(),
    offset: z.int().min(0),
    limit: z.int().min(1).max(5000),
  }),
  'ledger.note': z.strictObject({ id, note: noteSchema, recipient: recipientSchema }),
  'ledger.remove': z.strictObject({ ids }),
  'ledger.check': z.strictObject({ ids }),
  'ledger.export': z.strictObject({ format: z.enum(['csv', 'json']), folder: localPath, ids: ids.nullable() }),
  'ledger.renew': z.strictObject({ id }),
  'ledger.arrived': z.strictObject({ id }),
  'ledger.end': z.strictObject({ id }),
  'ledger.undoEnd': z.strictObject({ id }),
  'ledger.revokePlan': z.strictObject({ id }),
  'ledger.keepUrl': z.strictObject({ id, url: z.string().max(16_384) }),
  'ledger.forgetUrl': z.strictObject({ id }),
  'ledger.copyUrls': z.strictObject({ ids: z.array(id).min(1).max(1000) }),
} satisfies Record<keyof AccessResults, z.ZodType>;

/** A page or a ticket that was created again, and where it was saved; null: on the clipboard. */
interface RenewedFile extends LinkValidity {
  readonly kind: 'form' | 'ticket';
  readonly path: string | null;
}

/** What arrived through an entry of the ledger. */
export type ArrivedThrough = ({ readonly kind: 'form' } & Arrived) | ({ readonly kind: 'ticket' } & TicketState);

/**
 * What became of something that was ended early:
 * - `ended`: OSS refuses it now.
 * - `over`: it had expired, or its upload was over.
 * - `denied`: the bucket's policy denies it, but whether OSS refuses it already can't be tried.
 * - `still-taken`: the bucket's policy denies it, but OSS still took it a minute later.
 * - `forbidden`: nothing was changed, since the account may not change the policy; `statement` is what to add to it, as JSON.
 */
export type Ending =
  | { readonly outcome: 'ended' | 'over' | 'denied' | 'still-taken' }
  | { readonly outcome: 'forbidden'; readonly rights: readonly string[]; readonly statement: string };

/** Results of the calls about temporary access. Those with an ID fail with `input` if it is unknown. */
export interface AccessResults {
  /**
   * Reads credentials from a text or a file. Secrets stay in main: pass `pasteId` to `accounts.add` or
   * `.replaceCredentials`. Fails with `file`.
   */
  'accounts.readPasted': PasteCard;
  /** Replaces an account's credentials after a test request, and resumes its waiting transfers. Fails if that fails. */
  'accounts.replaceCredentials': Account;
  /** Returns the steps and policies that set up a user and a role. Fails if STS doesn't report the account's number. */
  'accounts.setupGuide': SetupGuide;

  /** Returns the policy of a grant and its length, which may be over the limit. Sends nothing. */
  'grants.preview': GrantPreview;
  /** Returns what is wrong with an edited policy and where, or null, and its length as STS counts it. */
  'grants.checkPolicy': { readonly fault: PolicyFault | null; readonly characters: number };
  /** Assumes the role, narrowed to the scope, and records the grant. Fails with what STS answered. */
  'grants.make': GrantCard;
  /** Puts a grant on the clipboard and returns it with its secrets masked (a code has none). */
  'grants.copy': { readonly shown: string };
  /** Says how hard a passphrase is to guess. */
  'passphrases.judge': PassphraseStrength;
  /** Returns a passphrase of random words. */
  'passphrases.suggest': string;
  /** Opens a grant code, pasted or in a file. Fails with `file`, with `input` if it is damaged, from a newer version, or for a wrong passphrase. */
  'grants.open': OpenedGrant;
  /** Adds an opened grant as an account. Fails with `credentials` if it has expired. */
  'grants.accept': Account;

  /** Returns a page of the ledger, newest first, and how many entries match. */
  'ledger.list': LedgerPage;
  /** Returns a page of what was handed out together, and how much there is. */
  'ledger.acts': LedgerActsPage;
  /** Replaces the note and the recipient of an entry. */
  'ledger.note': LedgerItem;
  /** Removes entries and their stored URLs. The links and grants keep working. */
  'ledger.remove': null;
  /** Asks OSS whether the objects of links still exist and updates the entries; returns how many it could ask about. */
  'ledger.check': { readonly checked: number };
  /** Writes entries (`ids` null: the whole ledger) to a new file in the folder and returns its path. Fails with `file`. */
  'ledger.export': { readonly path: string };
  /**
   * Creates what an entry stands for again, with the same options and lifetime. A page or a ticket is saved in the
   * system's save dialog, or null is returned if that was cancelled. Fails as the first time could.
   */
  'ledger.renew': Renewed | RenewedFile | null;
  /** Lists what arrived through a page or a form, or says how far the upload of a ticket is. */
  'ledger.arrived': ArrivedThrough;
  /**
   * Ends a ticket by aborting its upload; everything else by the bucket's policy, after a question of main's own. Reports
   * `ledger.ending` while it waits for OSS.
   */
  'ledger.end': Ending;
  /** Lets a revoked link work again, after a question of main's own. */
  'ledger.undoEnd': LedgerItem;
  /** Returns the ways to revoke an entry, and which other entries each would affect. */
  'ledger.revokePlan': RevokePlan;
  /** Stores an entry's URL in the keychain. Fails with `input` if the URL isn't the entry's. */
  'ledger.keepUrl': LedgerItem;
  /** Deletes an entry's URL from the keychain. */
  'ledger.forgetUrl': LedgerItem;
  /** Puts the stored URLs of entries on the clipboard, one a line. Fails with `input` if one isn't stored. */
  'ledger.copyUrls': null;
}
