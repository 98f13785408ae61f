import { type Permission, scopePolicy } from './policy.ts';

/** One step of setting up a role: what to create in the RAM console, and the policy to paste there. */
interface SetupStep {
  readonly step: 'user' | 'role' | 'role-permissions' | 'user-permissions' | 'account';
  /** JSON to copy; null if this step has none. */
  readonly policy: string | null;
}

/** The values in the guide. Null if unknown: a placeholder appears instead. */
export interface SetupValues {
  /** The ID of the Alibaba Cloud account. */
  readonly alibabaAccountId: string | null;
  readonly userName: string;
  readonly roleName: string;
  readonly bucket: string | null;
  readonly prefix: string;
  readonly allow: readonly Permission[];
  /** Becomes a condition of the trust policy; null: no condition. */
  readonly externalId: string | null;
}

/** The steps in the order that RAM requires. Unknown names appear as <placeholders>. */
export interface SetupGuide {
  readonly roleArn: string;
  readonly steps: readonly SetupStep[];
}

/**
 * How to set up a RAM user that may assume one role, and that role with the least permissions for one bucket.
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
