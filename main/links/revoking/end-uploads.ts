import { isDeepStrictEqual } from 'node:util';
import type { Connection } from '../../oss/connection.ts';
import type { DocumentChange, DocumentEditor } from './bucket-document.ts';
import type { Ended, Wait } from './deny-and-try.ts';
import { endOfDenial, type HandedForm, signerOf } from './handed-form.ts';
import { tryForm } from './try-form.ts';
import { denyUntilSettled } from './revoke-session.ts';
import { withoutEnded } from './session-denial.ts';
import { denyStatements, type UploadDenial } from './upload-denial.ts';
import { endIn, uploadStatement } from './our-statements.ts';
import { type Statement, statementsOf, withoutStatements, withStatements } from './policy-text.ts';

interface EndingParts {
  readonly editor: DocumentEditor<string>;
  readonly wait: Wait;
  /** Called right before the policy is changed, once the form was tried. */
  readonly before?: () => Promise<void>;
  /** Called once the policy denies it, before OSS was seen to refuse it: what a crash would forget. */
  readonly denied?: () => Promise<void>;
  readonly signal?: AbortSignal;
}

/**
 * Ends a form before its time: adds a Deny statement to the bucket's policy, then tries the form until OSS refuses it, and
 * looks a while later whether the policy still denies it. Statements that no longer count are taken away on the way.
 * @throws WaybillError what changing the policy throws; `input` as denyStatements() and tryForm(), before anything is changed
 */
export async function endForm(
  connection: Connection,
  form: HandedForm,
  { editor, wait, before, denied, signal }: EndingParts,
): Promise<Ended> {
  const { clock } = connection;
  const { bucket, validUntil } = form;
  endingStatements(form, clock.now());
  // This computer's clock may be wrong until OSS has answered.
  if (validUntil <= clock.now()) await editor.change(connection, bucket, (policy) => policy, signal);
  if (validUntil <= clock.now()) return { kind: 'expired' };
  // What is added must be the same each time: a later end would be another statement.
  let added: readonly Statement[] | null = null;
  const withForm = (policy: string | null): string | null => {
    const now = clock.now();
    added ??= endingStatements(form, now);
    return withStatements(withoutEnded(policy, now), added);
  };
  const change = (): Promise<DocumentChange<string>> => editor.change(connection, bucket, withForm, signal);
  return denyUntilSettled({ change, ask: () => tryForm(form, connection, signal), before, denied }, wait);
}

/** Whether a policy still denies uploads, until what was signed expires. @throws WaybillError as denyStatements() */
export function isEnded(policy: string | null, denial: UploadDenial): boolean {
  const present = statementsOf(policy);
  return denyStatements(denial).every((wanted) =>
    present.some((one) => isSameDenial(one, wanted) && endOf(one) >= endOf(wanted)),
  );
}

/**
 * Takes the statements that end a form out of the policy again, so that it works until it expires.
 * @throws WaybillError what changing the policy throws
 */
export async function reopenForm(
  connection: Connection,
  form: HandedForm,
  { editor, signal }: { readonly editor: DocumentEditor<string>; readonly signal?: AbortSignal },
): Promise<DocumentChange<string>> {
  const ours = endingStatements(form, connection.clock.now());
  const isOurs = (statement: Statement): boolean => ours.some((one) => isSameDenial(one, statement));
  return editor.change(connection, form.bucket, (policy) => withoutStatements(policy, isOurs), signal);
}

/** Whether two statements deny the same. They may end at different times: with the last form of the same right. */
function isSameDenial(one: Statement, other: Statement): boolean {
  const [first, second] = [one, other].map((statement) => uploadStatement.safeParse(statement).data);
  if (first === undefined || second === undefined) return false;
  const { StringEquals } = first.Condition;
  return (
    isDeepStrictEqual(first.Resource, second.Resource) && isDeepStrictEqual(StringEquals, second.Condition.StringEquals)
  );
}

function endOf(statement: Statement): number {
  return Date.parse(endIn(uploadStatement.parse(statement)));
}

/**
 * The statements that end a form, for someone who may change the policy. None counts for longer than a form of V4 lives, whatever
 * a file claims. @throws WaybillError `input` as denyStatements()
 */
export function endingStatements(form: HandedForm, now: number): readonly Statement[] {
  return denyStatements({ ...form, accessKeyId: signerOf(form), validUntil: endOfDenial(form, now) });
}
