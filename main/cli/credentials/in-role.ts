import type { SourceContext, SourceRole } from '../../accounts/sources/source.ts';
import type { Credentials } from '../../accounts/sts/credentials.ts';
import { RoleAssumer, sessionNames } from '../../accounts/sts/role-assumer.ts';

/**
 * Sessions of a role, which `base` assumes: one at a time, each replaced before it expires. Where STS refuses those of
 * `base` as expired, they are asked for again.
 */
export function inRole(
  base: Credentials,
  role: SourceRole,
  context: Pick<SourceContext, 'clock' | 'dispatcher' | 'signal'> & { readonly stsEndpoint: string },
): Credentials {
  const { stsEndpoint, durationSeconds, policy } = role;
  // What an option says goes before the variables, and what an account says.
  const assumer = new RoleAssumer(base, { ...context, stsEndpoint: stsEndpoint ?? context.stsEndpoint });
  return assumer.credentials({ ...sessionNames(role), durationSeconds, policy: policy ?? undefined });
}
