import { z } from 'zod';
import type { Account } from '../accounts/account.ts';
import { accountColours } from '../accounts/account.ts';
import type { PasteCard } from '../accounts/pasting/pasted-accounts.ts';
import { permissions, scopeSchema } from '../accounts/sts/policy.ts';
import type { PolicyFault } from '../accounts/sts/session-policy.ts';
import type { SetupGuide } from '../accounts/sts/setup-guide.ts';
import { grantFormats } from '../links/grants/grant-formats.ts';
import type { GrantCard, GrantPreview, OpenedGrant } from '../links/grants/grants.ts';
import { grantRequestSchema } from '../links/grants/grants.ts';
import type { LedgerItem } from '../links/ledger/ledger-entry.ts';
import type { LedgerPage } from '../links/ledger/ledger.ts';
import type { Renewed } from '../links/making/made-links.ts';
import type { RevokePlan } from '../links/ledger/revoke-plan.ts';

export type { PasteCard, PastedAccount } from '../accounts/pasting/pasted-accounts.ts';
export type { PolicyFault } from '../accounts/sts/session-policy.ts';
export type { SetupGuide } from '../accounts/sts/setup-guide.ts';
export type { Permission } from '../accounts/sts/policy.ts';
export type { GrantFormat } from '../links/grants/grant-formats.ts';
export type { GrantCard, GrantPreview, OpenedGrant } from '../links/grants/grants.ts';
export type { LedgerItem, LedgerState } from '../links/ledger/ledger-entry.ts';
export type { LedgerPage } from '../links/ledger/ledger.ts';
export type { RecordedLink } from '../links/making/made-links.ts';
export type { PlannedRemedy, Remedy, RevokePlan } from '../links/ledger/revoke-plan.ts';

const id = z.uuid();
const ids = z.array(id).min(1).max(100_000);
const pastedText = z.string().max(1_000_000);
const passphrase = z.string().max(1000);

const ledgerQuery = z.strictObject({
  text: z.string().max(500),
  states: z.array(z.enum(['live', 'ending-soon', 'ended', 'target-gone'])).nullable(),
  accountId: id.nullable(),
  bucket: z.string().max(63).nullable(),
  key: z.string().max(1023).nullable(),
  offset: z.int().min(0),
  limit: z.int().min(1).max(5000),
});

/** Calls about temporary access: pasted credentials, grants, and the ledger of what was handed out. */
export const accessCalls = {
  'accounts.readPasted': z.strictObject({ text: pastedText }),
  'accounts.replaceCredentials': z.strictObject({ id, pasteId: id }),
  'accounts.setupGuide': z.strictObject({
    accountId: id.nullable(),
    userName: z.string().regex(/^[\w.-]{1,64}$/),
    roleName: z.string().regex(/^[\w.-]{1,64}$/),
    bucket: z.string().max(63).nullable(),
    prefix: z.string().max(1023),
    allow: z.array(z.enum(permissions)).min(1),
    externalId: z.string().max(1224).nullable(),
  }),

  'grants.preview': z.strictObject({ accountId: id, scope: scopeSchema }),
  'grants.checkPolicy': z.strictObject({ text: z.string().max(20_000) }),
  'grants.make': grantRequestSchema,
  'grants.copy': z.strictObject({
    grantId: id,
    format: z.enum([...grantFormats, 'code']),
    /** Of 8 characters or more, for `code`. */
    passphrase: passphrase.nullable(),
  }),
  'grants.open': z.strictObject({ text: pastedText, passphrase }),
  'grants.accept': z.strictObject({
    pasteId: id,
    name: z.string().trim().min(1).max(80),
    colour: z.enum(accountColours),
    remember: z.boolean(),
  }),

  'ledger.list': ledgerQuery,
  'ledger.note': z.strictObject({ id, note: z.string().max(2000), recipient: z.string().max(300) }),
  'ledger.remove': z.strictObject({ ids }),
  'ledger.check': z.strictObject({ ids }),
  'ledger.export': z.strictObject({ format: z.enum(['csv', 'json']), folder: z.string().min(1).max(32_767) }),
  'ledger.renew': z.strictObject({ id }),
  'ledger.revokePlan': z.strictObject({ id }),
  'ledger.keepUrl': z.strictObject({ id, url: z.string().max(16_384) }),
  'ledger.forgetUrl': z.strictObject({ id }),
  'ledger.copyUrl': z.strictObject({ id }),
} satisfies Record<keyof AccessResults, z.ZodType>;

/** What the calls about temporary access give back. */
export interface AccessResults {
  /** The secrets stay in main: hand `pasteId` to accounts.add, .update or .replaceCredentials. */
  'accounts.readPasted': PasteCard;
  /** Tried with a real call first. Transfers of the account that waited for credentials go on. */
  'accounts.replaceCredentials': Account;
  'accounts.setupGuide': SetupGuide;

  'grants.preview': GrantPreview;
  /** `fault`: what is wrong and where, null for a good policy; `characters`: as STS counts them. */
  'grants.checkPolicy': { readonly fault: PolicyFault | null; readonly characters: number };
  'grants.make': GrantCard;
  /** The grant is on the clipboard; `shown` is the same with its secrets hidden (a code has none). */
  'grants.copy': { readonly shown: string };
  'grants.open': OpenedGrant;
  'grants.accept': Account;

  'ledger.list': LedgerPage;
  'ledger.note': LedgerItem;
  'ledger.remove': null;
  /** How many objects the server could be asked for; entries of those that are gone change their state. */
  'ledger.check': { readonly checked: number };
  /** The path of the file that was written. */
  'ledger.export': { readonly path: string };
  'ledger.renew': Renewed;
  'ledger.revokePlan': RevokePlan;
  /** The URL goes into the keychain, with its note. */
  'ledger.keepUrl': LedgerItem;
  'ledger.forgetUrl': LedgerItem;
  /** The URL that was kept is on the clipboard. */
  'ledger.copyUrl': null;
}
