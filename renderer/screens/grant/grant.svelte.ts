import type { Account, ArgsOf, GrantCard, GrantPreview, Permission, Results } from '../../../main/contract/contract.ts';
import { isSourceIp, rights } from '../../parts/permissions/permissions.ts';
import { type HandoutFormat, mostNames, readLimitMinutes } from './grant-choices.ts';
import { Planning } from '../../parts/planning.svelte.ts';
import { Passphrase } from '../../parts/passphrase.svelte.ts';
import { Attempt } from '../../lib/attempt.svelte.ts';
import { isRoleArn, readMinutes } from '../../parts/role-session.ts';
import type { call } from '../../lib/bridge.ts';
import type { ObjectsRef } from '../../lib/subjects.ts';

type GrantField = 'allow' | 'minutes' | 'sourceIp' | 'roleArn' | 'policy';
type Problem = 'none' | 'range' | 'source-ip' | 'role-arn' | 'too-many' | 'too-long' | 'faulty';

/** The form for temporary access. The secrets of the grant stay in main. */
export class GrantForm {
  readonly target: ObjectsRef;
  readonly account: Account | null;
  readonly #call: typeof call;
  readonly #previewing = new Planning<GrantPreview>();
  readonly #checking = new Attempt();

  allow = $state.raw<readonly Permission[]>(['read', 'list']);
  minutes = $state('60');
  sourceIp = $state('');
  /** Required if the account has no role. */
  roleArn = $state('');
  recipient = $state('');
  /** The policy as the user edited it; null for the smallest policy. */
  policy = $state.raw<string | null>(null);
  /** Main's findings about the edited policy; null until it has answered. */
  policyCheck = $state.raw<Results['grants.checkPolicy'] | null>(null);
  readonly making = new Attempt();

  card = $state.raw<GrantCard | null>(null);
  format = $state.raw<HandoutFormat>('env');
  readonly passphrase: Passphrase;
  /** The text copied last, with its secrets masked. */
  shown = $state.raw<string | null>(null);
  readonly copying = new Attempt();
  copied = $state(false);

  readonly failure = $derived(
    this.making.failure ?? this.copying.failure ?? this.#previewing.failure ?? this.#checking.failure,
  );
  readonly problems = $derived(this.#problems());
  readonly canMake = $derived(Object.keys(this.problems).length === 0 && this.preview !== null);

  constructor(target: ObjectsRef, account: Account | null, callMain: typeof call) {
    this.target = target;
    this.account = account;
    this.#call = callMain;
    this.passphrase = new Passphrase('grant', callMain);
  }

  /** The smallest policy for the current choices; null while they aren't valid. */
  get preview(): GrantPreview | null {
    return this.#previewing.answer;
  }

  /** A whole bucket is represented by the empty prefix. */
  get isBucket(): boolean {
    return this.target.prefixes.includes('');
  }

  get canCopy(): boolean {
    return this.format !== 'code' || this.passphrase.isEnough;
  }

  get hasRole(): boolean {
    return (this.account?.role ?? null) !== null;
  }

  toggle(right: Permission, on: boolean): void {
    this.allow = rights.filter((other) => (other === right ? on : this.allow.includes(other)));
  }

  choose(format: HandoutFormat): void {
    this.format = format;
    this.shown = null;
    this.copied = false;
    this.copying.discard();
    this.making.failure = null;
  }

  /** The maximum in whole minutes that STS named when it refused a longer session; null until then. */
  get mostMinutes(): number | null {
    const { failure } = this;
    if (failure?.kind !== 'input' || failure.rule !== 'session-too-long') return null;
    return readLimitMinutes(failure.limit ?? '');
  }

  /** Null restores the smallest policy. */
  editPolicy(text: string | null): void {
    this.policy = text;
    this.policyCheck = null;
    this.#checking.drop();
    this.making.failure = null;
  }

  /** Has main check the edited policy. */
  async checkPolicy(): Promise<void> {
    const text = this.policy;
    if (text === null) return;
    await this.#checking.rerun(
      () => this.#call('grants.checkPolicy', { text }),
      (check) => (this.policyCheck = check),
    );
  }

  /** Has main create the smallest policy for the current choices. */
  async refreshPreview(): Promise<void> {
    const { allow, sourceIp } = this.problems;
    const isReady = allow === undefined && sourceIp === undefined && this.problems.policy !== 'too-many';
    const ask = () => this.#call('grants.preview', { accountId: this.target.accountId, scope: this.#scope() });
    await this.#previewing.refresh(isReady ? ask : null, ({ roleArn }) => {
      if (this.roleArn === '' && !this.hasRole) this.roleArn = roleArn ?? '';
      this.making.failure = null;
    });
  }

  async make(): Promise<void> {
    const minutes = readMinutes(this.minutes);
    if (!this.canMake || minutes === null) return;
    const request = {
      accountId: this.target.accountId,
      scope: this.#scope(),
      policy: this.policy,
      durationSeconds: minutes * 60,
      roleArn: this.hasRole ? null : this.roleArn.trim(),
      sessionName: null,
      note: '',
      recipient: this.recipient.trim(),
    };
    await this.making.run(
      () => this.#call('grants.make', request),
      (card) => (this.card = card),
    );
  }

  /** Copies the grant in the chosen format. */
  async copy(): Promise<void> {
    const { card, format } = this;
    if (card === null || !this.canCopy) return;
    const passphrase = format === 'code' ? this.passphrase.text : null;
    await this.copying.run(
      () => this.#call('grants.copy', { grantId: card.grantId, format, passphrase }),
      ({ shown }) => {
        this.shown = shown;
        this.copied = true;
      },
    );
  }

  forgetSecrets(): void {
    this.passphrase.forget();
  }

  #scope(): ArgsOf<'grants.preview'>['scope'] {
    const { bucket, keys, prefixes } = this.target;
    const sourceIp = this.sourceIp.trim();
    return {
      bucket,
      keys: [...keys],
      prefixes: [...prefixes],
      allow: [...this.allow],
      sourceIp: sourceIp === '' ? null : sourceIp,
    };
  }

  #problems(): Partial<Record<GrantField, Problem>> {
    const problems: Partial<Record<GrantField, Problem>> = {};
    if (this.allow.length === 0) problems.allow = 'none';
    if (readMinutes(this.minutes) === null) problems.minutes = 'range';
    if (this.sourceIp.trim() !== '' && !isSourceIp(this.sourceIp.trim())) problems.sourceIp = 'source-ip';
    if (!this.hasRole && !isRoleArn(this.roleArn.trim())) problems.roleArn = 'role-arn';
    const policy = this.#policyProblem();
    if (policy !== null) problems.policy = policy;
    return problems;
  }

  #policyProblem(): Extract<Problem, 'too-many' | 'too-long' | 'faulty'> | null {
    const { keys, prefixes } = this.target;
    if (this.policy !== null) return this.policyCheck?.fault === null ? null : 'faulty';
    if (keys.length > mostNames || prefixes.length > mostNames) return 'too-many';
    return this.preview !== null && this.preview.characters > this.preview.limit ? 'too-long' : null;
  }
}
