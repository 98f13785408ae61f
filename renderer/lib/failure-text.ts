import type { Failure } from '../../preload/contract.ts';
import { formatExact, formatMoment } from './format.ts';
import type { MessageKey, Messages } from './messages.svelte.ts';

/** What a person reads when something failed: what happened, and what to do next. */
export interface FailureText {
  readonly title: string;
  readonly next: string;
  /** Codes and IDs to hand to support, as one line that can be copied; null where there are none. */
  readonly details: string | null;
}

type KindOf<K extends Failure['kind']> = Extract<Failure, { readonly kind: K }>;
type Words = Pick<FailureText, 'title' | 'next'>;
type Table = { readonly [K in Failure['kind']]: (failure: KindOf<K>, messages: Messages) => Words };

const table: Table = {
  input: (failure, messages) => inputWords(failure, messages),
  link: ({ reason, at }, { text, locale }) => ({
    title:
      at !== undefined && (reason === 'expired' || reason === 'not-yet-valid')
        ? text(`failure.link.${reason}.title.at`, { moment: formatMoment(at, locale) })
        : text(`failure.link.${reason}.title`),
    next: text(`failure.link.${reason}.next`),
  }),
  credentials: (failure, messages) => credentialsWords(failure, messages),
  oss: (failure, messages) => ossWords(failure, messages),
  network: ({ reason, host }, { text }) => ({
    title: text(`failure.network.${reason}.title`, { host: host ?? text('failure.network.the-server') }),
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

/** The words for a Failure in the language of `messages`. */
export function failureText(failure: Failure, messages: Messages): FailureText {
  const words = table[failure.kind] as (failure: Failure, messages: Messages) => Words;
  return { ...words(failure, messages), details: detailsOf(failure) };
}

function credentialsWords(failure: KindOf<'credentials'>, messages: Messages): Words {
  const { text } = messages;
  if (failure.code === 'AccessKeyIdAndSecurityTokenNotMatch') {
    return { title: text('failure.credentials.other-token.title'), next: text('failure.credentials.other-token.next') };
  }
  return { title: text(`failure.credentials.${failure.reason}.title`), next: nextForCredentials(failure, messages) };
}

function nextForCredentials(
  { reason, action, serverTime }: KindOf<'credentials'>,
  { text, locale }: Pick<Messages, 'text' | 'locale'>,
): string {
  if (reason === 'denied' && action !== undefined) return text('failure.credentials.denied.next.action', { action });
  if (reason !== 'clock-skew') return text(`failure.credentials.${reason}.next`);
  if (serverTime === undefined) return text('failure.credentials.clock-skew.next.unknown');
  return text('failure.credentials.clock-skew.next', { serverTime: formatExact(serverTime, locale) });
}

type OssCode =
  'NoSuchBucket' | 'NoSuchKey' | 'AccessDenied' | 'BucketAlreadyExists' | 'BucketNotEmpty' | 'ChangedSinceCopied';

const ossCodes: Readonly<Record<string, OssCode>> = {
  NoSuchBucket: 'NoSuchBucket',
  NoSuchKey: 'NoSuchKey',
  AccessDenied: 'AccessDenied',
  BucketAlreadyExists: 'BucketAlreadyExists',
  BucketNotEmpty: 'BucketNotEmpty',
  ChangedSinceCopied: 'ChangedSinceCopied',
};

function ossWords({ status, code, message, endpoint }: KindOf<'oss'>, { text }: Messages): Words {
  if (endpoint !== undefined) {
    return { title: text('failure.oss.other-region.title'), next: text('failure.oss.other-region.next', { endpoint }) };
  }
  if (/signing region/i.test(message)) return signedRegionWords(message, text);
  const known = ossCodes[code];
  if (known !== undefined) {
    return { title: text(`failure.oss.${known}.title`), next: text(`failure.oss.${known}.next`, { message }) };
  }
  const busy = status === 503 || status === 429;
  return busy
    ? { title: text('failure.oss.busy.title'), next: text('failure.oss.busy.next') }
    : { title: text('failure.oss.title'), next: text('failure.oss.next', { message }) };
}

/** OSS has no code of its own for a V4 signature of another region, but its message names the right one. */
function signedRegionWords(message: string, text: Messages['text']): Words {
  const region = /expected\W+([a-z]+-[a-z0-9-]+)/i.exec(message)?.[1];
  const next =
    region === undefined
      ? text('failure.oss.signed-region.next.unknown')
      : text('failure.oss.signed-region.next', { region });
  return { title: text('failure.oss.signed-region.title'), next };
}

interface InputWords {
  readonly title: MessageKey;
  readonly next: MessageKey;
}

const badKey: InputWords = { title: 'failure.input.key', next: 'failure.input.key.next' };
const badEndpoint: InputWords = { title: 'failure.input.endpoint', next: 'failure.input.endpoint.next' };
const tooLarge: InputWords = { title: 'failure.input.too-large', next: 'failure.input.too-large.next' };
const anyInput: InputWords = { title: 'failure.input.title', next: 'failure.input.next' };
const badPolicy: InputWords = { title: 'failure.input.policy', next: 'failure.input.policy.next' };
const badCode: InputWords = { title: 'failure.input.grant-damaged', next: 'failure.input.grant-damaged.next' };
const badManifest: InputWords = { title: 'failure.input.manifest', next: 'failure.input.manifest.next' };
const badManifestLink: InputWords = { title: 'failure.input.manifest-link', next: 'failure.input.manifest-link.next' };

/** Rules that have words of their own; main knows more of them than a person needs told apart. */
const inputRules: Readonly<Record<string, InputWords>> = {
  required: { title: 'failure.input.required', next: 'failure.input.next' },
  unknown: { title: 'failure.input.unknown', next: 'failure.input.unknown.next' },
  'endpoint-format': badEndpoint,
  'endpoint-port': badEndpoint,
  'region-missing': { title: 'failure.input.region', next: 'failure.input.region.next' },
  'needed-with-cname': { title: 'failure.input.cname', next: 'failure.input.cname.next' },
  'bucket-name': { title: 'failure.input.bucket-name', next: 'failure.input.bucket-name.next' },
  'key-empty': badKey,
  'key-too-long': badKey,
  'key-leading-slash': badKey,
  'key-not-unicode': badKey,
  'copy-onto-itself': { title: 'failure.input.copy-onto-itself', next: 'failure.input.copy-onto-itself.next' },
  'copy-into-itself': { title: 'failure.input.copy-into-itself', next: 'failure.input.copy-into-itself.next' },
  'object-too-large': tooLarge,
  'put-too-large': tooLarge,
  'other-account': { title: 'failure.input.other-account', next: 'failure.input.other-account.next' },
  'session-too-long': { title: 'failure.input.session-long', next: 'failure.input.session-long.next' },
  'role-arn': { title: 'failure.input.role-arn', next: 'failure.input.role-arn.next' },
  'session-name': { title: 'failure.input.session-name', next: 'failure.input.session-name.next' },
  'no-role': { title: 'failure.input.no-role', next: 'failure.input.no-role.next' },
  'policy-not-json': badPolicy,
  'policy-shape': badPolicy,
  'policy-too-long': badPolicy,
  'policy-refused': badPolicy,
  'passphrase-too-short': { title: 'failure.input.passphrase-short', next: 'failure.input.passphrase-short.next' },
  'wrong-passphrase': { title: 'failure.input.passphrase', next: 'failure.input.passphrase.next' },
  'grant-damaged': badCode,
  'grant-too-large': badCode,
  'manifest-not-json': badManifest,
  'manifest-format': badManifest,
  'manifest-link': badManifestLink,
  'manifest-too-large': { title: 'failure.input.manifest-large', next: 'failure.input.manifest-large.next' },
  'upload-request-not-json': badManifest,
  'upload-request-format': badManifest,
  'upload-request-link': badManifestLink,
  'grant-version': { title: 'failure.input.grant-version', next: 'failure.input.grant-version.next' },
};

function inputWords({ rule, field }: KindOf<'input'>, { text }: Messages): Words {
  // The contract has a limit too, before a rule of OSS can be asked.
  const isLongKey = rule === 'too_big' && (field === 'key' || field === 'prefix');
  const { title, next } = isLongKey ? badKey : (inputRules[rule] ?? anyInput);
  return { title: text(title), next: text(next) };
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
      return [`${failure.field}: ${failure.rule}`];
    case 'file':
      return [failure.path];
    case 'integrity':
      return [`CRC-64 ${failure.expected} ≠ ${failure.actual}`];
    case 'network':
      return [failure.host];
    case 'bug':
      return [failure.logId];
    case 'keychain':
    case 'cancelled':
      return [];
    default:
      return failure satisfies never;
  }
}

function labelled(label: string, value: string | undefined): string | undefined {
  return value === undefined ? undefined : `${label} ${value}`;
}
