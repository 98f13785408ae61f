import type { Cause } from '../../causes.ts';
import { toFailure, WaybillError } from '../../failure.ts';
import type { Connection } from '../../oss/connection.ts';
import { failureOfRequest } from '../../oss/exchange/errors.ts';
import type { OssError } from '../../oss/exchange/oss-error.ts';
import { probe } from '../../oss/exchange/probe.ts';
import type { DocumentChange, DocumentEditor } from './bucket-document.ts';
import { type Answer, answerOf, denyAndTry, type Denied, type Ended, orOpen, type Wait } from './deny-and-try.ts';
import { SLACK_MS } from './our-statements.ts';
import { type Denial, withDenial, withoutDenial } from './session-denial.ts';

/** A link of the signer, by which its end is seen. The URL is a secret. */
export interface ProbeLink {
  readonly url: string;
  /** A link for GET is asked for one byte. What changes something can't be tried. */
  readonly method: 'GET' | 'HEAD';
  /** What its signature covers besides. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** A signer to revoke; `link` is null where none of its links can be tried. */
export interface Revocation extends Denial {
  readonly link: ProbeLink | null;
}

interface RevokingParts {
  readonly editor: DocumentEditor<string>;
  readonly wait: Wait;
  /** Called right before the policy is changed, once the link was tried. */
  readonly before?: (() => Promise<void>) | undefined;
  /** Called once the policy denies it, before OSS was seen to refuse it: what a crash would forget. */
  readonly denied?: (() => Promise<void>) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** How long a change that someone else had under way may take to arrive. */
const SETTLE_MS = 2000;
/** How often a statement that someone else overwrote is denied and tried again. */
const ROUNDS = 3;
const OVER: readonly Cause[] = ['expired', 'token-expired'];
/** Refusals by the bucket's policy, alone or along with RAM's. @see https://help.aliyun.com/en/oss/user-guide/0003-00000101 */
const BY_BUCKET_POLICY: readonly string[] = ['0003-00000101', '0003-00000203'];

/**
 * Denies a signer in the bucket's policy, then asks its link until OSS refuses it. A while later the policy is read once more:
 * another tool that read it before the change and wrote it afterwards has removed the statement again.
 * @param connection signs as somebody who may change the policy
 * @returns `expired` where the link had expired, so that nothing was changed
 * @throws WaybillError what changing the policy throws; `input` as withDenial(), `own-session` for what signs the change itself,
 *   and `changed-meanwhile`
 */
export async function revokeSession(
  connection: Connection,
  { link, ...denial }: Revocation,
  { editor, wait, before, denied, signal }: RevokingParts,
): Promise<Ended> {
  const { bucket, signer } = denial;
  if (signer.kind === 'token' && (await connection.accessKey()).accessKeyId === signer.accessKeyId) {
    throw new WaybillError({ kind: 'input', field: 'accessKeyId', rule: 'own-session' });
  }
  if (await isExpired(connection, { ...denial, link }, { editor, signal })) return { kind: 'expired' };
  // The clock is right once OSS has answered the read.
  const change = (): Promise<DocumentChange<string>> =>
    editor.change(connection, bucket, (policy) => withDenial(policy, denial, connection.clock.now()), signal);
  const ask = (): Promise<Answer> =>
    link === null ? Promise.resolve('untestable') : answerTo(connection, link, signal);
  return denyUntilSettled({ change, ask, before, denied }, wait);
}

interface Settling extends Pick<RevokingParts, 'before' | 'denied'> {
  /** Changes nothing where the policy denies it already. */
  readonly change: () => Promise<DocumentChange<string>>;
  readonly ask: () => Promise<Answer>;
}

/**
 * As denyAndTry(), until the policy still denies it a while later, and OSS still refuses it: whatever read the policy before the
 * change has written it by then, unless that took longer than two seconds, and one answer is that of one server of many.
 * @throws WaybillError what `change` throws; `input` `changed-meanwhile` where the denial is overwritten again and again
 */
export async function denyUntilSettled({ change, ask, before, denied }: Settling, wait: Wait): Promise<Ended> {
  let isDenied = false;
  let last: Ended | null = null;
  const askAgain = async (): Promise<Answer> => {
    const answer = await ask();
    // Another tool that read the policy before the change may have overwritten it since: then asking alone would never end.
    if (answer === 'open' && isDenied) await change().catch(unlessOthersWrite);
    return answer;
  };
  let ended: Denied | null = null;
  for (let round = 0; round < ROUNDS; round++) {
    const deny = async (): Promise<DocumentChange<string>> => {
      if (round === 0) await before?.();
      const changed = await change();
      isDenied = true;
      await denied?.();
      return changed;
    };
    // What couldn't be tried, or was refused before, can't be tried any better in another round.
    if (ended?.kind !== 'unconfirmed') ended = await denyAndTry({ deny, ask: askAgain }, wait);
    if (ended.kind === 'unconfirmed' && ended.why === 'still-taken') return ended;
    await wait(SETTLE_MS);
    if ((await change()).isWritten) continue;
    if (ended.kind === 'unconfirmed' || (await orOpen(ask)) === 'refused') return ended;
    last = { kind: 'unconfirmed', why: 'still-taken', policy: ended.policy };
  }
  if (last !== null) return last;
  throw new WaybillError({ kind: 'input', field: 'policy', rule: 'changed-meanwhile' });
}

/** Swallows the failure of a policy that others keep writing, so that asking goes on. @throws anything else */
function unlessOthersWrite(error: unknown): void {
  const failure = toFailure(error);
  if (failure.kind !== 'input' || failure.rule !== 'changed-meanwhile') throw error;
}

/** Takes a denial out of the policy, so that the links work again until they expire. @throws WaybillError what changing it throws */
export async function restoreSession(
  connection: Connection,
  denial: Denial,
  { editor, signal }: Pick<RevokingParts, 'editor' | 'signal'>,
): Promise<DocumentChange<string>> {
  return editor.change(connection, denial.bucket, (policy) => withoutDenial(policy, denial), signal);
}

/**
 * Whether there is nothing left to revoke. The link itself knows best; without one, OSS is asked something first, since this
 * computer's clock may be wrong until then.
 */
async function isExpired(
  connection: Connection,
  { bucket, link, validUntil }: Pick<Revocation, 'bucket' | 'link' | 'validUntil'>,
  { editor, signal }: Pick<RevokingParts, 'editor' | 'signal'>,
): Promise<boolean> {
  const error = link === null ? 'unknown' : await errorOf(connection, link, signal).catch(() => 'unknown' as const);
  if (error !== 'unknown') return error !== null && OVER.includes(causeOfLink(error));
  if (validUntil > connection.clock.now()) return false;
  await editor.change(connection, bucket, (policy) => policy, signal);
  return validUntil + SLACK_MS <= connection.clock.now();
}

/**
 * What OSS says to a link. A file that isn't there says that the link is still heard. A refusal by something else than the
 * bucket's policy says nothing: the role or the session may never have been allowed to.
 */
export async function answerTo(
  connection: Pick<Connection, 'dispatcher'>,
  link: ProbeLink,
  signal?: AbortSignal,
): Promise<Answer> {
  const error = await errorOf(connection, link, signal);
  if (error === null) return 'open';
  const isOther =
    causeOfLink(error) === 'denied-by-policy' && error.ec !== undefined && !BY_BUCKET_POLICY.includes(error.ec);
  return isOther ? 'untestable' : answerOf(error);
}

/** Reads at most one byte. A network failure is no answer. */
async function errorOf(
  { dispatcher }: Pick<Connection, 'dispatcher'>,
  { url, method, headers = {} }: ProbeLink,
  signal: AbortSignal | undefined,
): Promise<OssError | null> {
  const range = method === 'GET' ? { range: 'bytes=0-0' } : {};
  return (await probe({ url, method, headers: { ...headers, ...range }, signal }, dispatcher)).error;
}

function causeOfLink(error: OssError): Cause {
  return failureOfRequest(error, { through: 'link', isTokenMissing: false }).cause;
}
