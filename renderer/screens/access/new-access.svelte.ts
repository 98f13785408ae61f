import type { NewAccess, Permission, Results } from '../../../main/contract/contract.ts';
import type { call } from '../../lib/bridge.ts';
import { type ExpiryChoice, type ExpiryForm, type ExpiryProblem, readExpiry } from '../../lib/expiry.ts';
import type { FolderRef } from '../../lib/subjects.ts';
import { isSourceIp, rights } from '../../parts/permissions/permissions.ts';
import { Planning } from '../../parts/planning.svelte.ts';

/** Whom a form gives access to. */
export type Receiver = 'account' | 'role' | 'everyone';
export const receivers: readonly Receiver[] = ['account', 'role', 'everyone'];

/** What everyone can be given, at most. */
const forEveryone: readonly Permission[] = ['read', 'list'];

const usualSeconds = 604_800;

/** The fields of access that is about to be given. */
export class NewAccessForm implements ExpiryForm {
  readonly #place: FolderRef;
  readonly #call: typeof call;
  receiver = $state<Receiver>('account');
  who = $state('');
  allow = $state.raw<readonly Permission[]>(forEveryone);
  addresses = $state('');
  vpc = $state('');
  options = $state.raw<{ readonly expiry: ExpiryChoice }>({ expiry: { by: 'preset', seconds: usualSeconds } });
  /** Whether the person tried to give it, so that problems show. */
  isTried = $state(false);
  /** Whether the statements show, for whoever may change the policy. */
  isStatementOpen = $state(false);
  readonly planning = new Planning<Results['access.plan']>();

  readonly #seconds = $derived.by(() => readExpiry(this.options.expiry, Date.now()));
  readonly expiryProblem = $derived.by((): ExpiryProblem | null =>
    typeof this.#seconds === 'number' ? null : this.#seconds,
  );
  readonly rights = $derived.by(() => (this.receiver === 'everyone' ? forEveryone : rights));
  readonly given = $derived.by(() => this.rights.filter((right) => this.allow.includes(right)));
  readonly problems = $derived.by(() => ({
    who: this.receiver !== 'everyone' && this.who.trim() === '',
    allow: this.given.length === 0,
    vpc: this.vpc.trim() !== '' && !/^vpc-[a-z0-9]{1,40}$/.test(this.vpc.trim()),
    addresses: !this.#list.every(isSourceIp),
  }));
  readonly #list = $derived.by(() => this.addresses.split(/[\s,;]+/).filter((one) => one !== ''));

  constructor(place: FolderRef, callMain: typeof call) {
    this.#place = place;
    this.#call = callMain;
  }

  get plan(): Results['access.plan'] | null {
    return this.planning.answer;
  }

  set({ expiry }: { readonly expiry: ExpiryChoice }): void {
    this.options = { expiry };
  }

  toggle(right: Permission, on: boolean): void {
    this.allow = on ? [...this.allow, right] : this.allow.filter((one) => one !== right);
  }

  /** What is asked for; null while something is wrong, which then shows. */
  wanted(): NewAccess | null {
    this.isTried = true;
    return this.#wanted();
  }

  /** Asks main for the statements; there are none while something is wrong. */
  async preview(): Promise<void> {
    const wanted = this.#wanted();
    await this.planning.refresh(wanted && (() => this.#call('access.plan', { ...this.#place, wanted })));
  }

  #wanted(): NewAccess | null {
    const seconds = this.#seconds;
    const isWrong = Object.values(this.problems).includes(true);
    if (isWrong || typeof seconds !== 'number') return null;
    const vpc = this.vpc.trim();
    return {
      who: this.receiver === 'everyone' ? 'everyone' : this.who.trim(),
      allow: [...this.given],
      until: Date.now() + seconds * 1000,
      addresses: [...this.#list],
      vpc: vpc === '' ? null : vpc,
    };
  }
}
