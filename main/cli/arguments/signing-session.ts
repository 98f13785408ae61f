import type { AssumedRole } from '../../accounts/access.ts';
import type { AssumedSession, Session } from '../../accounts/sts/credentials.ts';
import { assumeRole } from '../../accounts/sts/sts.ts';
import { MAX_SESSION_SECONDS, MIN_SESSION_SECONDS } from '../../accounts/sts/sts-limits.ts';
import { type Failure, toFailure } from '../../failure.ts';
import type { LinkLifetime } from '../../links/making/link-options.ts';
import { lifetimeSeconds } from '../../links/making/validity.ts';
import type { EnvironmentConnection } from './connect.ts';
import { readRole, type RoleValues } from './role-options.ts';

/** What a session is for: how long, and the least policy that suffices. */
interface SessionUse {
  readonly lifetime: Pick<LinkLifetime, 'expiresSeconds' | 'validUntil'>;
  readonly policy: () => string;
}

/** Assumes a role with the credentials of the connection. @throws WaybillError as assumeRole() */
export function assumeWith(
  connection: EnvironmentConnection,
  values: RoleValues,
  wanted: AssumedRole,
): Promise<AssumedSession> {
  const { clock, dispatcher, signal, session, assume } = connection;
  if (assume !== null && values['sts-endpoint'] === undefined) return assume(wanted);
  const stsEndpoint = values['sts-endpoint'] ?? connection.stsEndpoint;
  return assumeRole({ ...wanted, accessKey: session.accessKey, stsEndpoint, clock, dispatcher, signal });
}

/**
 * What signs a form or a ticket. With a role, a session that may do what it does and nothing else, as long as it lasts or
 * as long as the role allows; otherwise the session of the connection.
 * @throws UsageError as readRole(); WaybillError as assumeRole(), `input` for an invalid lifetime
 */
export async function signingSession(
  connection: EnvironmentConnection,
  values: RoleValues,
  { lifetime, policy }: SessionUse,
): Promise<Session> {
  return values['role-arn'] === undefined
    ? connection.session
    : assumedSession(connection, values, { lifetime, policy });
}

/**
 * A session of the role that may do what it is for and nothing else, as long as that lasts or as long as the role allows.
 * @throws UsageError as readRole(); WaybillError as assumeRole(), `input` for an invalid lifetime
 */
export async function assumedSession(
  connection: EnvironmentConnection,
  values: RoleValues,
  { lifetime, policy }: SessionUse,
): Promise<AssumedSession> {
  const seconds = lifetimeSeconds(lifetime, connection.clock.now());
  const durationSeconds = Math.max(MIN_SESSION_SECONDS, Math.min(seconds, MAX_SESSION_SECONDS));
  const wanted: AssumedRole = {
    ...readRole(values),
    durationSeconds,
    policy: JSON.stringify(JSON.parse(policy())),
  };
  return assumeWith(connection, values, wanted).catch((error: unknown) => {
    // What is signed then ends with the longest session of the role, which is said.
    const most = longestSession(toFailure(error));
    if (most === null || most >= durationSeconds) throw error;
    return assumeWith(connection, values, { ...wanted, durationSeconds: most });
  });
}

/** The longest session of the role in seconds, where STS refused a longer one and names it, as `60min` or `1hr`. */
function longestSession(failure: Failure): number | null {
  if (failure.kind !== 'input' || failure.rule !== 'session-too-long') return null;
  const [, number, unit] = /^(\d{1,5})(min|hr)$/.exec(failure.limit ?? '') ?? [];
  return number === undefined ? null : Number(number) * (unit === 'hr' ? 3600 : 60);
}
