import { z } from 'zod';
import { WaybillError } from '../../failure.ts';
import { MAX_POLICY_CHARACTERS } from './sts-limits.ts';

const texts = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]);
const statement = z
  .strictObject({
    Effect: z.enum(['Allow', 'Deny']),
    Action: texts.optional(),
    NotAction: texts.optional(),
    Resource: texts.optional(),
    NotResource: texts.optional(),
    Condition: z.record(z.string(), z.record(z.string(), texts)).optional(),
  })
  .refine(({ Action, NotAction }) => (Action === undefined) !== (NotAction === undefined))
  .refine(({ Resource, NotResource }) => (Resource === undefined) !== (NotResource === undefined));
/** @see https://www.alibabacloud.com/help/en/ram/user-guide/policy-structure-and-syntax */
const document = z.strictObject({ Version: z.literal('1'), Statement: z.array(statement).min(1) });

/** What is wrong with a policy, and where. Lines and columns are 1-based. */
export type PolicyFault =
  | { readonly rule: 'policy-not-json'; readonly at: { readonly line: number; readonly column: number } }
  /** `at`: a path such as `Statement[0].Effect`; empty for the document itself. */
  | { readonly rule: 'policy-shape'; readonly at: string }
  | { readonly rule: 'policy-too-long' };

/**
 * Checks a session policy as AssumeRole does: valid JSON, valid policy, at most 2,048 characters without whitespace.
 */
export function policyFault(text: string): PolicyFault | null {
  const value = parseJson(text);
  if (value instanceof SyntaxError) return { rule: 'policy-not-json', at: placeOf(text) };
  const parsed = document.safeParse(value);
  if (!parsed.success) return { rule: 'policy-shape', at: pathOf(parsed.error.issues[0]?.path ?? []) };
  return JSON.stringify(value).length > MAX_POLICY_CHARACTERS ? { rule: 'policy-too-long' } : null;
}

/** Whether AssumeRole would accept this session policy. */
export function isSessionPolicy(text: string): boolean {
  return policyFault(text) === null;
}

/**
 * Whether a session policy allows nothing outside one bucket, so that the policy of that bucket can deny all that it allows.
 * Where it can't be told, as with `NotResource` or a wildcard in the name of the bucket, it may.
 */
export function staysInBucket(text: string, bucket: string): boolean {
  const parsed = document.safeParse(parseJson(text));
  if (!parsed.success) return false;
  const listed = (texts: string | readonly string[] | undefined): readonly string[] => [texts ?? '*'].flat();
  return parsed.data.Statement.every(({ Effect, Action, Resource }) => {
    if (Effect === 'Deny') return true;
    const isOss = listed(Action).every((action) => /^oss:/i.test(action));
    return isOss && listed(Resource).every((resource) => bucketIn(resource) === bucket);
  });
}

/** The bucket that a resource names, as it is written; null where it names none. */
function bucketIn(resource: string): string | null {
  return /^acs:oss:[^:]*:[^:]*:([^/]*)/.exec(resource)?.[1] ?? null;
}

/** The policy without whitespace, as sent to STS. @throws WaybillError `input` with the rule that it breaks */
export function compactPolicy(text: string): string {
  const fault = policyFault(text);
  if (fault === null) return JSON.stringify(parseJson(text));
  const { rule } = fault;
  const limit = rule === 'policy-too-long' ? { limit: String(MAX_POLICY_CHARACTERS) } : {};
  throw new WaybillError({ kind: 'input', field: 'policy', rule, ...limit });
}

/** The JSON value, or the SyntaxError. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    return error;
  }
}

/** Where the text stops being JSON. */
function placeOf(text: string): { readonly line: number; readonly column: number } {
  const before = text.slice(0, faultOffset(text)).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

/** V8 reports a position for some errors only, so search for the longest prefix that could still become JSON. */
function faultOffset(text: string): number {
  if (isJsonPrefix(text)) return text.trimEnd().length;
  let [good, bad] = [0, text.length];
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    if (isJsonPrefix(text.slice(0, middle))) good = middle;
    else bad = middle;
  }
  return good;
}

/** Whether the text is JSON, or a prefix of some JSON. */
function isJsonPrefix(text: string): boolean {
  const error = parseJson(text);
  if (!(error instanceof SyntaxError)) return true;
  const position = /position (\d+)/.exec(error.message)?.[1];
  return position === undefined
    ? /end of JSON input|Unterminated/.test(error.message)
    : Number(position) >= text.length;
}

function pathOf(path: readonly PropertyKey[]): string {
  return path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`))
    .join('')
    .replace(/^\./, '');
}
