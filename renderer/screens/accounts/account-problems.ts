import type { Messages } from '../../lib/messages.svelte.ts';

export type AccountField =
  | 'name'
  | 'accessKeyId'
  | 'accessKeySecret'
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
