import type { AccountDraft } from '../../../main/contract/contract.ts';
import type { call } from '../../lib/bridge.ts';
import { isRoleArn, isSessionName, minutesOf, readMinutes } from '../../parts/role-session.ts';
import type { AccountField, Problem } from './account-problems.ts';

type Role = NonNullable<AccountDraft['role']>;

/** What the fields of a role show. */
export type RoleTexts = Readonly<
  Record<'arn' | 'sessionName' | 'minutes' | 'externalId' | 'sourceIdentity' | 'sessionPolicy', string>
>;

/** The role that an account assumes with its own credentials; none while `arn` is empty. */
export class RoleFields {
  arn = $state('');
  sessionName = $state('waybill');
  minutes = $state('60');
  externalId = $state('');
  sourceIdentity = $state('');
  sessionPolicy = $state('');
  /** The exact length behind `minutes`, which show no seconds. Used until they are edited. */
  exactSeconds: number | null = null;

  /** The session policy that main refused; others may do. */
  #refusedPolicy = $state<string | null>(null);

  readonly isSet = $derived(this.arn.trim() !== '');

  fill(role: Role): void {
    this.arn = role.roleArn;
    this.sessionName = role.sessionName;
    this.minutes = minutesOf(role);
    this.exactSeconds = role.durationSeconds;
    this.externalId = role.externalId ?? '';
    this.sourceIdentity = role.sourceIdentity ?? '';
    this.sessionPolicy = role.sessionPolicy ?? '';
  }

  /** Has main read the session policy, which problems() then knows. */
  async checkPolicy(callMain: typeof call): Promise<void> {
    const policy = this.sessionPolicy.trim();
    this.#refusedPolicy = null;
    if (!this.isSet || policy === '') return;
    const isRefused = await callMain('grants.checkPolicy', { text: policy }).then(
      ({ fault }) => fault !== null,
      () => true,
    );
    if (isRefused) this.#refusedPolicy = policy;
  }

  texts(): RoleTexts {
    const { arn, sessionName, minutes, externalId, sourceIdentity, sessionPolicy } = this;
    return { arn, sessionName, minutes, externalId, sourceIdentity, sessionPolicy };
  }

  problems(): Partial<Record<AccountField, Problem>> {
    if (!this.isSet) return {};
    const problems: Partial<Record<AccountField, Problem>> = {};
    if (!isRoleArn(this.arn.trim())) problems.roleArn = 'role-arn';
    if (!isSessionName(this.sessionName)) problems.sessionName = 'session-name';
    if (this.#seconds() === null) problems.roleMinutes = 'range';
    if (!/^([\w=,.@:/-]{2,1224})?$/.test(this.externalId.trim())) problems.externalId = 'external-id';
    if (!/^([\w=,.@-]{2,64})?$/.test(this.sourceIdentity.trim())) problems.sourceIdentity = 'source-identity';
    if (this.#refusedPolicy === this.sessionPolicy.trim()) problems.sessionPolicy = 'session-policy';
    return problems;
  }

  /** Null without a role, or while its length is out of range. */
  draft(): AccountDraft['role'] {
    const durationSeconds = this.#seconds();
    if (!this.isSet || durationSeconds === null) return null;
    const named = {
      externalId: this.externalId,
      sourceIdentity: this.sourceIdentity,
      sessionPolicy: this.sessionPolicy,
    };
    const optional = Object.entries(named).filter(([, value]) => value.trim() !== '');
    return {
      ...{ roleArn: this.arn.trim(), sessionName: this.sessionName, durationSeconds },
      ...Object.fromEntries(optional.map(([name, value]) => [name, value.trim()])),
    };
  }

  #seconds(): number | null {
    const { exactSeconds } = this;
    if (exactSeconds !== null && this.minutes === minutesOf({ durationSeconds: exactSeconds })) return exactSeconds;
    const minutes = readMinutes(this.minutes);
    return minutes === null ? null : minutes * 60;
  }
}
