import type { LedgerItem, LedgerState } from '../../../main/contract/contract.ts';
import type { Translator } from '../../../main/words/translator.ts';
import { visibleSegment } from '../../lib/key-text.ts';

/** The name of an entry, in the parts that are displayed separately. */
interface EntryName {
  readonly bucket: string;
  /** The key or the prefix, in readable form. */
  readonly path: string;
  /** How many other keys and prefixes a grant has. */
  readonly others: number;
}

export function entryName({ what }: Pick<LedgerItem, 'what'>): EntryName {
  const { bucket } = what;
  if (what.kind === 'link') return { bucket, path: readable(what.key), others: 0 };
  const [first = '', ...others] = [...what.prefixes, ...what.keys];
  return { bucket, path: readable(first), others: others.length };
}

/** The name on one line: "photos/2026/cat.jpg". */
export function entryTitle(item: Pick<LedgerItem, 'what'>): string {
  const { bucket, path, others } = entryName(item);
  return `${bucket}/${path}${others === 0 ? '' : ` +${others}`}`;
}

/** The kind and the name: "Upload link: photos/2026/cat.jpg". */
export function entryLabel(item: Pick<LedgerItem, 'what'>, { text }: Translator): string {
  const { what } = item;
  const kind = text(`ledger.kind.${what.kind === 'link' ? what.method : 'grant'}`);
  return text('ledger.entry.label', { kind, name: entryTitle(item) });
}

/** The entry may have expired since main reported its state. */
export function stateAt(item: Pick<LedgerItem, 'state' | 'validUntil'>, now: number): LedgerState {
  return now >= item.validUntil ? 'ended' : item.state;
}

function readable(key: string): string {
  return key === '' ? '' : key.split('/').map(segmentOf).join('/');
}

/** An empty segment stays empty: the slashes around it show it. */
function segmentOf(segment: string): string {
  return segment === '' ? '' : visibleSegment(segment);
}
