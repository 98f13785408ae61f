import { z } from 'zod';
import { own } from '../../own.ts';
import { WaybillError } from '../../failure.ts';
import { checkBucket } from '../../oss/names.ts';
import { MAX_PUT_BYTES, MAX_V4_EXPIRES_SECONDS } from '../../oss/limits.ts';
import type { HandedForm } from '../revoking/handed-form.ts';
import { readCurlLine } from './curl-line.ts';
import { dataOfPage } from './page-data.ts';
import { readTicket, type ReceivedTicket } from './ticket-file.ts';

/*
 * A form that was handed out, as the JSON of `request --form json`, as its line for curl or as a drop page. Only its address
 * and its fields are read: bucket, keys, sizes and end come from the policy among the fields, which the signature covers,
 * so that a file can't make Waybill deny more than the form allows.
 */

/** A form, and when it was signed: Unix milliseconds; null for V1, which doesn't say. */
export interface FormFile extends HandedForm {
  readonly action: string;
  readonly signedAt: number | null;
}

/** The longest file that is read as one. A page holds prepared uploads, too. */
export const MAX_FORM_FILE_BYTES = 32 * 1024 ** 2;

const fieldText = z.string().max(200_000);
const action = z.url({ protocol: /^https?$/ }).max(2048);
const jsonSchema = z.object({ action, method: z.literal('POST'), fields: z.record(z.string().max(256), fieldText) });
const partsSchema = z.object({ action, fields: z.array(z.tuple([z.string().max(256), fieldText])).max(100) });
const pageSchema = z.object({
  waybill: z.literal('drop-page'),
  form: partsSchema,
});

const ticketsSchema = z.object({ tickets: z.array(z.unknown()).max(100) });

const listCondition = z.tuple([z.string(), z.string(), z.union([z.string(), z.array(z.string()).max(10_000)])]);
const rangeCondition = z.tuple([z.literal('content-length-range'), z.int().min(0), z.int().max(MAX_PUT_BYTES)]);
const policySchema = z.object({
  expiration: z.iso.datetime(),
  conditions: z.array(z.union([rangeCondition, listCondition, z.record(z.string(), z.string())])).max(1000),
});

/** Whether a text is a form: the JSON for a program, the line for curl, or a drop page. */
export function isFormFile(text: string): boolean {
  return formIn(text) !== null;
}

/** Reads a form. @throws WaybillError `input` with field `form` for anything else, and for a policy that Waybill doesn't make */
export function readFormFile(text: string): FormFile {
  const found = formIn(text);
  if (found === null) throw refused('form-file');
  const field = (name: string): string => found.fields.find(([one]) => one.toLowerCase() === name)?.[1] ?? '';
  const policy = policySchema.safeParse(parseJson(Buffer.from(field('policy'), 'base64').toString('utf8')));
  if (!policy.success) throw refused('form-file');
  const { conditions, expiration } = policy.data;
  const bucket = equalTo(conditions, 'bucket') ?? '';
  checkBucket(bucket);
  const range = conditions.find((one) => Array.isArray(one) && one[0] === 'content-length-range');
  const [, min, max] = Array.isArray(range) ? range : [];
  const signedAt = basicTime(field('x-oss-date'));
  const validUntil = Math.min(
    Date.parse(expiration),
    signedAt === null ? Infinity : signedAt + MAX_V4_EXPIRES_SECONDS * 1000,
  );
  const types = conditionOn(conditions, 'in', '$x-oss-content-type');
  return {
    ...{ bucket, action: found.action, keys: keysOf(conditions), signedAt, validUntil },
    fields: found.fields.filter(([name]) => !ofSender.has(name.toLowerCase())),
    sizeBytes: { min: Number(min ?? 0), max: Number(max ?? MAX_PUT_BYTES) },
    contentTypes: Array.isArray(types) ? types : [],
  };
}

/** Fields that each upload chooses for itself. */
const ofSender = new Set(['key', 'x-oss-content-type']);

type Conditions = z.infer<typeof policySchema>['conditions'];

function keysOf(conditions: Conditions): FormFile['keys'] {
  const prefix = conditionOn(conditions, 'starts-with', '$key');
  if (typeof prefix === 'string') return { kind: 'prefix', prefix };
  const keys = conditionOn(conditions, 'in', '$key');
  const key = conditionOn(conditions, 'eq', '$key') ?? equalTo(conditions, 'key');
  if (Array.isArray(keys)) return { kind: 'slots', keys };
  if (typeof key === 'string') return { kind: 'slots', keys: [key] };
  throw refused('form-file');
}

function conditionOn(conditions: Conditions, operator: string, name: string): string | readonly string[] | undefined {
  const found = conditions.find((one) => Array.isArray(one) && one[0] === operator && one[1] === name);
  return Array.isArray(found) && typeof found[2] !== 'number' ? found[2] : undefined;
}

function equalTo(conditions: Conditions, name: string): string | undefined {
  return conditions.flatMap((one) => (Array.isArray(one) ? [] : [own(one, name)])).find((one) => one !== undefined);
}

/** The uploads that a page holds for large files of its form: in the form's bucket, and below its prefix. */
export function uploadsOfPage(text: string): readonly ReceivedTicket[] {
  const page = ticketsSchema.safeParse(parseJson(dataOfPage(text) ?? ''));
  if (!page.success || page.data.tickets.length === 0) return [];
  const { bucket, keys } = readFormFile(text);
  const tickets = page.data.tickets.map((ticket) => readTicket(JSON.stringify(ticket)));
  return tickets.filter((ticket) => {
    return ticket.bucket === bucket && keys.kind === 'prefix' && ticket.key.startsWith(keys.prefix);
  });
}

function formIn(text: string): Pick<FormFile, 'action' | 'fields'> | null {
  const data = dataOfPage(text);
  if (data !== null) {
    const page = pageSchema.safeParse(parseJson(data));
    return page.success ? page.data.form : null;
  }
  const line = readCurlLine(text);
  if (line !== null) return partsSchema.safeParse(line).data ?? null;
  const json = jsonSchema.safeParse(parseJson(text));
  return json.success ? { action: json.data.action, fields: Object.entries(json.data.fields) } : null;
}

/** `20261130T194313Z`. */
function basicTime(text: string): number | null {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  if (match === null) return null;
  const [, year, month, day, hour, minute, second] = match;
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(time) ? null : time;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function refused(rule: string): WaybillError {
  return new WaybillError({ kind: 'input', field: 'form', rule });
}
