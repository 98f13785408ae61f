import { z } from 'zod';
import { WaybillError } from '../failure.ts';
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

/** What is wrong with a policy, by the name of the rule; null for a good one. */
type PolicyFault = 'policy-not-json' | 'policy-shape' | 'policy-too-long';

/** Looks at the text of a session policy as AssumeRole will: JSON, a policy, and short enough without its blanks. */
export function policyFault(text: string): PolicyFault | null {
  const value = parseJson(text);
  if (value === undefined) return 'policy-not-json';
  if (!document.safeParse(value).success) return 'policy-shape';
  return JSON.stringify(value).length > MAX_POLICY_CHARACTERS ? 'policy-too-long' : null;
}

/** Whether AssumeRole would take the text as a session policy. */
export function isSessionPolicy(text: string): boolean {
  return policyFault(text) === null;
}

/** The policy without blanks, as it is sent: its length has a limit. @throws WaybillError `input` naming what is wrong */
export function compactPolicy(text: string): string {
  const rule = policyFault(text);
  if (rule === null) return JSON.stringify(parseJson(text));
  const limit = rule === 'policy-too-long' ? { limit: String(MAX_POLICY_CHARACTERS) } : {};
  throw new WaybillError({ kind: 'input', field: 'policy', rule, ...limit });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
