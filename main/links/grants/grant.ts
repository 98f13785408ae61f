import type { AssumedRole } from '../../accounts/access.ts';
import type { AssumedSession } from '../../accounts/sts/credentials.ts';
import { compactPolicy } from '../../accounts/sts/session-policy.ts';
import type { Permission, Scope } from '../../accounts/sts/policy.ts';
import type { AccessKey, Connection, SignVersion } from '../../oss/connection.ts';
import { formatEndpoint } from '../../oss/endpoint.ts';
import { commonPrefix, folderPrefix } from '../../oss/key-path.ts';

/** Temporary credentials for a third party, and what they allow. `accessKey` is a secret. */
export interface Grant {
  readonly accessKey: AccessKey;
  /** Unix milliseconds. */
  readonly validUntil: number;
  readonly bucket: string;
  readonly keys: readonly string[];
  readonly prefixes: readonly string[];
  readonly allow: readonly Permission[];
  readonly endpoint: string;
  readonly region: string;
  readonly cname: boolean;
  readonly signVersion: SignVersion;
}

/** What a grant allows, and the role behind it. */
export interface GrantTerms {
  readonly scope: Scope;
  /** JSON of the session policy: the smallest one for the scope, or an edited one. */
  readonly policy: string;
  readonly role: Omit<AssumedRole, 'policy'>;
}

/**
 * Assumes a role, narrowed to the scope by a session policy. Also returns how STS names the session.
 * @throws WaybillError `input` for a policy that is invalid or too long, otherwise what STS answered
 */
export async function assumeGrant(
  connection: Connection,
  assume: (wanted: AssumedRole) => Promise<AssumedSession>,
  { scope, policy, role }: GrantTerms,
): Promise<{ readonly grant: Grant; readonly arn: AssumedSession['arn'] }> {
  const { accessKey, validUntil, arn } = await assume({ ...role, policy: compactPolicy(policy) });
  const grant = {
    accessKey,
    validUntil,
    bucket: scope.bucket,
    keys: scope.keys,
    prefixes: scope.prefixes,
    allow: scope.allow,
    endpoint: formatEndpoint(connection.endpoint),
    region: connection.region,
    cname: connection.endpoint.addressing === 'cname',
    signVersion: connection.signVersion,
  };
  return { grant, arn };
}

/** The folder that holds everything a grant covers, where its recipient starts browsing. */
export function startPrefix({ keys, prefixes }: Pick<Grant, 'keys' | 'prefixes'>): string {
  return commonPrefix([...keys.map(folderPrefix), ...prefixes]);
}
