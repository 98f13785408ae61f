import type { AccessReport, NewAccess, TakenAway } from '../../../main/contract/contract.ts';
import { Attempt } from '../../lib/attempt.svelte.ts';
import type { call } from '../../lib/bridge.ts';
import type { FolderRef } from '../../lib/subjects.ts';
import { type ReadRule, type Visitor, visitorsOf } from './visitors.ts';

/** Who has access to a bucket or a folder, as its policy says, and what changes that. */
export class PolicyAccess {
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
