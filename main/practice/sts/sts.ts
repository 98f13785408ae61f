import { ACCOUNT_ID } from '../signatures/identity.ts';
import type { KeyRing, PracticeRole } from '../signatures/key-ring.ts';
import { type Permission, decide, parsePolicy } from '../signatures/policy.ts';
import type { Query } from '../protocol/query.ts';
import { checkToken } from './oidc.ts';
import { type VerifiedStsCall, stsError } from '../signatures/verify-sts.ts';

const MIN_SESSION_SECONDS = 900;
const MAX_CHAINED_SECONDS = 3600;
const MAX_POLICY_CHARACTERS = 2048;

/** The body of an STS reply, before serialization as JSON or XML. */
export interface StsResult {
  readonly [name: string]: string | { readonly [name: string]: string };
}

/**
 * Runs an authenticated STS call.
 * @throws Refusal with STS error codes
 */
export function answerSts(action: string, call: VerifiedStsCall, keys: KeyRing): StsResult {
  if (action === 'AssumeRole') return assumeRole(call, keys);
  if (action === 'GetCallerIdentity') return getCallerIdentity(call);
  throw stsError(404, 'InvalidAction.NotFound', 'Specified api is not found, please check your url and method.');
}

/** @see https://www.alibabacloud.com/help/en/ram/developer-reference/api-sts-2015-04-01-assumerole */
function assumeRole({ identity, parameters }: VerifiedStsCall, keys: KeyRing): StsResult {
  const role = roleOf(parameters, keys);
  const { arn: roleArn } = role;
  if (role.externalId !== undefined && parameters.get('ExternalId') !== role.externalId) throw noPermission();
  const wanted: Permission = { action: 'sts:AssumeRole', resource: roleArn, context: {} };
  const policies = [identity.policy, identity.sessionPolicy].filter((policy) => policy !== null);
  if (policies.some((policy) => decide(policy, wanted) !== 'allow')) throw noPermission();
  if (!/^[\w=,.@-]{2,64}$/.test(parameters.get('SourceIdentity') ?? 'none')) {
    throw stsError(400, 'InvalidParameter.SourceIdentity', 'The parameter SourceIdentity is wrongly formed.');
  }
  // A session can't assume another role for longer than an hour.
  const isChained = identity.type === 'assumed-role';
  return issue(role, parameters, { keys, maxSeconds: isChained ? MAX_CHAINED_SECONDS : role.maxSessionSeconds });
}

/**
 * AssumeRoleWithOIDC, which isn't signed.
 * @throws Refusal with STS error codes
 * @see https://www.alibabacloud.com/help/en/ram/developer-reference/api-sts-2015-04-01-assumerolewithoidc
 */
export function assumeRoleWithOidc(parameters: Query, keys: KeyRing, nowMs: number): StsResult {
  const role = roleOf(parameters, keys);
  checkToken(parameters, role.provider, nowMs);
  return issue(role, parameters, { keys, maxSeconds: role.maxSessionSeconds });
}

function roleOf(parameters: Query, keys: KeyRing): PracticeRole {
  const roleArn = required(parameters, 'RoleArn');
  if (!/^[a-zA-Z0-9.@_-]{2,64}$/.test(required(parameters, 'RoleSessionName'))) {
    throw stsError(400, 'InvalidParameter.RoleSessionName', 'The parameter RoleSessionName is wrongly formed.');
  }
  const role = keys.roles.find(({ arn }) => arn === roleArn);
  if (!role) throw stsError(404, 'EntityNotExist.Role', `The role not exists: ${roleArn}.`);
  return role;
}

function issue(
  role: PracticeRole,
  parameters: Query,
  { keys, maxSeconds }: { readonly keys: KeyRing; readonly maxSeconds: number },
): StsResult {
  const sessionName = required(parameters, 'RoleSessionName');
  const seconds = parseDuration(parameters.get('DurationSeconds') ?? '3600', maxSeconds);
  const policy = parameters.get('Policy') ?? '';
  checkPolicy(policy);
  const session = keys.issue(role, {
    sessionName,
    validForMs: seconds * 1000,
    policy: policy === '' ? null : policy,
  });
  return {
    Credentials: {
      SecurityToken: session.securityToken,
      AccessKeyId: session.accessKeyId,
      AccessKeySecret: session.accessKeySecret,
      Expiration: `${new Date(session.expiresAt).toISOString().slice(0, 19)}Z`,
    },
    AssumedRoleUser: {
      Arn:
        role.name === undefined
          ? `${role.arn}/${sessionName}`
          : `acs:sts::${ACCOUNT_ID}:assumed-role/${role.name}/${sessionName}`,
      AssumedRoleId: `300000000000000001:${sessionName}`,
    },
  };
}

function noPermission(): Error {
  return stsError(403, 'NoPermission', 'You are not authorized to do this action. You should be authorized by RAM.');
}

function getCallerIdentity({ identity }: VerifiedStsCall): StsResult {
  const types = { account: 'Account', user: 'RAMUser', 'assumed-role': 'AssumedRoleUser', anonymous: 'Anonymous' };
  const arns = {
    account: `acs:ram::${ACCOUNT_ID}:root`,
    user: `acs:ram::${ACCOUNT_ID}:user/${identity.name}`,
    'assumed-role': `acs:ram::${ACCOUNT_ID}:assumed-role/${identity.name}`,
    anonymous: '',
  };
  return {
    IdentityType: types[identity.type],
    AccountId: ACCOUNT_ID,
    UserId: ACCOUNT_ID,
    PrincipalId: identity.accessKeyId ?? '',
    Arn: arns[identity.type],
  };
}

function parseDuration(text: string, maxSeconds: number): number {
  const seconds = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (seconds >= MIN_SESSION_SECONDS && seconds <= maxSeconds) return seconds;
  throw stsError(
    400,
    'InvalidParameter.DurationSeconds',
    `The Min/Max value of DurationSeconds is 15min/${maxSeconds / 60}min.`,
  );
}

function checkPolicy(policy: string): void {
  if (policy.length > MAX_POLICY_CHARACTERS) {
    throw stsError(400, 'InvalidParameter.PolicySize', 'The size of Policy must be smaller than 2048 characters.');
  }
  if (policy !== '' && parsePolicy(policy) === null) {
    throw stsError(400, 'InvalidParameter.PolicyGrammar', 'The parameter Policy has not passed grammar check.');
  }
}

function required(parameters: Query, name: string): string {
  const value = parameters.get(name);
  if (value !== undefined && value !== '') return value;
  throw stsError(400, `Missing${name}`, `${name} is mandatory for this action.`);
}
