import type { Cause } from '../causes.ts';
import type { Failure } from '../failure.ts';
import { formatExact, formatMoment } from './format.ts';
import type { Translator } from './translator.ts';

/** What OSS refused, or what can't be sent for want of a secret or a whole link. */
export type Refusal = Extract<Failure, { readonly kind: 'link' | 'credentials' | 'oss' }>;

/** Causes whose title for a link differs from that for an account's own request. */
const ownLinkTitle = [
  'denied-by-policy',
  'denied-by-source',
  'no-such-upload',
  'no-token',
  'token-expired',
  'wrong-key',
  'wrong-region-signature',
] as const satisfies readonly Cause[];

/** Causes whose next step differs: whoever received a link can only ask its sender. */
const ownLinkNext = [
  ...['apk-forbidden', 'archived', 'bad-tag', 'denied-by-policy', 'denied-by-referer', 'denied-by-source'],
  ...['exists', 'needs-custom-domain', 'no-such-bucket', 'no-such-key', 'no-such-upload', 'no-such-version'],
  ...['no-token', 'not-oss'],
  ...['public-access-blocked', 'redirected', 'symlink-broken', 'token-expired', 'token-mismatch', 'v1-refused'],
  ...['wrong-endpoint', 'wrong-key', 'wrong-region-signature'],
] as const satisfies readonly Cause[];

/** What happened and what to do next, by cause. */
export function refusalWords(
  refusal: Refusal,
  translator: Translator,
): { readonly title: string; readonly next: string } {
  return { title: titleOf(refusal, translator), next: nextOf(refusal, translator) };
}

/** Whether the request went through someone's link, so that its sender must act. */
export function isThroughLink(refusal: Refusal): boolean {
  return refusal.kind === 'link' || (refusal.kind === 'oss' && refusal.through === 'link');
}

/**
 * OSS's own sentence, to be shown with the cause; null where there is none, where it is in the words already, and where
 * it would mislead: for a missing token, OSS says that the key doesn't exist.
 */
export function sentenceOfOss({ cause, message = '' }: Refusal): string | null {
  return message === '' || unquoted.has(cause) ? null : message;
}

const unquoted: ReadonlySet<Refusal['cause']> = new Set([
  ...(['no-token', 'other', 'callback-failed'] as const),
  // Waybill's own observations.
  ...(['malformed', 'not-oss', 'changed-since-copied', 'changed-since-shared'] as const),
]);

function titleOf(refusal: Refusal, { text, locale }: Translator): string {
  const { cause } = refusal;
  const link = isThroughLink(refusal) ? ownLinkTitle.find((one) => one === cause) : undefined;
  if (link !== undefined) return text(`failure.cause.${link}.title.link`);
  const at = refusal.kind === 'link' ? refusal.at : undefined;
  if (at !== undefined && (cause === 'expired' || cause === 'not-yet-valid')) {
    return text(`failure.cause.${cause}.title.at`, { moment: formatMoment(at, locale) });
  }
  return text(`failure.cause.${cause}.title`, sourceOf(refusal));
}

/** Where the credentials were to come from, for messages that differ by it. */
function sourceOf({ source }: Refusal): { readonly source: string; readonly name: string } {
  return { source: source?.kind ?? 'chain', name: source?.name ?? '' };
}

function nextOf(refusal: Refusal, translator: Translator): string {
  const { text } = translator;
  const { cause } = refusal;
  const endpoint = (refusal.kind === 'oss' ? refusal.endpoint : undefined) ?? '';
  const link = isThroughLink(refusal) ? ownLinkNext.find((one) => one === cause) : undefined;
  if (link !== undefined) return text(`failure.cause.${link}.next.link`, { endpoint });
  if (cause === 'clock-skew') return clockNext(refusal, translator);
  if (cause === 'denied-by-policy') return deniedNext(refusal, translator);
  const { message = '', needs } = refusal;
  if (cause === 'needs-custom-domain' && needs !== undefined)
    return text(`failure.cause.${cause}.next.needs`, { needs });
  if (refusal.cause === 'other' && message === '') {
    return text('failure.cause.other.next.silent', { status: String(refusal.status) });
  }
  return text(`failure.cause.${cause}.next`, { endpoint, message, ...sourceOf(refusal) });
}

function clockNext({ serverTime }: Refusal, { text, locale }: Translator): string {
  if (serverTime === undefined) return text('failure.cause.clock-skew.next.unknown');
  return text('failure.cause.clock-skew.next', { serverTime: formatExact(serverTime, locale) });
}

function deniedNext({ action, needs }: Refusal, { text }: Translator): string {
  if (action !== undefined) return text('failure.cause.denied-by-policy.next.action', { action });
  if (needs !== undefined) return text('failure.cause.denied-by-policy.next.needs', { needs });
  return text('failure.cause.denied-by-policy.next');
}
