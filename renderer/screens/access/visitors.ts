import type { AccessRule, Principal } from '../../../main/contract/contract.ts';

/** A rule that is understood. */
export type ReadRule = Extract<AccessRule, { readonly kind: 'read' }>;

/** Somebody whom rules let in. */
export interface Visitor {
  /** As policies write it; '' for an empty list, which names everyone. */
  readonly written: string;
  readonly principal: Principal;
  readonly rules: readonly ReadRule[];
}

/** Rules by whom they let in, in the order of the policy. */
export function visitorsOf(rules: readonly ReadRule[]): readonly Visitor[] {
  const found = new Map<string, { principal: Principal; rules: ReadRule[] }>();
  for (const rule of rules) {
    const everyone = { principal: { kind: 'everyone' } as const, text: '' };
    for (const { principal, text } of rule.who.length === 0 ? [everyone] : rule.who) {
      const known = found.get(text) ?? { principal, rules: [] };
      known.rules.push(seenBy(principal, rule));
      found.set(text, known);
    }
  }
  return [...found].map(([written, known]) => ({ written, ...known }));
}

/** What is easily overlooked about others isn't told of somebody who is named beside them. */
const aboutOthers: readonly ReadRule['traps'][number][] = ['public', 'counts-as-public', 'names-nobody'];

function seenBy({ kind }: Principal, rule: ReadRule): ReadRule {
  const isByName = kind === 'account' || kind === 'session';
  return isByName ? { ...rule, traps: rule.traps.filter((trap) => !aboutOthers.includes(trap)) } : rule;
}
