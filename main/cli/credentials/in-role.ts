import { obtain } from '../../accounts/sources/obtain.ts';
import type { SourceContext, SourceRole } from '../../accounts/sources/source.ts';
import { type Credentials, renewingCredentials } from '../../accounts/sts/credentials.ts';

/** Sessions of a role, which `base` assumes: one at a time, each replaced before it expires. */
export function inRole(base: Credentials, role: SourceRole, context: SourceContext): Credentials {
  // What an account or an option says goes before the variables.
  const wanted = { ...role, stsEndpoint: role.stsEndpoint ?? context.stsEndpoint };
  return renewingCredentials({
    durationMs: role.durationSeconds * 1000,
    clock: context.clock,
    obtain: async () =>
      obtain(
        { kind: 'role', base: { kind: 'key', session: await base.session(), profile: null }, role: wanted },
        context,
      ),
  });
}
