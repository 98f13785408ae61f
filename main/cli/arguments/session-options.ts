import { readFile } from 'node:fs/promises';
import type { SourceRole } from '../../accounts/sources/source.ts';
import { compactPolicy } from '../../accounts/sts/session-policy.ts';
import { MAX_SESSION_SECONDS, MIN_SESSION_SECONDS } from '../../accounts/sts/sts-limits.ts';
import { withFileErrors } from '../../local-files/file-failure.ts';
import { text as sentence } from '../terminal/sentences.ts';
import type { OptionTable } from '../usage/usage.ts';
import { UsageError } from './command.ts';
import { checkRange, readSeconds } from './options.ts';
import { readRole, roleOptionTable, type RoleValues } from './role-options.ts';

const DEFAULT_DURATION = '1h';

/** Options of every command that can sign with a session of a role, whatever the credentials are. */
export const sessionOptions = {
  ...roleOptionTable,
  'role-arn': {
    ...{ type: 'string', argument: 'ARN', heading: 'Sign with a role:' },
    meaning: 'sign with sessions of this role, which the credentials assume, one after the other',
  },
  'session-duration': {
    ...{ type: 'string', argument: 'TIME' },
    meaning: `validity of each session, such as 900 (seconds), 15m or 12h, default ${DEFAULT_DURATION}; 1h at most if the credentials are a session themselves`,
  },
  'session-policy': {
    ...{ type: 'string', argument: 'FILE', value: 'path' },
    meaning: 'narrow the sessions by this policy (JSON)',
  },
} as const satisfies OptionTable;

/** Values of sessionOptions. */
export interface SessionValues extends RoleValues {
  readonly 'session-duration'?: string | undefined;
  readonly 'session-policy'?: string | undefined;
}

/** The role that signs; null without --role-arn. @throws UsageError; WaybillError `file` or `input` for the policy */
export async function readSessionRole(values: SessionValues): Promise<SourceRole | null> {
  if (values['role-arn'] === undefined) {
    const wanting = (Object.keys(sessionOptions) as (keyof SessionValues)[]).find((name) => values[name] !== undefined);
    if (wanting === undefined) return null;
    throw new UsageError(sentence('cli.requires', { option: `--${wanting}`, other: '--role-arn' }));
  }
  const { roleArn, sessionName, externalId, sourceIdentity } = readRole(values);
  const option = '--session-duration';
  const seconds = readSeconds(values['session-duration'] ?? DEFAULT_DURATION, option);
  const file = values['session-policy'];
  return {
    ...{ roleArn, sessionName, externalId: externalId ?? null, sourceIdentity: sourceIdentity ?? null },
    durationSeconds: checkRange(seconds, option, MIN_SESSION_SECONDS, MAX_SESSION_SECONDS),
    policy: file === undefined ? null : compactPolicy(await withFileErrors(file, readFile(file, 'utf8'))),
    stsEndpoint: values['sts-endpoint'] ?? null,
  };
}
