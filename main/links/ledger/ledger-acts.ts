import type { LedgerEntry, LedgerItem, LedgerState } from './ledger-entry.ts';

/** What entries are, by which they are filtered: a link by its method, a form by how it was written. */
export const entryKinds = ['GET', 'PUT', 'HEAD', 'DELETE', 'grant', 'page', 'form', 'ticket'] as const;
/** What an entry is. */
export type EntryKind = (typeof entryKinds)[number];

/** What an entry is: a link by its method, a form that is a page as one. */
export function kindOf({ what }: Pick<LedgerEntry, 'what'>): EntryKind {
  if (what.kind === 'link') return what.method;
  return what.kind === 'form' && what.format === 'page' ? 'page' : what.kind;
}

/** How many entries are in each state. */
export type StateCounts = Readonly<Record<LedgerState, number>>;

/** What was handed out at once: one entry, or those of one list of links, page or upload request. */
export interface LedgerAct {
  /** That of the act; for an entry that was handed out alone, the entry's own. */
  readonly id: string;
  /** Of its entries that match, the newest that still works, or may; the newest of all if none does. */
  readonly first: LedgerItem;
  /** How many of its entries match. */
  readonly count: number;
  readonly states: StateCounts;
}

/** A page of acts: those with something that expires soon by their end, then all others, newest first. */
export interface LedgerActsPage {
  readonly acts: readonly LedgerAct[];
  /** How many acts match in all. */
  readonly total: number;
  /** How many acts have something that works, and how many don't, among those that match the other fields. */
  readonly counts: { readonly live: number; readonly over: number };
  /** The accounts of all entries, by the name that they had last. */
  readonly accounts: readonly { readonly id: string; readonly name: string }[];
}

/** Which acts are wanted: all, those of which something still works, or the others. */
export const actScopes = ['all', 'live', 'over'] as const;
/** Which acts are wanted. */
export type ActScope = (typeof actScopes)[number];

/** The states in which something still works, or may. */
const liveStates: readonly LedgerState[] = ['live', 'ending-soon', 'denied'];

/** Groups entries, newest first, by what they were handed out with. The order of the acts is that of their newest entries. */
export function groupActs(items: readonly LedgerItem[]): readonly LedgerAct[] {
  const groups = new Map<string, LedgerItem[]>();
  for (const item of items) {
    const id = item.act?.id ?? item.id;
    const members = groups.get(id);
    if (members === undefined) groups.set(id, [item]);
    else members.push(item);
  }
  return [...groups].flatMap(([id, members]) => {
    const first = members.find(({ state }) => liveStates.includes(state)) ?? members[0];
    return first === undefined ? [] : [{ id, first, count: members.length, states: countStates(members) }];
  });
}

/** How many of the entries are in each state. */
export function countStates(items: readonly LedgerItem[]): StateCounts {
  const counts = { live: 0, 'ending-soon': 0, ended: 0, 'target-gone': 0, revoked: 0, denied: 0 };
  for (const { state } of items) counts[state] += 1;
  return counts;
}

/** Whether something of the act still works, or may. */
function isLiveAct({ states }: Pick<LedgerAct, 'states'>): boolean {
  return liveStates.some((state) => states[state] > 0);
}

/** A page of the acts of these entries. `scope` leaves out acts that work, or those that don't. */
export function pageOfActs(
  items: readonly LedgerItem[],
  { scope, offset, limit }: { readonly scope: ActScope; readonly offset: number; readonly limit: number },
): Omit<LedgerActsPage, 'accounts'> {
  const acts = groupActs(items);
  const live = acts.filter(isLiveAct);
  const over = acts.filter((act) => !isLiveAct(act));
  const wanted = { all: acts, live, over }[scope];
  const soon = wanted.filter(({ states }) => states['ending-soon'] > 0);
  const sorted = [
    ...soon.toSorted((one, other) => one.first.validUntil - other.first.validUntil),
    ...wanted.filter(({ states }) => states['ending-soon'] === 0),
  ];
  return {
    acts: sorted.slice(offset, offset + limit),
    total: wanted.length,
    counts: { live: live.length, over: over.length },
  };
}
