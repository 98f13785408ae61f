import type { AccessReport, AccessRule, NewAccess, Principal, TakenAway } from '../../../main/contract/contract.ts';
import { Attempt } from '../../lib/attempt.svelte.ts';
import type { call } from '../../lib/bridge.ts';
import type { FolderRef } from '../../lib/subjects.ts';

/** A rule that is understood. */
export type ReadRule = Extract<AccessRule, { readonly kind: 'read' }>;

/** Somebody whom rules let in. */
export interface Visitor {
  /** As policies write it; '' for an empty list, which names everyone. */
  readonly written: string;
  readonly principal: Principal;
  readonly rules: readonly ReadRule[];
}

/** Who has access to a bucket or a folder, as its policy says, and what changes that. */
export class BucketAccess {
  readonly #place: FolderRef;
  readonly #call: typeof call;
  report = $state.raw<AccessReport | null>(null);
  /** Whether this dialog has changed the policy. */
  isChanged = $state(false);
  readonly loading = new Attempt();
  readonly changing = new Attempt();

  readonly #rules = $derived.by(() => (this.report?.policy.kind === 'read' ? this.report.policy.rules : []));
  readonly denials = $derived.by(() => this.#read('deny'));
  readonly others = $derived.by(() => this.#rules.filter(({ kind }) => kind === 'other'));
  readonly visitors = $derived.by(() => visitorsOf(this.#read('allow')));

  constructor(place: FolderRef, callMain: typeof call) {
    this.#place = place;
    this.#call = callMain;
  }

  load(): Promise<boolean> {
    return this.loading.rerun(
      () => this.#call('access.read', this.#place),
      (report) => (this.report = report),
    );
  }

  /** What takes a visitor's access to this place away, and to no other. */
  takenFrom({ written, rules }: Visitor): readonly TakenAway[] {
    return rules
      .filter(({ id }) => !this.isWider(id))
      .map(({ id }) => ({ id, principal: written === '' ? null : written }));
  }

  /** Whether a rule is about more than this place. */
  isWider(id: string): boolean {
    return this.report?.policy.kind === 'read' && this.report.policy.wider.includes(id);
  }

  take(taken: readonly TakenAway[]): Promise<boolean> {
    return this.#change(() => this.#call('access.take', { ...this.#place, taken: [...taken] }));
  }

  give(wanted: NewAccess): Promise<boolean> {
    return this.#change(() => this.#call('access.give', { ...this.#place, wanted }));
  }

  #change(change: () => Promise<AccessReport>): Promise<boolean> {
    this.isChanged = false;
    return this.changing.run(change, (report) => {
      this.report = report;
      this.isChanged = true;
    });
  }

  #read(effect: ReadRule['effect']): readonly ReadRule[] {
    return this.#rules.flatMap((rule) => (rule.kind === 'read' && rule.effect === effect ? [rule] : []));
  }
}

/** By whom they let in, in the order of the policy. */
function visitorsOf(rules: readonly ReadRule[]): readonly Visitor[] {
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
