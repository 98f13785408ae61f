import { randomBytes } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Dispatcher } from 'undici';
import type { Cause } from '../../causes.ts';
import { toFailure, WaybillError } from '../../failure.ts';
import type { Connection } from '../../oss/connection.ts';
import { failureOfRequest } from '../../oss/exchange/errors.ts';
import { probe, type ProbeReply } from '../../oss/exchange/probe.ts';
import type { DocumentChange, DocumentEditor } from './bucket-document.ts';
import { denyStatements, isStale, type UploadDenial } from './denial.ts';
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

/**
 * What became of ending a form. Only `ended` was seen: OSS refused an upload with it.
 * - `expired`: nothing had to be done.
 * - `unconfirmed`: the statement is in the policy, but OSS still took the form, or `isTestable` is false: an upload that
 *   OSS refuses for its size alone isn't possible within the limits of this form.
 */
export type EndedForm =
  | { readonly kind: 'ended'; readonly policy: DocumentChange<string> }
  | { readonly kind: 'expired' }
  | { readonly kind: 'unconfirmed'; readonly isTestable: boolean; readonly policy: DocumentChange<string> };

/** How to wait, for tests: resolves after so many milliseconds, rejects when aborted. */
export type Wait = (ms: number) => Promise<unknown>;

/** OSS says nowhere how long a policy takes to count: it is asked for a minute. */
const PROBES = 31;
const PAUSE_MS = 2000;
/** The largest file that is sent only to be refused. */
const MAX_PROBE_BYTES = 1024 * 1024;
const BOUNDARY = 'waybill-end-check';
/** Refusals that concern every upload with the form. */
const OVER: readonly Cause[] = ['denied-by-policy', 'expired', 'token-expired', 'wrong-key', 'account-disabled'];

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
): Promise<EndedForm> {
  const now = connection.clock.now();
  if (form.validUntil <= now) return { kind: 'expired' };
  const added = endingStatements(form);
  const deny = (policy: string | null): string | null =>
    withStatements(
      withoutStatements(policy, (statement) => isStale(statement, now)),
      added,
    );
  const policy = await editor.change(connection, form.bucket, deny, signal).catch((error: unknown) => {
    throw namedRefusal(error);
  });
  const body = bodyToRefuse(form);
  if (body === null) return { kind: 'unconfirmed', isTestable: false, policy };
  for (let turn = 0; turn < PROBES; turn++) {
    if (turn > 0) await wait(PAUSE_MS);
    const state = await stateOf(form, body, { dispatcher: connection.dispatcher, signal });
    if (state === 'refused') return { kind: 'ended', policy };
    if (state === 'untestable') return { kind: 'unconfirmed', isTestable: false, policy };
  }
  return { kind: 'unconfirmed', isTestable: true, policy };
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

/** OSS checks the whole policy as new, and says only by codes what it finds wrong in statements of others. */
function namedRefusal(error: unknown): unknown {
  const failure = toFailure(error);
  const ec = failure.kind === 'oss' ? failure.ec : undefined;
  const rules: Readonly<Record<string, string>> = {
    '0030-00000001': 'bucket-policy-full',
    '0030-00000003': 'bucket-policy-full',
    '0030-00000008': 'bucket-policy-source-ip',
  };
  const rule = ec === undefined || !Object.hasOwn(rules, ec) ? undefined : rules[ec];
  return rule === undefined ? error : new WaybillError({ kind: 'input', field: 'policy', rule }, { cause: error });
}

/**
 * `refused`: OSS doesn't take uploads with the form, for its rights, its end or its key. `open`: it refused the file alone.
 * Its rights are checked before the size of the file: the other way round, this would always say `open`.
 */
async function stateOf(
  form: HandedForm,
  body: Buffer,
  { dispatcher, signal }: { readonly dispatcher: Dispatcher; readonly signal?: AbortSignal | undefined },
): Promise<'refused' | 'open' | 'untestable'> {
  const headers = {
    'content-type': `multipart/form-data; boundary=${BOUNDARY}`,
    'content-length': String(body.length),
  };
  const { error }: ProbeReply = await probe({ url: form.action, method: 'POST', headers, body, signal }, dispatcher);
  // Taken, whatever its size: another try would store another file.
  if (error === null) return 'untestable';
  const { cause } = failureOfRequest(error, { through: 'link', isTokenMissing: false });
  // ECs of the conditions of a form start with 0006.
  return OVER.includes(cause) && error.ec?.startsWith('0006-') !== true ? 'refused' : 'open';
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
