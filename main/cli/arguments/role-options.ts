import type { AssumedRole } from '../../accounts/access.ts';
import type { AssumedSession } from '../../accounts/sts/credentials.ts';
import { assumeRole } from '../../accounts/sts/sts.ts';
import { stsEndpointFor } from '../../accounts/sts/sts-endpoint.ts';
import { ROLE_ARN, SESSION_NAME } from '../../accounts/sts/sts-limits.ts';
import { failureMessage } from '../terminal/failure-message.ts';
import { text as sentence } from '../terminal/sentences.ts';
import { UsageError } from './command.ts';
import type { EnvironmentConnection } from './connect.ts';

/** Options of every command that assumes a role. */
export const roleOptionTable = {
  'role-arn': { type: 'string' },
  'session-name': { type: 'string' },
  'external-id': { type: 'string' },
  'sts-endpoint': { type: 'string' },
} as const;

/** The part of --help about the options that --role-arn is completed by. */
export const roleOptionHelp = `  --session-name NAME  name in the audit log, default waybill
  --external-id ID     if the role's trust policy requires one
  --sts-endpoint URL   default: that of the region, else https://sts.aliyuncs.com`;

/** Values of roleOptionTable. */
export interface RoleValues {
  readonly 'role-arn'?: string | undefined;
  readonly 'session-name'?: string | undefined;
  readonly 'external-id'?: string | undefined;
  readonly 'sts-endpoint'?: string | undefined;
}

/** Reads the role. @throws UsageError if it is missing or invalid */
export function readRole(values: RoleValues): Pick<AssumedRole, 'roleArn' | 'sessionName' | 'externalId'> {
  return {
    roleArn: matching(values['role-arn'] ?? '', ROLE_ARN, 'role-arn'),
    sessionName: matching(values['session-name'] ?? 'waybill', SESSION_NAME, 'session-name'),
    externalId: values['external-id'],
  };
}

/** Assumes a role with the credentials of the connection. @throws WaybillError as assumeRole() */
export function assumeWith(
  { server, region, clock, dispatcher, key: accessKey, assume }: EnvironmentConnection,
  values: RoleValues,
  wanted: AssumedRole,
): Promise<AssumedSession> {
  if (assume !== null && values['sts-endpoint'] === undefined) return assume(wanted);
  const stsEndpoint = values['sts-endpoint'] ?? stsEndpointFor({ endpoint: server, region });
  return assumeRole({ ...wanted, accessKey, stsEndpoint, clock, dispatcher });
}

function matching(text: string, pattern: RegExp, option: 'role-arn' | 'session-name'): string {
  if (text === '') throw new UsageError(sentence('cli.missing-argument', { name: `--${option}` }));
  if (pattern.test(text)) return text;
  throw new UsageError(failureMessage({ kind: 'input', field: option, rule: option }));
}
