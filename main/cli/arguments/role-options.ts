import type { AssumedRole } from '../../accounts/access.ts';
import { ROLE_ARN, SESSION_NAME, SOURCE_IDENTITY } from '../../accounts/sts/sts-limits.ts';
import { failureMessage } from '../terminal/failure-message.ts';
import { text as sentence } from '../terminal/sentences.ts';
import type { OptionTable } from '../usage/usage.ts';
import { UsageError } from './command.ts';

/** Options of every command that assumes a role. */
export const roleOptionTable = {
  'role-arn': {
    ...{ type: 'string', argument: 'ARN' },
    meaning: 'the role to assume, such as acs:ram::1234567890123456:role/share',
  },
  'session-name': { type: 'string', argument: 'NAME', meaning: 'name in the audit log, default waybill' },
  'external-id': { type: 'string', argument: 'ID', meaning: "if the role's trust policy requires one" },
  'source-identity': {
    ...{ type: 'string', argument: 'ID' },
    meaning: 'who is behind the session, for the audit log and for policies',
  },
  'sts-endpoint': {
    ...{ type: 'string', argument: 'URL' },
    meaning: 'default: that of the region, else https://sts.aliyuncs.com',
  },
} as const satisfies OptionTable;

/** Values of roleOptionTable. */
export interface RoleValues {
  readonly 'role-arn'?: string | undefined;
  readonly 'session-name'?: string | undefined;
  readonly 'external-id'?: string | undefined;
  readonly 'source-identity'?: string | undefined;
  readonly 'sts-endpoint'?: string | undefined;
}

/** Reads the role. @throws UsageError if it is missing or invalid */
export function readRole(
  values: RoleValues,
): Pick<AssumedRole, 'roleArn' | 'sessionName' | 'externalId' | 'sourceIdentity'> {
  const identity = values['source-identity'];
  return {
    roleArn: matching(values['role-arn'] ?? '', ROLE_ARN, 'role-arn'),
    sessionName: matching(values['session-name'] ?? 'waybill', SESSION_NAME, 'session-name'),
    externalId: values['external-id'],
    sourceIdentity: identity === undefined ? undefined : matching(identity, SOURCE_IDENTITY, 'source-identity'),
  };
}

function matching(text: string, pattern: RegExp, option: 'role-arn' | 'session-name' | 'source-identity'): string {
  if (text === '') throw new UsageError(sentence('cli.missing-argument', { name: `--${option}` }));
  if (pattern.test(text)) return text;
  throw new UsageError(failureMessage({ kind: 'input', field: option, rule: option }));
}
