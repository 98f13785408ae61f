import { z } from 'zod';
import { storageClasses } from '../../oss/operations/bucket-settings.ts';
import { MAX_PUT_BYTES } from '../../oss/limits.ts';
import { checkKey } from '../../oss/names.ts';
import { checkTags, taggingHeader } from '../../oss/operations/tags.ts';
import type { FormField, PostCondition } from '../../oss/signing/post-policy.ts';
import { WaybillError } from '../../failure.ts';
import { linkLifetimeSchema, linkOptionFields } from '../making/link-options.ts';
import { type InputFailure, orProblem } from '../making/link-rules.ts';
import { slotNames } from '../making/upload-slots.ts';

/*
 * What a form allows. The schema checks only its shape; formProblems() checks whether OSS would accept it and reports the
 * rule and the allowed range.
 */

/** The limits of a form, as options and fields of a contract. */
export const formLimitFields = {
  ...linkLifetimeSchema.shape,
  host: linkOptionFields.host,
  /** Empty, or ends in `/`. */
  prefix: z.string().max(4096),
  /** Names below the prefix that each take one file; null: any number of files below the prefix. */
  slots: z
    .union([
      z.strictObject({ count: z.number() }),
      z.strictObject({ names: z.array(z.string().max(4096)).max(100_000) }),
    ])
    .nullable(),
  /** Of one file, in bytes; both ends are allowed. */
  sizeBytes: z.strictObject({ min: z.number(), max: z.number() }),
  /** The only types that are accepted; empty: any. */
  contentTypes: z.array(z.string().max(256)).max(1000),
  /** OSS refuses a name that is taken, except in a bucket with versioning. */
  forbidOverwrite: z.boolean(),
  /**
   * The ACL that each file gets: private unless another is chosen. Null pins none: whoever signs decides by their rights
   * whether a file may be made public, and needs no right for ACLs.
   */
  acl: z.enum(['private', 'default']).nullable().optional(),
  /** Whether browsers download the files instead of showing them. Default: true. */
  attachment: z.boolean().optional(),
  tags: z.record(z.string().max(256), z.string().max(1024)).optional(),
  storageClass: z.enum(storageClasses).optional(),
} as const;

/** The limits of a form. */
export type FormLimits = Readonly<z.infer<z.ZodObject<typeof formLimitFields>>>;

/** Where a form lets files go: below a prefix under any name, or to these keys alone. */
export type FormKeys =
  { readonly kind: 'prefix'; readonly prefix: string } | { readonly kind: 'slots'; readonly keys: readonly string[] };

/** The most slots of a form: all their keys are in its policy, which every upload sends. */
const MAX_FORM_SLOTS = 1000;

/** The most bytes of all keys together, so that a policy in Base64 still is an argument of a command on Linux (128 KB). */
const MAX_FORM_KEY_BYTES = 64 * 1024;

/** Room for a name behind the prefix, in bytes. */
const NAME_BYTES = 64;

/** The most types of a form. */
const MAX_FORM_TYPES = 100;

/** The largest file of a form (5 GB). @see https://www.alibabacloud.com/help/en/oss/developer-reference/postobject */
const MAX_FORM_BYTES = MAX_PUT_BYTES;

/**
 * The keys of a form.
 * @throws WaybillError `input` with field `slots` or `prefix`
 */
export function formKeys({ prefix, slots }: Pick<FormLimits, 'prefix' | 'slots'>): FormKeys {
  if (/\p{Cc}/u.test(prefix) || !/(^|\/)$/.test(prefix)) throw refused('prefix', 'form-prefix');
  checkPlaceholder('prefix', prefix);
  if (slots === null) {
    checkKey(prefix + '0'.repeat(NAME_BYTES));
    return { kind: 'prefix', prefix };
  }
  const keys = slotNames(slots, prefix).map((name) => prefix + name);
  const bytes = keys.reduce((sum, key) => sum + Buffer.byteLength(key), 0);
  if (keys.length > MAX_FORM_SLOTS || bytes > MAX_FORM_KEY_BYTES) {
    throw refused('slots', 'form-slots', `1…${MAX_FORM_SLOTS}`);
  }
  for (const key of keys) checkPlaceholder('slots', key);
  return { kind: 'slots', keys };
}

