import type { Failure } from '../failure.ts';
import { formatExact, formatMoment } from './format.ts';
import { inputDetail, inputMessage } from './input-message.ts';
import type { Translate, Translator } from './translator.ts';

/** What a person reads when something failed: what happened, and what to do next. */
export interface FailureText {
  readonly title: string;
  readonly next: string;
  /** Codes and IDs to hand to support, as one line that can be copied; null where there are none. */
  readonly details: string | null;
}

type KindOf<K extends Failure['kind']> = Extract<Failure, { readonly kind: K }>;
type Words = Pick<FailureText, 'title' | 'next'>;
type Table = { readonly [K in Failure['kind']]: (failure: KindOf<K>, translator: Translator) => Words };

const table: Table = {
  input: (failure, translator) => inputMessage(failure, translator),
  link: ({ reason, at }, { text, locale }) => ({
    title:
      at !== undefined && (reason === 'expired' || reason === 'not-yet-valid')
        ? text(`failure.link.${reason}.title.at`, { moment: formatMoment(at, locale) })
        : text(`failure.link.${reason}.title`),
    next: text(`failure.link.${reason}.next`),
  }),
  credentials: (failure, translator) => credentialsWords(failure, translator),
  oss: (failure, translator) => ossWords(failure, translator),
  network: ({ reason, host }, { text }) => ({
    title: text(`failure.network.${reason}.title`, { host: host ?? 'none' }),
    next: text(`failure.network.${reason}.next`),
  }),
  file: ({ reason }, { text }) => ({
    title: text(`failure.file.${reason}.title`),
    next: text(`failure.file.${reason}.next`),
  }),
  integrity: (_, { text }) => ({ title: text('failure.integrity.title'), next: text('failure.integrity.next') }),
  keychain: ({ reason }, { text }) => ({
    title: text(`failure.keychain.${reason}.title`),
    next: text(`failure.keychain.${reason}.next`),
  }),
  cancelled: (_, { text }) => ({ title: text('failure.cancelled.title'), next: text('failure.cancelled.next') }),
  bug: ({ logId }, { text }) => ({ title: text('failure.bug.title'), next: text('failure.bug.next', { logId }) }),
};

/** The words for a Failure in the language of `translator`. */
export function failureText(failure: Failure, translator: Translator): FailureText {
  const words = table[failure.kind] as (failure: Failure, translator: Translator) => Words;
  return { ...words(failure, translator), details: detailsOf(failure) };
}

/** The same as running text, for a line that holds no more. */
export function failureSentences(failure: Failure, translator: Translator): string {
  const { title, next } = failureText(failure, translator);
  return translator.text('failure.sentences', { title, next });
}

function credentialsWords(failure: KindOf<'credentials'>, translator: Translator): Words {
  const { text } = translator;
  if (failure.code === 'AccessKeyIdAndSecurityTokenNotMatch') {
    return { title: text('failure.credentials.other-token.title'), next: text('failure.credentials.other-token.next') };
  }
  return { title: text(`failure.credentials.${failure.reason}.title`), next: nextForCredentials(failure, translator) };
}

function nextForCredentials(
  { reason, action, serverTime }: KindOf<'credentials'>,
  { text, locale }: Translator,
): string {
  if (reason === 'denied' && action !== undefined) return text('failure.credentials.denied.next.action', { action });
  if (reason !== 'clock-skew') return text(`failure.credentials.${reason}.next`);
  if (serverTime === undefined) return text('failure.credentials.clock-skew.next.unknown');
  return text('failure.credentials.clock-skew.next', { serverTime: formatExact(serverTime, locale) });
}

/** OSS codes that have words of their own. */
const ossCodes = [
  'NoSuchBucket',
  'NoSuchKey',
  'AccessDenied',
  'BucketAlreadyExists',
  'BucketNotEmpty',
  'ChangedSinceCopied',
  'InvalidObjectState',
  'SymlinkTargetNotExist',
] as const;

function ossWords({ status, code, message, endpoint }: KindOf<'oss'>, { text }: Translator): Words {
  if (endpoint !== undefined) {
    return { title: text('failure.oss.other-region.title'), next: text('failure.oss.other-region.next', { endpoint }) };
  }
  if (/signing region/i.test(message)) return signedRegionWords(message, text);
  const known = ossCodes.find((one) => one === code);
  if (known !== undefined) {
    return { title: text(`failure.oss.${known}.title`), next: text(`failure.oss.${known}.next`, { message }) };
  }
  const busy = status === 503 || status === 429;
  return busy
    ? { title: text('failure.oss.busy.title'), next: text('failure.oss.busy.next') }
    : { title: text('failure.oss.title'), next: text('failure.oss.next', { message }) };
}

/** OSS has no code of its own for a V4 signature of another region, but its message names the right one. */
function signedRegionWords(message: string, text: Translate): Words {
  const region = /expected\W+([a-z]+-[a-z0-9-]+)/i.exec(message)?.[1];
  const next =
    region === undefined
      ? text('failure.oss.signed-region.next.unknown')
      : text('failure.oss.signed-region.next', { region });
  return { title: text('failure.oss.signed-region.title'), next };
}

function detailsOf(failure: Failure): string | null {
  const parts = detailParts(failure).filter((part) => part !== undefined);
  return parts.length === 0 ? null : parts.join(' · ');
}

function detailParts(failure: Failure): readonly (string | undefined)[] {
  switch (failure.kind) {
    case 'oss':
    case 'credentials':
      return [
        failure.kind === 'oss' ? `HTTP ${failure.status}` : undefined,
        failure.code,
        failure.message,
        labelled('EC', failure.ec),
        labelled('RequestId', failure.requestId),
      ];
    case 'link':
      return [failure.code, labelled('EC', failure.ec), labelled('RequestId', failure.requestId)];
    case 'input':
      return [inputDetail(failure)];
    case 'file':
      return [failure.path];
    case 'integrity':
      return [`CRC-64 ${failure.expected} ≠ ${failure.actual}`];
    case 'network':
      return [failure.host];
    case 'bug':
      return loggedAs(failure);
    case 'keychain':
    case 'cancelled':
      return [];
    default:
      return failure satisfies never;
  }
}

function loggedAs({ logId }: KindOf<'bug'>): readonly string[] {
  return logId === 'none' ? [] : [logId];
}

function labelled(label: string, value: string | undefined): string | undefined {
  return value === undefined ? undefined : `${label} ${value}`;
}
