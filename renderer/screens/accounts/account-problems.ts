import type { MessageKey } from '../../../main/words/locales.ts';

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

/** The message for a problem. All forms share the message for ranges. */
export function problemKey(problem: Problem): MessageKey {
  return problem === 'range' ? 'grant.problem.range' : `accounts.form.problem.${problem}`;
}
