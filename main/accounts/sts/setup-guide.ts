import { type Permission, scopePolicy } from './policy.ts';

/** One step of setting up a role: what to make in the RAM console, and the policy to paste there. */
interface SetupStep {
  readonly step: 'user' | 'role' | 'role-permissions' | 'user-permissions' | 'account';
  /** JSON to copy; null where there is nothing to paste. */
  readonly policy: string | null;
}

/** What the guide is filled in with. Null is what is not known, for which a placeholder stands. */
export interface SetupValues {
  /** The number of the Alibaba Cloud account. */
  readonly alibabaAccountId: string | null;
  readonly userName: string;
  readonly roleName: string;
  readonly bucket: string | null;
  readonly prefix: string;
  readonly allow: readonly Permission[];
  /** Put into the trust policy as a condition. */
  readonly externalId: string | null;
}

/** The steps, in the order in which RAM lets them be done. Names that were not given stand as <placeholders>. */
export interface SetupGuide {
  readonly roleArn: string;
  readonly steps: readonly SetupStep[];
}

/**
 * How to set up a RAM user that may assume one role, and a role that may do what is needed in one bucket and no more.
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/use-temporary-access-credentials-provided-by-sts-to-access-oss
 */
export function setupGuide(values: SetupValues): SetupGuide {
  const { userName, roleName, externalId, prefix, allow } = values;
  const account = values.alibabaAccountId ?? '<account-ID>';
  const bucket = values.bucket ?? '<bucket>';
  const roleArn = `acs:ram::${account}:role/${roleName}`;
  const principal = { RAM: [`acs:ram::${account}:user/${userName}`] };
  const condition = externalId === null ? {} : { Condition: { StringEquals: { 'sts:ExternalId': externalId } } };
  const trust = { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: principal, ...condition };
  const assume = { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: roleArn };
  const permissions = scopePolicy({ bucket, keys: [], prefixes: [prefix], allow: [...allow], sourceIp: null });
  return {
    roleArn,
    steps: [
      { step: 'user', policy: null },
      { step: 'role', policy: policyOf(trust) },
      { step: 'role-permissions', policy: permissions },
      { step: 'user-permissions', policy: policyOf(assume) },
      { step: 'account', policy: null },
    ],
  };
}

function policyOf(statement: object): string {
  return JSON.stringify({ Version: '1', Statement: [statement] }, null, 2);
}
