import { setTimeout as delay } from 'node:timers/promises';
import { isDenied, toFailure } from '../../failure.ts';
import type { Ended } from '../../links/revoking/deny-and-try.ts';
import { policyEditor } from '../../links/revoking/policy-text.ts';
import { restoreSession, type Revocation, revokeSession } from '../../links/revoking/revoke-session.ts';
import { denialStatements } from '../../links/revoking/session-denial.ts';
import type { Connection } from '../../oss/connection.ts';
import { escapeControls } from '../../words/controls.ts';
import { type CommandContext, UsageError } from '../arguments/command.ts';
import { connect } from '../arguments/connect.ts';
import type { RevokeValues } from '../arguments/revoke-options.ts';
import { isoTime } from '../terminal/output.ts';
import { text as sentence } from '../terminal/sentences.ts';
import { readGivenLinks, severalLinks } from './given-links.ts';
import { findSession } from './known-sessions.ts';
import { leadsToBucket } from './link-place.ts';
import { askLink, earlierDenial, type PlacedLink, planRevocation } from './revocation-plan.ts';

/**
 * Revokes a link: by its session where this computer created it, otherwise by what its AccessKey signs for its file.
 * @returns 0 only if OSS was seen to refuse the link
 */
export async function revokeLinks(text: string, values: RevokeValues, context: CommandContext): Promise<number> {
  const placed = await placeLinks(text, values, context);
  const { link, bucket, session } = placed;
  const connection = await connect(values, context, bucket);
  const expected = { connection, bucket, known: session?.host ?? null, signal: context.signal };
  if (!(await leadsToBucket(link, expected))) {
    throw new UsageError(sentence('cli.revoke.elsewhere', { bucket, host: escapeControls(link.parts.host) }));
  }
  const diagnosis = await askLink(link, connection, context);
  if (diagnosis.cause === 'expired' || diagnosis.cause === 'token-expired') {
    return answer({ kind: 'expired' }, values, context);
  }
  const revocation = await planRevocation(placed, diagnosis, values, context);
  return revocation === null ? 1 : answer(await revoke(connection, revocation, context), values, context);
}

/** `revoke --undo`: takes away what denies a link, so that it works until it expires. @returns the exit code */
export async function restoreLinks(text: string, values: RevokeValues, context: CommandContext): Promise<number> {
  const { out, signal } = context;
  const placed = await placeLinks(text, values, context);
  const { bucket } = placed;
  const denial = earlierDenial(placed, values);
  const connection = await connect(values, context, bucket);
  const { isWritten } = await restoreSession(connection, denial, { editor: policyEditor(), signal });
  const moment = isoTime(denial.validUntil);
  out.say(isWritten ? sentence('cli.revoke.undone', { bucket, moment }) : sentence('cli.revoke.none', { bucket }));
  return 0;
}

async function placeLinks(text: string, values: RevokeValues, context: CommandContext): Promise<PlacedLink> {
  const { tried: link, count, validUntil, bucket: claimed } = readGivenLinks(text);
  const session = await findSession(link.parts.accessKeyId, values, context);
  // What a long-term AccessKey signs in all the bucket is more than anyone means by some links.
  if (session === null && count > 1 && !link.parts.temporary) throw severalLinks(count);
  const bucket = session?.bucket ?? link.parts.bucket ?? values.bucket ?? claimed;
  if (bucket === null) {
    throw new UsageError(sentence('cli.revoke.bucket', { host: escapeControls(link.parts.host) }));
  }
  return { link, count, validUntil, bucket, session };
}

async function revoke(connection: Connection, revocation: Revocation, context: CommandContext): Promise<Ended> {
  const { out, signal } = context;
  const { bucket, validUntil } = revocation;
  let isSaid = false;
  const denied = (): Promise<void> => {
    if (!isSaid) out.say(sentence('cli.revoke.waiting', { bucket }));
    isSaid = true;
    return Promise.resolve();
  };
  const wait = (ms: number): Promise<unknown> => delay(ms, undefined, { signal });
  const parts = { editor: policyEditor(), wait, denied, signal };
  const ended = await revokeSession(connection, revocation, parts).catch((error: unknown) => {
    if (isDenied(toFailure(error))) sayStatements(revocation, connection, context);
    throw error;
  });
  if (ended.kind !== 'expired') out.say(sentence('cli.revoke.policy', { bucket, moment: isoTime(validUntil) }));
  return ended;
}

/** Who may not change the policy can ask someone who may. */
function sayStatements({ link: _link, ...denial }: Revocation, { clock }: Connection, { out }: CommandContext): void {
  out.say(sentence('cli.end.paste', { bucket: denial.bucket }));
  for (const statement of denialStatements(denial, clock.now())) out.say(escapeControls(JSON.stringify(statement)));
}

async function answer(ended: Ended, { json }: RevokeValues, { out }: CommandContext): Promise<number> {
  const state = ended.kind === 'unconfirmed' ? ended.why : ended.kind;
  out.say(sentence(`cli.revoke.${state}`));
  const refused = ended.kind !== 'unconfirmed';
  if (json === true) await out.answer(JSON.stringify({ refused, state }));
  return refused ? 0 : 1;
}
