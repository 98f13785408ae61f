import type { AccountDraft, FoundProfile } from '../../../../main/contract/contract.ts';
import { isRoleArn, isSessionName, minutesOf, readMinutes } from '../../../parts/role-session.ts';
import type { AccountField, Problem } from '../account-problems.ts';

type Source = Extract<AccountDraft, { readonly kind: 'sourced' }>['source'];

/** Where an account's credentials come from: an AccessKey of its own, or one of the sources. */
export type CredentialKind = 'key' | Source['kind'];

/** In the order in which they are offered. */
export const credentialKinds = [
  'key',
  'profile',
  'env',
  'ecs',
  'oidc',
  'uri',
  'process',
  'cloudsso',
] as const satisfies readonly CredentialKind[];

/** A profile as one text, for lists of choices. */
export function profileId({ file, name }: FoundProfile['profile']): string {
  return `${file}:${name}`;
}

/** The fields of a source of credentials. None of them holds a secret. */
export class SourceFields {
  kind = $state<CredentialKind>('key');
  profile = $state.raw<FoundProfile['profile'] | null>(null);
  /** Empty: whichever role the instance has. */
  ecsRole = $state('');
  /** Without a provider, a role and a file, the variables of the process count, as in pods. */
  providerArn = $state('');
  oidcRoleArn = $state('');
  tokenFile = $state('');
  oidcSession = $state('waybill');
  oidcMinutes = $state('60');
  /** What an edited source keeps, and no field shows. */
  #oidc: Extract<Source, { readonly kind: 'oidc' }>['role'] = null;
  uri = $state('');
  program = $state('');
  /** One a line, so that blanks and quotes mean nothing. */
  programArguments = $state('');
  cloudSsoProfile = $state('');

  readonly usesVariables = $derived(
    [this.providerArn, this.oidcRoleArn, this.tokenFile].every((text) => text.trim() === ''),
  );

  fill(source: Source): void {
    this.kind = source.kind;
    if (source.kind === 'profile') this.profile = source.profile;
    if (source.kind === 'ecs') this.ecsRole = source.roleName ?? '';
    if (source.kind === 'uri') this.uri = source.uri ?? '';
    if (source.kind === 'cloudsso') this.cloudSsoProfile = source.profile ?? '';
    if (source.kind === 'process') this.#fillCommand(source.command);
    if (source.kind === 'oidc' && source.role !== null) this.#fillOidc(source.role);
  }

  #fillCommand([program = '', ...words]: readonly string[]): void {
    this.program = program;
    this.programArguments = words.join('\n');
  }

  problems(): Partial<Record<AccountField, Problem>> {
    const problems: Partial<Record<AccountField, Problem>> = {};
    if (this.kind === 'profile' && this.profile === null) problems.profile = 'required';
    if (this.kind === 'ecs' && !/^[\w.-]{0,64}$/.test(this.ecsRole.trim())) problems.ecsRole = 'role-name';
    if (this.kind === 'uri' && !/^(https?:\/\/\S+)?$/.test(this.uri.trim())) problems.uri = 'uri';
    if (this.kind === 'process' && this.program.trim() === '') problems.program = 'required';
    return this.kind === 'oidc' && !this.usesVariables ? this.#oidcProblems() : problems;
  }

  /** Null for an account with an AccessKey of its own, and while a field has a problem. */
  source(): Source | null {
    switch (this.kind) {
      case 'key':
        return null;
      case 'env':
        return { kind: 'env' };
      case 'profile':
        return this.profile === null ? null : { kind: 'profile', profile: this.profile };
      case 'ecs':
        return { kind: 'ecs', roleName: textOrNull(this.ecsRole) };
      case 'oidc':
        return { kind: 'oidc', role: this.usesVariables ? null : this.#oidcRole() };
      case 'uri':
        return { kind: 'uri', uri: textOrNull(this.uri) };
      case 'process':
        return { kind: 'process', command: [this.program.trim(), ...argumentsOf(this.programArguments)] };
      case 'cloudsso':
        return { kind: 'cloudsso', profile: textOrNull(this.cloudSsoProfile) };
      default:
        return this.kind satisfies never;
    }
  }

  /** What the account is called until it gets a name. */
  get usualName(): string {
    if (this.kind === 'profile') return this.profile?.name ?? '';
    if (this.kind === 'cloudsso') return this.cloudSsoProfile.trim();
    return '';
  }

  #oidcRole() {
    const minutes = readMinutes(this.oidcMinutes) ?? 60;
    return {
      policy: null,
      stsEndpoint: null,
      ...this.#oidc,
      providerArn: this.providerArn.trim(),
      tokenFile: this.tokenFile.trim(),
      roleArn: this.oidcRoleArn.trim(),
      sessionName: this.oidcSession.trim(),
      durationSeconds: minutes * 60,
    };
  }

  #fillOidc(role: NonNullable<Extract<Source, { readonly kind: 'oidc' }>['role']>): void {
    this.#oidc = role;
    this.providerArn = role.providerArn;
    this.oidcRoleArn = role.roleArn;
    this.tokenFile = role.tokenFile;
    this.oidcSession = role.sessionName;
    this.oidcMinutes = minutesOf(role);
  }

  #oidcProblems(): Partial<Record<AccountField, Problem>> {
    const problems: Partial<Record<AccountField, Problem>> = {};
    if (this.providerArn.trim() === '') problems.providerArn = 'required';
    if (this.tokenFile.trim() === '') problems.tokenFile = 'required';
    if (!isRoleArn(this.oidcRoleArn.trim())) problems.oidcRoleArn = 'role-arn';
    if (!isSessionName(this.oidcSession.trim())) problems.oidcSession = 'session-name';
    if (readMinutes(this.oidcMinutes) === null) problems.oidcMinutes = 'range';
    return problems;
  }
}

function argumentsOf(lines: string): readonly string[] {
  return lines
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

function textOrNull(text: string): string | null {
  return text.trim() === '' ? null : text.trim();
}
