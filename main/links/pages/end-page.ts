import { isDeepStrictEqual } from 'node:util';
import type { Accounts } from '../../accounts/accounts.ts';
import type { Connection } from '../../oss/connection.ts';
import { getBucketPolicy } from '../../oss/operations/bucket-policy.ts';
import { formOf } from '../forms/form-issuer.ts';
import { issueForm } from '../forms/issue-form.ts';
import type { LedgerItem } from '../ledger/ledger-entry.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { DocumentEditor } from '../revoking/bucket-document.ts';
import type { Ended, Wait } from '../revoking/deny-and-try.ts';
import { endForm, reopenForm } from '../revoking/end-uploads.ts';
import type { HandedForm } from '../revoking/handed-form.ts';
import type { TicketIssuer } from '../tickets/ticket-issuer.ts';
import { endPageUploads } from './page-uploads.ts';

/** What ending a page needs. `wait` is as in endForm(). */
interface EndingParts {
  readonly accounts: Accounts;
  readonly ledger: Ledger;
  readonly editor: DocumentEditor<string>;
  readonly wait: Wait;
}

/**
 * Ends a page: first its prepared uploads, which needs no right to change the bucket's policy, then its form. What fails
 * of one is no reason to leave the other.
 * @throws WaybillError as endPage(); otherwise as endPageUploads()
 */
export async function endPageAndUploads(
  { tickets, ...parts }: EndingParts & { readonly tickets: Pick<TicketIssuer, 'end'> },
  ledgerId: string,
): Promise<Ended> {
  const [uploads] = await Promise.allSettled([endPageUploads(tickets, parts.ledger, ledgerId)]);
  const ended = await endPage(parts, ledgerId);
  if (uploads.status === 'rejected') throw uploads.reason;
  return ended;
}

/** How long the form lasts that is signed only to be refused. */
const PROBE_SECONDS = 900;

/**
 * Ends the form of a page by the bucket's policy, with each form of the same right: the policy can't tell them apart, so it
 * denies them until the last one expires. The ledger holds no form, so another one with the same right is signed and tried
 * in its place, if the account still signs as the first one was signed; otherwise it stays unconfirmed, and the ledger says
 * no more than that it is denied.
 * @throws WaybillError as endForm(); `input` for an entry of something else
 */
export async function endPage({ accounts, ledger, ...parts }: EndingParts, ledgerId: string): Promise<Ended> {
  const entry = ledger.get(ledgerId);
  const what = formOf(entry);
  const same = sameRight(ledger, what);
  const validUntil = same.reduce((latest, other) => Math.max(latest, other.validUntil), entry.validUntil);
  // What is signed now is signed by this computer's clock, which is right once OSS has answered.
  await accounts.run(entry.accountId, what.bucket, (open) => getBucketPolicy(open, what.bucket));
  const form = { ...(await handedForm(accounts, entry)), validUntil };
  const ids = [...new Set([ledgerId, ...same.map(({ id }) => id)])];
  const denied = (): Promise<void> => ledger.change(ids, { deniedAt: Date.now() });
  const ended = await accounts.run(entry.accountId, what.bucket, (open) => endForm(open, form, { ...parts, denied }));
  if (ended.kind === 'ended') await ledger.change(ids, { endedAt: Date.now() });
  return ended;
}

/**
 * Lets a page that was ended work again until it expires, with each form of the same right. Uploads that were prepared for it
 * stay cancelled.
 * @throws WaybillError as reopenForm(); `input` for an entry of something else
 */
export async function reopenPage(
  { accounts, ledger, editor }: Omit<EndingParts, 'wait'>,
  ledgerId: string,
): Promise<void> {
  const entry = ledger.get(ledgerId);
  const what = formOf(entry);
  const form = { ...unsignedForm(what), validUntil: entry.validUntil };
  await accounts.run(entry.accountId, what.bucket, (open) => reopenForm(open, form, { editor }));
  const ids = sameRight(ledger, what).map(({ id }) => id);
  await ledger.change(ids, { endedAt: null, deniedAt: null });
}

type FormWhat = ReturnType<typeof formOf>;

/** Entries that a policy can't tell apart. */
function sameRight(ledger: Ledger, what: FormWhat): readonly LedgerItem[] {
  return ledger.all().filter((other) => {
    return other.state !== 'ended' && other.what.kind === 'form' && hasSameRight(other.what, what);
  });
}

function hasSameRight(one: FormWhat, other: FormWhat): boolean {
  return one.bucket === other.bucket && one.signedAs === other.signedAs && isDeepStrictEqual(one.keys, other.keys);
}

/** A form as far as the ledger knows it: what denies it can be found, but it can't be tried. */
function unsignedForm({ bucket, keys, signedAs }: FormWhat): Omit<HandedForm, 'validUntil'> {
  const fields = [['OSSAccessKeyId', signedAs] as const];
  return { bucket, action: null, fields, keys, sizeBytes: { min: 0, max: 0 }, contentTypes: [] };
}

async function handedForm(accounts: Accounts, entry: LedgerItem): Promise<Omit<HandedForm, 'validUntil'>> {
  const what = formOf(entry);
  const { bucket, keys, signedAs } = what;
  const { accountId } = entry;
  const connection: Connection = await accounts.connection(accountId, bucket);
  const session = await accounts.session(accountId);
  if (session.accessKey.accessKeyId !== signedAs) return unsignedForm(what);
  const { form } = issueForm(connection, session, {
    ...{ bucket, sizeBytes: { min: 0, max: 1 }, contentTypes: [], forbidOverwrite: true },
    expiresSeconds: PROBE_SECONDS,
    ...(keys.kind === 'prefix' ? { prefix: keys.prefix, slots: null } : { prefix: '', slots: { names: keys.keys } }),
  });
  return form;
}
