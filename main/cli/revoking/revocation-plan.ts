import { WaybillError } from '../../failure.ts';
import { diagnoseLink } from '../../links/receiving/diagnose.ts';
import { inspect } from '../../links/receiving/inspect.ts';
import type { LinkDiagnosis } from '../../links/receiving/link-diagnosis.ts';
import type { Revocation } from '../../links/revoking/revoke-session.ts';
import type { Denial } from '../../links/revoking/session-denial.ts';
import type { LinkMethod, LinkNote } from '../../links/text/link-note.ts';
import type { Connection } from '../../oss/connection.ts';
import { escapeControls } from '../../words/controls.ts';
import { formatAddress } from '../arguments/address.ts';
import { choiceError, type CommandContext, UsageError } from '../arguments/command.ts';
import type { RevokeValues } from '../arguments/revoke-options.ts';
import { diagnosisMessage } from '../terminal/diagnosis-message.ts';
import { isoTime } from '../terminal/output.ts';
import { text as sentence } from '../terminal/sentences.ts';
import { isAnsweredYes } from '../terminal/yes-question.ts';
import type { GivenLink } from './given-links.ts';
import type { KnownSession } from './known-sessions.ts';

/** A link in its bucket, and the session that signed it; null where only its URL is known. */
export interface PlacedLink {
  readonly link: GivenLink;
  /** How many links by the same AccessKey were given with it, this one included. */
  readonly count: number;
  /** When the last of them expires, in Unix milliseconds. */
  readonly validUntil: number;
  readonly bucket: string;
  readonly session: KnownSession | null;
}

/** The URL itself says whether it works: one byte is read with it. @throws WaybillError `network`, `cancelled` */
export async function askLink(
  { url, note }: GivenLink,
  { dispatcher }: Connection,
  { signal }: CommandContext,
): Promise<LinkDiagnosis> {
  const { card } = inspect(url, Date.now());
  if (card.kind !== 'link') throw new UsageError(sentence('receive.not-a-link.title'));
  return diagnoseLink({ url, card: { ...card, note } }, dispatcher, { signal });
}

/**
 * What is to be denied, once it was said and, for what hits more than the link, agreed to; null where it wasn't.
 * @throws UsageError for a link that nobody may have signed, and where nobody can be asked
 */
export async function planRevocation(
  placed: PlacedLink,
  diagnosis: LinkDiagnosis,
  values: RevokeValues,
  context: CommandContext,
): Promise<Revocation | null> {
  const { link, count, bucket, session } = placed;
  const { url, parts, note } = link;
  const proven = methodOf(diagnosis, note);
  if (session !== null) {
    const { principals, links, validUntil } = session;
    context.out.say(sentence('cli.revoke.session', { bucket, count: links, moment: isoTime(validUntil) }));
    return { bucket, signer: { kind: 'session', principals }, validUntil, link: probeOf(url, proven, note) };
  }
  const method = proven ?? readMethod(values.method);
  if (method === null) {
    context.out.say(diagnosisMessage(diagnosis));
    throw new UsageError(sentence('cli.revoke.unproven'));
  }
  const place = escapeControls(formatAddress({ bucket, key: parts.key }));
  const hit = { place, bucket, id: escapeControls(parts.accessKeyId), moment: isoTime(placed.validUntil) };
  context.out.say(sentence(count === 1 ? 'cli.revoke.key' : 'cli.revoke.token', hit));
  if (method === 'PUT' || method === 'DELETE') context.out.say(sentence('cli.revoke.untried'));
  if (!(await isAgreed(values, context))) return null;
  return { ...denialOfKey(placed, method), link: probeOf(url, method, note) };
}

/** What was denied of a link, as far as that is known without asking. @throws UsageError for an unknown --method */
export function earlierDenial(placed: PlacedLink, values: RevokeValues): Denial {
  const { link, bucket, session } = placed;
  if (session !== null) {
    const { principals, validUntil } = session;
    return { bucket, signer: { kind: 'session', principals }, validUntil };
  }
  return denialOfKey(placed, readMethod(values.method) ?? link.note?.method ?? 'GET');
}

/** One link: what its AccessKey signs for its file. Several: all that the temporary credentials behind them sign. */
function denialOfKey({ link, count, validUntil, bucket }: PlacedLink, method: LinkMethod): Denial {
  const { key, accessKeyId } = link.parts;
  if (count > 1) return { bucket, signer: { kind: 'token', accessKeyId }, validUntil };
  const denied = method === 'HEAD' ? 'GET' : method;
  return { bucket, signer: { kind: 'object', accessKeyId, key, method: denied }, validUntil };
}

/** Links that change something can't be tried. */
function probeOf(url: string, method: LinkMethod | null, note: LinkNote | null): Revocation['link'] {
  return method === 'GET' || method === 'HEAD' ? { url, method, headers: note?.headers ?? {} } : null;
}

/** Answers that say nothing about the signature: OSS didn't come to check it, or found it wrong. */
const UNPROVEN: readonly LinkDiagnosis['cause'][] = [
  ...(['link-mismatch', 'header-missing', 'not-yet-valid', 'wrong-key', 'no-token', 'token-mismatch'] as const),
  ...(['wrong-region-signature', 'v1-refused', 'clock-skew', 'wrong-endpoint', 'needs-custom-domain'] as const),
  ...(['no-such-bucket', 'not-oss', 'redirected', 'busy', 'server-error', 'timeout', 'malformed'] as const),
];

/** The method that a link was signed for, as far as OSS accepted its signature; its note says what can't be tried. */
function methodOf(diagnosis: LinkDiagnosis, note: LinkNote | null): LinkMethod | null {
  if (diagnosis.cause === 'wrong-method') return diagnosis.method;
  if (UNPROVEN.includes(diagnosis.cause)) return null;
  return note?.method === 'HEAD' ? 'HEAD' : 'GET';
}

function readMethod(text: string | undefined): LinkMethod | null {
  if (text === undefined) return null;
  const method = text.toUpperCase();
  if (method === 'PUT' || method === 'DELETE') return method;
  throw choiceError('--method', ['PUT', 'DELETE']);
}

/** Asks at a terminal whether what else it hits may be hit. @throws UsageError where nobody can be asked */
async function isAgreed({ yes }: RevokeValues, context: CommandContext): Promise<boolean> {
  const { out, signal } = context;
  if (yes === true) return true;
  if (out.ask === null) throw new UsageError(sentence('cli.revoke.yes'));
  const isYes = await isAnsweredYes(sentence('cli.revoke.question'), context);
  if (signal.aborted) throw new WaybillError({ kind: 'cancelled' });
  if (isYes) return true;
  out.say(sentence('failure.cancelled.next'));
  return false;
}
