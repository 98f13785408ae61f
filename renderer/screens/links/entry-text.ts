import type { Ending, LedgerAct, LedgerItem, LedgerState } from '../../../main/contract/contract.ts';
import { formatCount, formatDate } from '../../../main/words/format.ts';
import type { Translator } from '../../../main/words/translator.ts';
import { visibleSegment } from '../../lib/key-text.ts';
import type { Messages } from '../../lib/messages.svelte.ts';
import { dayOf, entryKind } from '../../model/ledger-rows.ts';

/** The name of an entry, in the parts that are displayed separately. */
interface EntryName {
  readonly bucket: string;
  /** The key or the prefix, in readable form. */
  readonly path: string;
  /** How many other keys and prefixes a grant or a form has. */
  readonly others: number;
}

export function entryName({ what }: Pick<LedgerItem, 'what'>): EntryName {
  const { bucket } = what;
  const [first = '', ...others] = placesOf(what);
  return { bucket, path: readable(first), others: others.length };
}

/** The name on one line: "photos/2026/cat.jpg". */
export function entryTitle(item: Pick<LedgerItem, 'what'>): string {
  const { bucket, path, others } = entryName(item);
  return `${bucket}/${path}${others === 0 ? '' : ` +${others}`}`;
}

/** The kind and the name: "Upload link: photos/2026/cat.jpg". */
export function entryLabel(item: Pick<LedgerItem, 'what'>, { text }: Translator): string {
  const kind = text(`ledger.kind.${entryKind(item)}`);
  return text('ledger.entry.label', { kind, name: entryTitle(item) });
}

/** The name of an act on one line: "190 files in photos/2026/". */
export function actTitle({ first, count }: LedgerAct, { text, locale }: Pick<Messages, 'text' | 'locale'>): string {
  const place = `${first.what.bucket}/${readable(first.act?.folder ?? '')}`;
  return text('ledger.act', { count, shown: formatCount(count, locale), place });
}

/** The heading of a day, given by its midnight; of what expires soon for null. */
export function dayText(day: number | null, now: number, { text, locale }: Pick<Messages, 'text' | 'locale'>): string {
  if (day === null) return text('ledger.day.soon');
  const today = dayOf(now);
  if (day === today) return text('ledger.day.today');
  // Twelve hours before midnight is a time of the day before, also where a day has 23 or 25 hours.
  return day === dayOf(today - 12 * 3_600_000) ? text('ledger.day.yesterday') : formatDate(day, locale);
}

/** The state of an act: that of the entry that is most alive. */
export function actState({ states }: Pick<LedgerAct, 'states'>): LedgerState {
  const order = ['ending-soon', 'live', 'denied', 'target-gone', 'revoked', 'ended'] as const;
  return order.find((state) => states[state] > 0) ?? 'ended';
}

/** The entry may have expired since main reported its state. */
export function stateAt(item: Pick<LedgerItem, 'state' | 'validUntil'>, now: number): LedgerState {
  return now >= item.validUntil && item.state !== 'revoked' ? 'ended' : item.state;
}

/** Whether files come through it whose arrival Waybill can see. */
export function bringsFiles({ what }: Pick<LedgerItem, 'what'>): boolean {
  return what.kind === 'form' || what.kind === 'ticket';
}

/** Whether it leads to a file that OSS can be asked for, as checking links does. */
export function hasTarget({ what }: Pick<LedgerItem, 'what'>): boolean {
  return what.kind === 'link' && what.method !== 'PUT';
}

/** A page and a ticket are saved, everything else is copied. */
export function renewKey(item: Pick<LedgerItem, 'what'>): 'ledger.renew' | 'ledger.renew.save' {
  const kind = entryKind(item);
  return kind === 'page' || kind === 'ticket' ? 'ledger.renew.save' : 'ledger.renew';
}

/** Whether a session that was assumed for it alone signed it, which OSS can refuse without refusing anything else. */
export function hasOwnSession(item: Pick<LedgerItem, 'session'>): boolean {
  return item.session !== undefined;
}

/** The command that leads to the ways of revoking it. */
export function planKey(item: Pick<LedgerItem, 'session'>): 'ledger.revoke' | 'ledger.plan' {
  return hasOwnSession(item) ? 'ledger.revoke' : 'ledger.plan';
}

/** What OSS can do about such an entry at all. */
export function honestKey(item: Pick<LedgerItem, 'what' | 'session' | 'signer'>): `ledger.plan.honest.${HonestKind}` {
  if (item.signer.kind === 'cdn') return 'ledger.plan.honest.cdn';
  if (!hasOwnSession(item)) return `ledger.plan.honest.${item.what.kind}`;
  return item.what.kind === 'grant' ? 'ledger.plan.honest.grant-session' : 'ledger.plan.honest.session';
}
type HonestKind = LedgerItem['what']['kind'] | 'session' | 'grant-session' | 'cdn';

/** What became of revoking it. */
export function outcomeKey(
  { what }: Pick<LedgerItem, 'what'>,
  outcome: Exclude<Ending['outcome'], 'forbidden'>,
): `ledger.end.${Exclude<Ending['outcome'], 'forbidden'>}` | 'ledger.end.ended.link' | 'ledger.end.still-taken.link' {
  if (what.kind === 'form' || what.kind === 'ticket' || outcome === 'over' || outcome === 'denied')
    return `ledger.end.${outcome}`;
  return `ledger.end.${outcome}.link`;
}

/** Whether a bucket's policy revokes it. A ticket is revoked by its upload, which can't be restored. */
export function isDeniable({ what }: Pick<LedgerItem, 'what'>): boolean {
  return what.kind !== 'ticket';
}

/** Whether Waybill denied something in a bucket's policy that could work again until it expires. */
export function canUndo(item: Pick<LedgerItem, 'what' | 'state' | 'validUntil'>, now: number): boolean {
  const state = stateAt(item, now);
  return isDeniable(item) && now < item.validUntil && (state === 'revoked' || state === 'denied');
}

/** Whether there is nothing left to revoke. */
export function isOver(item: Pick<LedgerItem, 'state' | 'validUntil'>, now: number): boolean {
  const state = stateAt(item, now);
  return state === 'ended' || state === 'revoked';
}

/** Who signed it, in one name. */
export function signerName({ signer }: Pick<LedgerItem, 'signer'>): string {
  if (signer.kind === 'cdn') return signer.domain;
  return signer.kind === 'role' ? signer.roleArn : signer.accessKeyId;
}

function placesOf(what: LedgerItem['what']): readonly string[] {
  switch (what.kind) {
    case 'link':
    case 'ticket':
      return [what.key];
    case 'grant':
      return [...what.prefixes, ...what.keys];
    case 'form':
      return what.keys.kind === 'prefix' ? [what.keys.prefix] : what.keys.keys;
    default:
      return what satisfies never;
  }
}

function readable(key: string): string {
  return key === '' ? '' : key.split('/').map(segmentOf).join('/');
}

/** An empty segment stays empty: the slashes around it show it. */
function segmentOf(segment: string): string {
  return segment === '' ? '' : visibleSegment(segment);
}
