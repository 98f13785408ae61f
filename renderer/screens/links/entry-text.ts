import type { LedgerItem, LedgerState, LinkMethod } from '../../../main/contract/contract.ts';
import type { Translator } from '../../../main/words/translator.ts';
import { visibleSegment } from '../../lib/key-text.ts';

/** What an entry is: its icon and its name in words. */
export type EntryKind = LinkMethod | 'grant' | 'page' | 'form' | 'ticket';

export function entryKind({ what }: Pick<LedgerItem, 'what'>): EntryKind {
  if (what.kind === 'link') return what.method;
  return what.kind === 'form' && what.format === 'page' ? 'page' : what.kind;
}

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

/** Whether there is nothing left to revoke. */
export function isOver(item: Pick<LedgerItem, 'state' | 'validUntil'>, now: number): boolean {
  const state = stateAt(item, now);
  return state === 'ended' || state === 'revoked';
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
