import { isDeepStrictEqual } from 'node:util';
import type { Connection } from '../../oss/connection.ts';
import type { DocumentChange, DocumentEditor } from './bucket-document.ts';
import { denyAndTry, type Ended, type Wait } from './deny-and-try.ts';
import { endOfDenial, type HandedForm, signerOf } from './handed-form.ts';
import { tryForm } from './try-form.ts';
import { denyStatements } from './upload-denial.ts';
import { isStale, uploadStatement } from './our-statements.ts';
import { type Statement, withoutStatements, withStatements } from './policy-text.ts';

interface EndingParts {
  readonly editor: DocumentEditor<string>;
  readonly wait: Wait;
  /** Called right before the policy is changed, once the form was tried. */
  readonly before?: () => Promise<void>;
  readonly signal?: AbortSignal;
}

/**
 * Ends a form before its time: adds a Deny statement to the bucket's policy, then tries the form until OSS refuses it.
 * Statements of ended forms that have expired since are taken away on the way.
 * @throws WaybillError what changing the policy throws; `input` as denyStatements() and tryForm(), before anything is changed
 */
export async function endForm(
  connection: Connection,
  form: HandedForm,
  { editor, wait, before, signal }: EndingParts,
): Promise<Ended> {
  const now = connection.clock.now();
  if (form.validUntil <= now) return { kind: 'expired' };
  const added = endingStatements(form, now);
  const change = (policy: string | null): string | null =>
    withStatements(
      withoutStatements(policy, (statement) => isStale(statement, now)),
      added,
    );
  const deny = async () => {
    await before?.();
    return editor.change(connection, form.bucket, change, signal);
  };
  return denyAndTry({ deny, ask: () => tryForm(form, connection, signal) }, wait);
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

/**
 * The statements that end a form, for whoever may change the policy. None counts for longer than a form of V4 lives, whatever
 * a file claims. @throws WaybillError `input` as denyStatements()
 */
export function endingStatements(form: HandedForm, now: number): readonly Statement[] {
  return denyStatements({ ...form, accessKeyId: signerOf(form), validUntil: endOfDenial(form, now) });
}
