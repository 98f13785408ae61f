import type { Account } from '../../../../main/contract/contract.ts';
import { formatLength } from '../../../../main/words/format.ts';
import { type ExpiryChoice, readExpiry } from '../../../lib/expiry.ts';
import type { Messages } from '../../../lib/messages.svelte.ts';
import type { CdnShareForm } from '../other/cdn-share.svelte.ts';
import type { ShareForm } from '../share.svelte.ts';

type Words = Pick<Messages, 'text' | 'locale'>;

/** The options of a link in one line: "Download · 1 hr · for Li Wei". */
export function shareSummary(options: ShareForm['options'], messages: Words): string {
  const { text } = messages;
  const { method, open, versionId, recipient, revocable, expiry } = options;
  return [
    text(method === 'GET' && open === 'preview' ? 'share.open.preview' : `share.method.${method}`),
    ...lengthTexts(expiry, messages),
    ...(versionId === null || method === 'PUT' ? [] : [text('share.summary.version')]),
    ...(revocable ? [text('share.revocable')] : []),
    ...recipientTexts(recipient, messages),
  ].join(' · ');
}

/** The options of a link of a CDN in one line: "files.example.com · 1 hr". */
export function cdnSummary(options: CdnShareForm['options'], messages: Words): string {
  const { domain, expiry, recipient } = options;
  return [domain, ...lengthTexts(expiry, messages), ...recipientTexts(recipient, messages)].join(' · ');
}

/** How long a link is valid; nothing for a moment, which is shown as the end. */
function lengthTexts(expiry: ExpiryChoice, { locale }: Words): readonly string[] {
  const seconds = expiry.by === 'moment' ? null : readExpiry(expiry, Date.now());
  return typeof seconds === 'number' ? [formatLength(seconds * 1000, locale)] : [];
}

function recipientTexts(recipient: string, { text }: Words): readonly string[] {
  return recipient.trim() === '' ? [] : [text('share.summary.for', { recipient: recipient.trim() })];
}

/** What signs a link of an account: its key, a session, or whatever its source of credentials gives. */
export function signerKey(
  account: Account | null,
  revocable: boolean,
): `share.signed-by${'' | '.session' | '.source'}` {
  if (revocable || (account !== null && account.role !== null)) return 'share.signed-by.session';
  if (account?.kind === 'sourced') return 'share.signed-by.source';
  return account?.temporary === true ? 'share.signed-by.session' : 'share.signed-by';
}
