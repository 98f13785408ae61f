import { z } from 'zod';
import type { Accounts } from '../../accounts/accounts.ts';
import { WaybillError } from '../../failure.ts';
import { issuerOf, type LedgerEntry, type LedgerItem } from '../ledger/ledger-entry.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { type IssueDetails, plainJson } from '../making/link-issuer.ts';
import type { LinkPlan } from '../making/link-plan.ts';
import { signingEnd, signingFor } from '../making/link-session.ts';
import type { LinkValidity } from '../making/validity.ts';
import { checkNotEnded } from '../revoking/still-ended.ts';
import { formLimitFields } from './form-limits.ts';
import { type FormRequest, formSessionPolicy, issueForm, planForm, type UploadForm } from './issue-form.ts';

/** How a form is written: as a page, or as fields for a shell or a program. */
export type FormFormat = Extract<LedgerEntry['what'], { kind: 'form' }>['format'];

/** A form that is recorded in the ledger. */
export interface RecordedForm {
  readonly form: UploadForm;
  readonly validity: LinkValidity;
  readonly format: FormFormat;
  readonly ledgerId: string;
}

/** A form to issue, and who signs it. */
export interface FormToIssue extends FormRequest {
  /** A session assumed for this form alone, with the smallest policy; needs a role. */
  readonly ownSession: boolean;
}

const savedOptions = z.object({ ...formLimitFields, ownSession: z.boolean().default(false) });

/** Issues forms and records each in the ledger before anyone sees it. */
export class FormIssuer {
  readonly #accounts: Accounts;
  readonly #ledger: Ledger;

  constructor({ accounts, ledger }: { readonly accounts: Accounts; readonly ledger: Ledger }) {
    this.#accounts = accounts;
    this.#ledger = ledger;
  }

  /** Checks the limits of a form, and when it would expire. Signs and records nothing. */
  async plan(accountId: string, { bucket, ownSession, ...limits }: FormToIssue): Promise<LinkPlan> {
    const connection = await this.#accounts.connection(accountId, bucket);
    const end = await signingEnd(this.#accounts, accountId, { bucket, lifetime: limits, ownSession });
    return planForm(connection, end, limits);
  }

  /**
   * Issues a form.
   * @throws WaybillError as issueForm() and checkNotEnded(); `input` no-role if `ownSession` needs one; `file` if it can't be recorded
   */
  async issue(
    accountId: string,
    { ownSession, ...request }: FormToIssue,
    { format, note = '', recipient = '', renews = null }: IssueDetails & { readonly format: FormFormat },
  ): Promise<RecordedForm> {
    const { bucket, note: _, ...limits } = request;
    const policy = ownSession ? formSessionPolicy(request) : null;
    const { connection, session } = await signingFor(this.#accounts, accountId, { bucket, lifetime: limits, policy });
    const madeAt = connection.clock.now();
    const { form, validity } = issueForm(connection, session, { ...request, note });
    const signedAs = session.accessKey.accessKeyId;
    // A session of its own is new: nothing names it yet.
    if (!ownSession) await checkNotEnded(connection, { bucket, keys: form.keys, accessKeyId: signedAs });
    const [ledgerId = ''] = await this.#ledger.record([
      {
        ...issuerOf(this.#accounts.get(accountId), { ...session, own: ownSession }),
        madeAt,
        what: { kind: 'form', bucket, keys: form.keys as LedgerFormKeys, format, signedAs },
        options: plainJson({ ...limits, ownSession }),
        validUntil: validity.validUntil,
        sessionEndUnknown: validity.sessionEndUnknown,
        ...{ note, recipient, renews },
      },
    ]);
    return { form, validity, format, ledgerId };
  }

  /**
   * Issues a form again, with the limits, the lifetime and the signer of the first one.
   * @throws WaybillError `input` not-renewable for options that this version doesn't know; as issue()
   */
  renew(ledgerId: string): Promise<RecordedForm> {
    const entry = this.#ledger.get(ledgerId);
    const { bucket, format } = formOf(entry);
    const saved = savedOptions.safeParse(entry.options);
    if (!saved.success) throw new WaybillError({ kind: 'input', field: 'options', rule: 'not-renewable' });
    const { note, recipient, accountId } = entry;
    return this.issue(accountId, { bucket, ...saved.data }, { format, note, recipient, renews: ledgerId });
  }
}

type LedgerFormKeys = Extract<LedgerEntry['what'], { kind: 'form' }>['keys'];

/** The form of an entry. @throws WaybillError `input` for an entry of something else */
export function formOf({ what }: LedgerItem): Extract<LedgerEntry['what'], { kind: 'form' }> {
  if (what.kind !== 'form') throw new WaybillError({ kind: 'input', field: 'link', rule: 'unknown' });
  return what;
}
