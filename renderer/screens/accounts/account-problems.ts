import type { Failure } from '../../../main/contract/contract.ts';
import type { Messages } from '../../lib/messages.svelte.ts';

export type AccountField =
  | 'name'
  | 'accessKeyId'
  | 'accessKeySecret'
  | 'securityToken'
  | 'region'
  | 'endpoint'
  | 'startPath'
  | 'roleArn'
  | 'sessionName'
  | 'roleMinutes'
  | 'externalId'
  | 'sourceIdentity'
  | 'sessionPolicy'
  | 'profile'
  | 'ecsRole'
  | 'providerArn'
  | 'oidcRoleArn'
  | 'tokenFile'
  | 'oidcSession'
  | 'oidcMinutes'
  | 'uri'
  | 'program';
export type Problem =
  | 'required'
  /** A server refused it. */
  | 'refused'
  | 'start-path'
  | 'role-arn'
  | 'role-name'
  | 'session-name'
  | 'external-id'
  | 'source-identity'
  | 'session-policy'
  | 'uri'
  | 'range';

/** What is wrong with a field; null if nothing is. All forms share the message for ranges. */
export function problemText(problem: Problem | null, { text }: Pick<Messages, 'text'>): string | null {
  if (problem === null) return null;
  return text(problem === 'range' ? 'grant.problem.range' : `accounts.form.problem.${problem}`);
}

/** The field that a refusal is about; null where it is none in particular, such as a missing permission. */
export function fieldAtFault(failure: Failure | null): AccountField | null {
  if (failure?.kind === 'network') return addressReasons.has(failure.reason) ? 'endpoint' : null;
  if (failure?.kind === 'input') return refusedInputs.get(failure.field) ?? null;
  return failure?.kind === 'credentials' ? (fieldOfCause.get(failure.cause) ?? null) : null;
}

const addressReasons: ReadonlySet<string> = new Set(['dns', 'refused', 'tls']);
/** By the names that main's checks use. */
const refusedInputs: ReadonlyMap<string, AccountField> = new Map(
  (['accessKeyId', 'accessKeySecret', 'securityToken', 'endpoint', 'region', 'startPath'] as const).map((field) => [
    field,
    field,
  ]),
);
const fieldOfCause: ReadonlyMap<string, AccountField> = new Map([
  ['wrong-key', 'accessKeyId'],
  ['wrong-secret', 'accessKeySecret'],
  ['token-mismatch', 'securityToken'],
  ['token-expired', 'securityToken'],
  ['no-token', 'securityToken'],
  ['role-refused', 'roleArn'],
]);
