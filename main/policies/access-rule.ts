import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Statement } from '../links/revoking/policy-text.ts';
import { type Condition, endOf, readConditions } from './condition.ts';
import { liesWithin, type Place, placeOfResource, touches } from './place.ts';
import { type Principal, readPrincipal } from './principal.ts';
import { readRights, type Rights } from './rights.ts';
import { type Trap, trapsOf } from './traps.ts';
import { matchesPattern } from './wildcards.ts';

/** A statement of a bucket's policy, as far as it is understood. `json` is the whole of it, indented where that is safe. */
export type AccessRule =
  | {
      readonly kind: 'read';
      readonly id: string;
      readonly effect: 'allow' | 'deny';
      /** As written; empty: everyone. */
      readonly who: readonly { readonly principal: Principal; readonly text: string }[];
      readonly rights: Rights;
      readonly places: readonly Place[];
      readonly conditions: readonly Condition[];
      /** When it stops counting, in Unix milliseconds; null: never. */
      readonly until: number | null;
      readonly traps: readonly Trap[];
      readonly json: string;
    }
  | { readonly kind: 'other'; readonly id: string; readonly json: string };

/** Where and when a rule is read. */
export interface Reading {
  readonly bucket: string;
  readonly now: number;
  /** Whether Block Public Access is on, null if unknown. */
  readonly isBlocked: boolean | null;
}

const texts = z.union([z.string().transform((text) => [text]), z.array(z.string())]);
const statementSchema = z.strictObject({
  Effect: z.enum(['Allow', 'Deny']),
  Action: texts,
  Principal: texts,
  Resource: texts,
  Condition: z.record(z.string(), z.record(z.string(), texts)).optional(),
});

/**
 * Reads a statement. One that has anything without words is not half understood: it is shown as it is.
 * @param text as the policy writes it
 */
export function readRule(
  statement: Statement,
  { bucket, now, isBlocked }: Reading,
  text: string = JSON.stringify(statement),
): AccessRule {
  const shown = { id: ruleId(statement), json: indented(statement, text) };
  const { data } = statementSchema.safeParse(statement);
  if (data === undefined) return { kind: 'other', ...shown };
  const effect = data.Effect === 'Allow' ? 'allow' : 'deny';
  const who = data.Principal.map((text) => ({ principal: readPrincipal(text), text }));
  const places = data.Resource.map((resource) => placeOfResource(resource, bucket));
  const written = data.Condition ?? {};
  const conditions = readConditions(written);
  const until = endOf(conditions);
  const starts = conditions.flatMap((one) => (one.kind === 'from' ? [one.at] : []));
  const from = starts.reduce<number | null>((latest, at) => Math.max(latest ?? at, at), null);
  const principals = who.map(({ principal }) => principal);
  const traps = trapsOf({ effect, principals, places, written, from, until }, { now, isBlocked });
  return {
    ...{ kind: 'read', ...shown, effect, who, rights: readRights(data.Action), places, conditions, until, traps },
  };
}

/** Indented where that says the same: parsing may round a number, or drop a name that is there twice. */
function indented(statement: Statement, text: string): string {
  return isWhole(statement, text) ? JSON.stringify(statement, null, 2) : text;
}

/** Whether parsing a text has lost nothing of it. */
export function isWhole(parsed: unknown, text: string): boolean {
  const bare = (json: string): string => json.replaceAll(/\s/g, '');
  return bare(text) === bare(JSON.stringify(parsed));
}

/** Names a statement by what it says: OSS has no names for them, and their places change. */
export function ruleId(statement: Statement): string {
  return createHash('sha256').update(JSON.stringify(statement)).digest('hex').slice(0, 12);
}

/** Whether a rule says something about what is below a prefix. One that isn't understood may. */
export function concerns(rule: AccessRule, prefix: string): boolean {
  if (rule.kind === 'other' || prefix === '') return true;
  return rule.places.some((place) => touches(place, prefix, listedBy(rule)));
}

/** Whether a rule says nothing about anything else than what is below a prefix. */
export function isWithin(rule: AccessRule, prefix: string): boolean {
  if (rule.kind === 'other') return prefix === '';
  return rule.places.every((place) => liesWithin(place, prefix, listedBy(rule)));
}

/**
 * Whether a rule may allow something now to a principal, named as policies name it, or to some of those that this names: the
 * sessions of a role. Upper and lower case count as the same, since ARNs of roles are often written in small letters. What isn't
 * understood may allow anything, unless it denies.
 */
export function mayAllow(rule: AccessRule, principal: string): boolean {
  if (rule.kind === 'other') return !isDeny(rule.json);
  if (rule.effect === 'deny' || rule.traps.includes('expired') || rule.traps.includes('blocked')) return false;
  const named = principal.toLowerCase();
  return (
    rule.who.length === 0 ||
    rule.who.some(({ text }) => {
      const one = text.toLowerCase();
      return matchesPattern(one, named) || (named !== '*' && matchesPattern(named, one));
    })
  );
}

function isDeny(json: string): boolean {
  return z.looseObject({ Effect: z.literal('Deny') }).safeParse(JSON.parse(json)).success;
}

/** The prefixes that a rule lets be listed, as patterns; null: any. */
function listedBy({ conditions }: Extract<AccessRule, { readonly kind: 'read' }>): readonly string[] | null {
  const lists = conditions.flatMap((one) => (one.kind === 'listing' ? [one.values] : []));
  return lists[0] ?? null;
}