/** OSS replaces `${filename}` by the name of the file after it has checked the policy, so that any key could result. */
function checkPlaceholder(field: string, key: string): void {
  if (key.includes('${')) throw refused(field, 'form-filename');
}

/** Everything about a form that OSS would refuse or misread, each with the rule and the allowed range. */
export function formProblems(limits: FormLimits): readonly InputFailure[] {
  const problems: InputFailure[] = [];
  orProblem(problems, () => formKeys(limits));
  orProblem(problems, () => checkSizes(limits.sizeBytes));
  orProblem(problems, () => checkTypes(limits.contentTypes));
  orProblem(problems, () => checkTags(Object.entries(limits.tags ?? {})));
  return problems;
}

function checkSizes({ min, max }: FormLimits['sizeBytes']): void {
  const isRange = Number.isInteger(min) && Number.isInteger(max) && min >= 0 && min <= max && max >= 1;
  if (!isRange || max > MAX_FORM_BYTES) throw refused('sizeBytes', 'size-range', `0…${MAX_FORM_BYTES}`);
}

/** A type without parameters, which browsers don't add to a file's type. @see RFC 6838, section 4.2 */
function checkTypes(types: readonly string[]): void {
  if (types.length > MAX_FORM_TYPES) throw refused('contentTypes', 'form-types', `1…${MAX_FORM_TYPES}`);
  const invalid = types.find((type) => !/^[a-z0-9][\w!#$&^.+-]{0,126}\/[a-z0-9][\w!#$&^.+-]{0,126}$/i.test(type));
  if (invalid !== undefined) throw refused('contentTypes', 'content-type', invalid.slice(0, 80));
}

/**
 * Fields that every upload sends, and the conditions that hold it to the limits. What is pinned has to be sent: OSS refuses
 * a form without a field that a condition names, even with an empty value among those allowed.
 * @see https://www.alibabacloud.com/help/en/oss/user-guide/0006-00000226
 */
export function formTerms(
  limits: FormLimits,
  keys: FormKeys,
): { readonly conditions: readonly PostCondition[]; readonly fields: readonly FormField[] } {
  const { sizeBytes, contentTypes, acl = 'private', attachment = true, tags = {}, storageClass } = limits;
  const tagging = taggingHeader(Object.entries(tags));
  const status: FormField = ['success_action_status', '200'];
  const fields: readonly FormField[] = [
    ...(limits.forbidOverwrite ? [['x-oss-forbid-overwrite', 'true'] as const] : []),
    ...(attachment ? [['Content-Disposition', 'attachment'] as const] : []),
    // OSS accepts fields that no condition names: without this one, what a stranger sends could be made public.
    ...(acl === null ? [] : [['x-oss-object-acl', acl] as const]),
    ...(tagging === '' ? [] : [['x-oss-tagging', tagging] as const]),
    ...(storageClass === undefined ? [] : [['x-oss-storage-class', storageClass] as const]),
  ];
  return {
    fields: [status, ...fields],
    conditions: [
      keys.kind === 'prefix' ? ['starts-with', '$key', keys.prefix] : ['in', '$key', keys.keys],
      ['content-length-range', sizeBytes.min, sizeBytes.max],
      ...[status, ...fields].map(([name, value]) => ({ [name]: value })),
      // Never `not-in`, which may let pass a form without the field: then the file's own type counts.
      ...(contentTypes.length === 0 ? [] : [['in', '$x-oss-content-type', contentTypes] as const]),
    ],
  };
}

function refused(field: string, rule: string, limit?: string): WaybillError {
  return new WaybillError({ kind: 'input', field, rule, ...(limit === undefined ? {} : { limit }) });
}
