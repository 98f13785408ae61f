import { Refusal, accessDenied } from '../protocol/refusal.ts';

/** One condition of a form's policy. Names are in lower case, without the `$` that may stand before them. */
type PostCondition =
  | { readonly test: 'eq' | 'starts-with'; readonly field: string; readonly expected: string; readonly text: string }
  | {
      readonly test: 'in' | 'not-in';
      readonly field: string;
      readonly expected: readonly string[];
      readonly text: string;
    }
  | ({ readonly test: 'content-length-range' } & SizeRange);

/** Bytes that a file may have, both ends included. */
export interface SizeRange {
  readonly min: number;
  readonly max: number;
}

/** The policy of a form: until when, and with which values, it may be sent. */
export interface PostPolicy {
  /** Unix milliseconds. */
  readonly expiresAt: number;
  readonly conditions: readonly PostCondition[];
}

/** What a policy is held against. */
export interface PostedForm {
  readonly bucket: string;
  /** Values before `${filename}` is filled in, as OSS compares them; names in lower case. */
  readonly fields: ReadonlyMap<string, string>;
  /** Fields that the policy must name, with those of each V4 signature. */
  readonly mustBeNamed: readonly string[];
  /** The server's clock, Unix milliseconds. */
  readonly nowMs: number;
}

/**
 * Parses the `policy` field.
 * @throws Refusal `InvalidPolicyDocument` with the EC of OSS's page about that mistake
 * @see https://help.aliyun.com/zh/oss/user-guide/0006-00000201 … 0006-00000224
 */
export function parsePostPolicy(base64: string): PostPolicy {
  const document = jsonOf(base64);
  if (!isRecord(document)) throw invalidPolicy('The policy must be a JSON object.', '204');
  const { expiration, conditions } = document;
  if (conditions === undefined) throw invalidPolicy('Missing conditions.', '207');
  if (expiration === undefined) throw invalidPolicy('Missing expiration.', '208');
  if (typeof expiration !== 'string') throw invalidPolicy('The expiration must be a string.', '210');
  if (expiration === '') throw invalidPolicy('The expiration is empty.', '211');
  const isTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z$/.test(expiration);
  const expiresAt = isTime ? Date.parse(expiration) : Number.NaN;
  if (Number.isNaN(expiresAt)) throw invalidPolicy('The expiration is not in ISO 8601 format.', '212');
  if (!Array.isArray(conditions)) throw invalidPolicy('The conditions must be a list.', '214');
  if (conditions.length === 0) throw invalidPolicy('The conditions are empty.', '215');
  return { expiresAt, conditions: conditions.flatMap(conditionsOf) };
}

/**
 * Holds a form against its policy. A field that a condition names must be there, whatever the condition; one that no
 * condition names may have any value.
 * @returns the sizes that the file may have, null without a limit
 * @throws Refusal `AccessDenied`
 */
export function checkPostPolicy({ expiresAt, conditions }: PostPolicy, form: PostedForm): SizeRange | null {
  if (form.nowMs > expiresAt) throw against('Policy expired.', '213');
  const named = new Set<string>();
  let range: SizeRange | null = null;
  for (const condition of conditions) {
    if (condition.test === 'content-length-range') {
      const { min, max } = condition;
      range = range === null ? { min, max } : { min: Math.max(range.min, min), max: Math.min(range.max, max) };
      continue;
    }
    named.add(condition.field);
    const value = condition.field === 'bucket' ? form.bucket : form.fields.get(condition.field);
    if (value === undefined) throw against(`Policy Condition failed: ${condition.text}`, '226');
    if (!holds(condition, value)) throw against(`Policy Condition failed: ${condition.text}`, '227');
  }
  const extra = form.mustBeNamed.find((name) => !named.has(name));
  if (extra !== undefined) throw against(`Extra input fields: ${extra}`, '228');
  return range;
}

function holds(condition: Exclude<PostCondition, { test: 'content-length-range' }>, value: string): boolean {
  switch (condition.test) {
    case 'eq':
      return value === condition.expected;
    case 'starts-with':
      return value.startsWith(condition.expected);
    case 'in':
      return condition.expected.includes(value);
    case 'not-in':
      return !condition.expected.includes(value);
  }
}

function jsonOf(base64: string): unknown {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) throw invalidPolicy('The policy is not in Base64.', '202');
  const text = utf8Of(Buffer.from(base64, 'base64'));
  if (text === null) throw invalidPolicy('The policy is not in UTF-8.', '203');
  try {
    return JSON.parse(text);
  } catch {
    throw invalidPolicy('The policy is not valid JSON.', '204');
  }
}

function utf8Of(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** `{"name": "value"}`, or a list that begins with the way to compare. */
function conditionsOf(value: unknown): readonly PostCondition[] {
  if (Array.isArray(value)) return [listedCondition(value)];
  if (!isRecord(value)) throw invalidPolicy('A condition must be a map or a list.', '222');
  const entries = Object.entries(value);
  const [field, expected] = entries[0] ?? [];
  if (entries.length !== 1 || field === undefined) {
    throw invalidPolicy('Invalid Simple-Condition: Simple-Conditions must have exactly one property specified.');
  }
  return [compared('eq', field, expected)];
}

function listedCondition([test, ...rest]: readonly unknown[]): PostCondition {
  if (rest.length === 0) throw invalidPolicy('A condition lacks its values.', '216');
  if (rest.length !== 2) throw invalidPolicy('A condition must have two values.', '218');
  const [first, second] = rest;
  switch (test) {
    case 'content-length-range':
      return rangeOf(first, second);
    case 'eq':
    case 'starts-with':
    case 'in':
    case 'not-in':
      return compared(test, first, second);
    default:
      throw invalidPolicy('A condition begins with no way to compare.', '216');
  }
}

function compared(test: 'eq' | 'starts-with' | 'in' | 'not-in', name: unknown, expected: unknown): PostCondition {
  if (typeof name !== 'string') throw invalidPolicy('The name of a field must be a string.', '224');
  const bare = name.replace(/^\$/, '');
  const field = bare.toLowerCase();
  const text = `[${[test, `$${bare}`, expected].map((one) => JSON.stringify(one)).join(', ')}]`;
  if (test === 'in' || test === 'not-in') {
    if (!isTexts(expected)) throw invalidPolicy(`The values of ${test} must be a list of strings.`, '224');
    return { test, field, expected, text };
  }
  if (typeof expected !== 'string') throw invalidPolicy(`The value of ${test} must be a string.`, '224');
  return { test, field, expected, text };
}

/** OSS's pages ask for positive integers, and show 0 as the smaller one. */
function rangeOf(min: unknown, max: unknown): PostCondition {
  if (!isSize(min)) throw invalidPolicy('The range of content-length-range must be integers.', '223');
  if (!isSize(max)) throw invalidPolicy('The range of content-length-range must be integers.', '221');
  if (max < min) throw invalidPolicy('The range of content-length-range is empty.', '219');
  return { test: 'content-length-range', min, max };
}

function isSize(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `page`: the last three digits of the EC. */
function invalidPolicy(message: string, page?: string): Refusal {
  return new Refusal(400, {
    code: 'InvalidPolicyDocument',
    message: `Invalid Policy: ${message}`,
    ...(page === undefined ? {} : { ec: `0006-00000${page}` }),
  });
}

function against(message: string, page: string): Refusal {
  return accessDenied(`Invalid according to Policy: ${message}`, `0006-00000${page}`);
}
