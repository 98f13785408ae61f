import { randomBytes } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { WaybillError } from '../../failure.ts';
import type { Connection } from '../../oss/connection.ts';
import { probe } from '../../oss/exchange/probe.ts';
import type { DocumentChange, DocumentEditor } from './bucket-document.ts';
import { type Answer, answerOf, denyAndTry, type Ended, type Wait } from './deny-and-try.ts';
import { denyStatements, type UploadDenial } from './upload-denial.ts';
import { isStale } from './our-statements.ts';
import { type Statement, withoutStatements, withStatements } from './policy-text.ts';

/** A form that was handed out, as far as ending it needs. Its fields are secrets. */
export interface HandedForm {
  readonly bucket: string;
  /** Where it is sent. */
  readonly action: string;
  readonly fields: readonly (readonly [name: string, value: string])[];
  readonly keys: UploadDenial['keys'];
  readonly sizeBytes: { readonly min: number; readonly max: number };
  readonly contentTypes: readonly string[];
  /** Unix milliseconds. */
  readonly validUntil: number;
}

/** The largest file that is sent only to be refused. */
const MAX_PROBE_BYTES = 1024 * 1024;
const BOUNDARY = 'waybill-end-check';
/**
 * Ends a form before its time: adds a Deny statement to the bucket's policy, then tries the form until OSS refuses it.
 * Statements of ended forms that have expired since are taken away on the way.
 * @throws WaybillError what changing the policy throws; `input` for a form that can't be ended so
 */
export async function endForm(
  connection: Connection,
  form: HandedForm,
  {
    editor,
    wait,
    signal,
  }: { readonly editor: DocumentEditor<string>; readonly wait: Wait; readonly signal?: AbortSignal },
): Promise<Ended> {
  const now = connection.clock.now();
  if (form.validUntil <= now) return { kind: 'expired' };
  const added = endingStatements(form);
  const change = (policy: string | null): string | null =>
    withStatements(
      withoutStatements(policy, (statement) => isStale(statement, now)),
      added,
    );
  const body = bodyToRefuse(form);
  const ask = () => (body === null ? Promise.resolve('untestable' as const) : tryForm(form, body, connection, signal));
  return denyAndTry({ deny: () => editor.change(connection, form.bucket, change, signal), ask }, wait);
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
  const ours = endingStatements(form);
  const isOurs = (statement: unknown): boolean => ours.some((one) => isDeepStrictEqual(one, statement));
  return editor.change(connection, form.bucket, (policy) => withoutStatements(policy, isOurs), signal);
}

/** The statements that end a form, for whoever may change the policy. @throws WaybillError `input` as denyStatements() */
export function endingStatements(form: HandedForm): readonly Statement[] {
  return denyStatements(denialOf(form));
}

/** The AccessKey ID in the fields of V4 (`ID/date/region/oss/aliyun_v4_request`) or V1. */
function denialOf({ bucket, keys, fields, validUntil }: HandedForm): UploadDenial {
  const field = (name: string): string => fields.find(([one]) => one.toLowerCase() === name)?.[1] ?? '';
  const accessKeyId = field('x-oss-credential').split('/')[0] || field('ossaccesskeyid');
  // Such a statement would stop every upload to the bucket that the key signs.
  if (keys.kind === 'prefix' && keys.prefix === '' && !accessKeyId.startsWith('STS.')) {
    throw new WaybillError({ kind: 'input', field: 'prefix', rule: 'deny-whole-bucket' });
  }
  return { bucket, keys, accessKeyId, validUntil };
}

/**
 * Sends the form with a file that OSS refuses for its size alone. Its rights are checked before: the other way round, this
 * would never see that the form is denied.
 */
async function tryForm(
  form: HandedForm,
  body: Buffer,
  { dispatcher }: Pick<Connection, 'dispatcher'>,
  signal: AbortSignal | undefined,
): Promise<Answer> {
  const headers = {
    'content-type': `multipart/form-data; boundary=${BOUNDARY}`,
    'content-length': String(body.length),
  };
  const { error } = await probe({ url: form.action, method: 'POST', headers, body, signal }, dispatcher);
  // Taken, whatever its size: another try would store another file.
  return error === null ? 'untestable' : answerOf(error);
}

/** An upload that breaks nothing but the limits of size; null where that would take more than a megabyte. */
function bodyToRefuse({ fields, keys, sizeBytes, contentTypes }: HandedForm): Buffer | null {
  const length = sizeBytes.min > 0 ? 0 : sizeBytes.max + 1;
  if (length > MAX_PROBE_BYTES) return null;
  const [slot = ''] = keys.kind === 'slots' ? keys.keys : [];
  const key = keys.kind === 'prefix' ? `${keys.prefix}waybill-check-${randomBytes(8).toString('hex')}` : slot;
  const [type] = contentTypes;
  const all = [
    ['key', key] as const,
    ...fields,
    ...(type === undefined ? [] : [['x-oss-content-type', type] as const]),
  ];
  const part = (disposition: string): string => `--${BOUNDARY}\r\nContent-Disposition: form-data; ${disposition}`;
  const texts = all.map(([name, value]) => part(`name="${name}"\r\n\r\n${value}\r\n`));
  return Buffer.concat([
    Buffer.from(
      `${texts.join('')}${part('name="file"; filename="x"\r\nContent-Type: application/octet-stream\r\n\r\n')}`,
    ),
    Buffer.alloc(length),
    Buffer.from(`\r\n--${BOUNDARY}--\r\n`),
  ]);
}
