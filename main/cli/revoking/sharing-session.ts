import { newSessionName, principalsOf } from '../../accounts/sts/session-principal.ts';
import { MAX_SESSION_SECONDS } from '../../accounts/sts/sts-limits.ts';
import type { Session } from '../../accounts/sts/credentials.ts';
import { WaybillError } from '../../failure.ts';
import type { LinkLifetime } from '../../links/making/link-options.ts';
import { type LinkValidity, lifetimeSeconds } from '../../links/making/validity.ts';
import type { CommandContext } from '../arguments/command.ts';
import type { EnvironmentConnection } from '../arguments/connect.ts';
import { readRole } from '../arguments/role-options.ts';
import { refuseWithout, revocableOptionNames, type ShareValues } from '../arguments/share-options.ts';
import { assumedSession } from '../arguments/signing-session.ts';
import { isoTime } from '../terminal/output.ts';
import { text as sentence } from '../terminal/sentences.ts';
import { usualFolder } from '../transfers/state-folder.ts';
import { RevocableNotes } from './revocable-notes.ts';

/** What signs the links of `share`. */
export interface SharingSession {
  readonly session: Session;
  readonly isRevocable: boolean;
  /** Notes what it takes to revoke them, before anyone sees them, and says that they can be. */
  readonly handOut: (links: SignedLinks, validity: LinkValidity) => Promise<void>;
}

/** Links that were signed; `host` is theirs, with its port. */
interface SignedLinks {
  readonly host: string;
  readonly count: number;
}

/** What the links are for. */
interface SharedLinks {
  readonly bucket: string;
  readonly lifetime: Pick<LinkLifetime, 'expiresSeconds' | 'validUntil'>;
  /** The least that they need. */
  readonly policy: () => string;
}

/** Checks --revocable and what completes it. @throws UsageError */
export function checkRevocable(values: ShareValues): void {
  if (values.revocable === true) readRole(values);
  else refuseWithout(values, '--revocable', revocableOptionNames);
}

/**
 * What signs links: with --revocable a session of the role under a name that no other session has, so that a bucket's policy
 * can refuse it and nothing else; otherwise the session of the connection.
 * @throws WaybillError `input` `revocable-too-long`, and as assumeRole()
 */
export async function sharingSession(
  connection: EnvironmentConnection,
  values: ShareValues,
  { bucket, lifetime, policy }: SharedLinks,
  { env, out }: CommandContext,
): Promise<SharingSession> {
  if (values.revocable !== true) {
    return { session: connection.session, isRevocable: false, handOut: () => Promise.resolve() };
  }
  const { clock } = connection;
  if (lifetimeSeconds(lifetime, clock.now()) > MAX_SESSION_SECONDS) {
    throw new WaybillError({ kind: 'input', field: 'expiresSeconds', rule: 'revocable-too-long' });
  }
  const sessionName = newSessionName();
  const named = { ...values, 'session-name': sessionName };
  const { arn, ...session } = await assumedSession(connection, named, { lifetime, policy });
  const { roleArn } = readRole(named);
  const principals = [...principalsOf(arn, { roleArn, sessionName })];
  return {
    session,
    isRevocable: true,
    handOut: async ({ host, count }, { limitedBy, validUntil }) => {
      if (count === 0) return;
      const { accessKeyId } = session.accessKey;
      const note = { accessKeyId, principals, bucket, host, links: count, validUntil: session.validUntil };
      await new RevocableNotes(usualFolder(env)).keep(note, clock.now());
      if (limitedBy === 'session') out.say(sentence('cli.revocable.limited'));
      out.say(sentence('cli.revocable.created', { count, moment: isoTime(validUntil) }));
    },
  };
}
