import type {
  ActScope,
  ArrivedThrough,
  Ending,
  EntryKind,
  LedgerAct,
  LedgerActsPage,
  LedgerItem,
  RevokePlan,
} from '../../main/contract/contract.ts';
import { Attempt } from '../lib/attempt.svelte.ts';
import type { call } from '../lib/bridge.ts';
import { LedgerSelection } from './ledger-selection.ts';
import {
  eachOnce,
  isSelectable,
  type LedgerRow,
  noneOpened,
  type OpenedAct,
  rowsOf,
  withOpened,
  withoutOpened,
  withReplaced,
} from './ledger-rows.ts';

/** When the renewed entry expires, in Unix milliseconds. It may expire earlier if the session's end isn't known. */
export interface RenewedUntil {
  readonly kind: 'link' | 'grant' | 'form' | 'ticket';
  /** Where a page or a ticket was saved; null for the clipboard. */
  readonly path: string | null;
  readonly validUntil: number;
  readonly sessionEndUnknown: boolean;
  /** As in LinkValidity. */
  readonly clockOffsetMs?: number | undefined;
}

/** The ways to revoke an entry early, with the entries they refer to. */
export interface PlanWithEntries {
  readonly plan: RevokePlan;
  readonly entries: readonly LedgerItem[];
}

const pageSize = 500;
const mostAtOnce = 5000;

/** What is shown: all, or what matches. */
interface LedgerFilter {
  readonly text: string;
  readonly scope: ActScope;
  readonly accountId: string | null;
  readonly kind: EntryKind | null;
}

const everything: LedgerFilter = { text: '', scope: 'all', accountId: null, kind: null };

/** The links and grants created here, act by act, loaded as far as the list was scrolled. */
export class LinkLedger {
  readonly #call: typeof call;
  readonly selection = new LedgerSelection(() => this.rows);

  acts = $state.raw<readonly LedgerAct[]>([]);
  /** The entries of acts that are open, by the act's ID. */
  opened = $state.raw(noneOpened);
  loaded = $state(false);
  /** The newest request, under way or failed. */
  readonly loading = new Attempt();
  #page = $state.raw<LedgerActsPage | null>(null);
  #filter = $state.raw(everything);

  readonly rows = $derived(rowsOf(this.acts, this.opened));
  /** The entries that are loaded. */
  readonly items = $derived<readonly LedgerItem[]>([
    ...[...this.opened.values()].flatMap(({ items }) => items),
    ...this.acts.map(({ first }) => first),
  ]);
  /** The selected rows, in screen order. */
  readonly selected = $derived(this.rows.filter(isSelectable).filter(({ id }) => this.selection.has(id)));

  readonly total = $derived(this.#page?.total ?? 0);
  readonly hasMore = $derived(this.acts.length < this.total);
  readonly isFiltered = $derived(
    this.#filter.text.trim() !== '' || this.#filter.accountId !== null || this.#filter.kind !== null,
  );
  /** No entries exist yet, as opposed to none that match. */
  readonly empty = $derived(this.loaded && this.total === 0 && !this.isFiltered && this.#filter.scope === 'all');
  /** How many acts match in each scope. */
  readonly counts = $derived.by((): Readonly<Record<ActScope, number>> => {
    const { live, over } = this.#page?.counts ?? { live: 0, over: 0 };
    return { all: live + over, live, over };
  });
  /** The accounts that something was handed out with. */
  readonly accounts = $derived(this.#page?.accounts ?? []);

  constructor(callMain: typeof call) {
    this.#call = callMain;
  }

  get filter(): LedgerFilter {
    return this.#filter;
  }

  /** Shows what matches instead. */
  show(patch: Partial<LedgerFilter>): void {
    const next = { ...this.#filter, ...patch };
    if (JSON.stringify(next) === JSON.stringify(this.#filter)) return;
    this.#filter = next;
    this.opened = noneOpened;
    void this.#load(pageSize);
  }

  /** Reloads as many acts as are shown, and the entries of those that are open. */
  async load(): Promise<void> {
    await this.#load(Math.min(mostAtOnce, Math.max(pageSize, this.acts.length)));
    for (const id of this.opened.keys()) {
      if (this.acts.some((act) => act.id === id && act.count > 1)) await this.open(id);
      else this.close(id);
    }
  }

  async loadMore(): Promise<void> {
    if (!this.hasMore || this.loading.busy || this.loading.failure !== null) return;
    const before = this.acts;
    await this.#ask(before.length, pageSize, (page) => [...before, ...page.acts]);
  }

  /** Shows the entries of an act below it. */
  async open(actId: string): Promise<void> {
    const filter = this.#filter;
    const { items, total } = await this.#entriesOf(actId, 0);
    if (filter === this.#filter) this.opened = withOpened(this.opened, actId, { items, total });
  }

  close(actId: string): void {
    this.opened = withoutOpened(this.opened, actId);
    this.selection.keepShown(this.rows);
  }

  /** The entries that rows stand for, each once: those of an act as far as they match. */
  async entriesOf(rows: readonly LedgerRow[]): Promise<readonly LedgerItem[]> {
    const found: LedgerItem[] = [];
    for (const row of rows) {
      if (row.kind === 'entry') found.push(row.item);
      if (row.kind !== 'act') continue;
      for (let offset = 0; offset < row.act.count; offset += mostAtOnce) {
        for (const item of (await this.#entriesOf(row.act.id, offset)).items) found.push(item);
      }
    }
    return eachOnce(found);
  }

  /**
   * Creates an entry again with the same options and copies it to the clipboard: a link as it is, a grant as JSON. Main
   * saves a page or a ticket; null if the person cancelled that.
   */
  async renew(id: string): Promise<RenewedUntil | null> {
    const renewed = await this.#call('ledger.renew', { id });
    if (renewed === null) return null;
    if (renewed.kind === 'link') {
      const { url, noted, validUntil, sessionEndUnknown, clockOffsetMs } = renewed.link;
      await this.#call('clipboard.copy', { text: noted ?? url });
      return { kind: 'link', path: null, validUntil, sessionEndUnknown, clockOffsetMs };
    }
    if (renewed.kind !== 'grant') return renewed;
    const { grantId, validUntil } = renewed.grant;
    await this.#call('grants.copy', { grantId, format: 'json', passphrase: null });
    return { kind: 'grant', path: null, validUntil, sessionEndUnknown: false };
  }

  async describe(id: string, words: { readonly note: string; readonly recipient: string }): Promise<void> {
    const changed = await this.#call('ledger.note', { id, note: words.note.trim(), recipient: words.recipient.trim() });
    this.#replace(changed);
  }

  async remove(ids: readonly string[]): Promise<void> {
    await this.#call('ledger.remove', { ids: [...ids] });
    await this.load();
  }

  /** Asks the server which objects still exist; returns how many entries could be checked. */
  async check(ids: readonly string[]): Promise<number> {
    const { checked } = await this.#call('ledger.check', { ids: [...ids] });
    await this.load();
    return checked;
  }

  async revokePlan(id: string): Promise<PlanWithEntries> {
    const all = { text: '', states: null, accountId: null, bucket: null, key: null };
    const [plan, page] = await Promise.all([
      this.#call('ledger.revokePlan', { id }),
      this.#call('ledger.list', { ...all, offset: 0, limit: mostAtOnce }),
    ]);
    return { plan, entries: page.items };
  }

  /** Asks the bucket what came through a page, a form or a ticket. */
  arrived(id: string): Promise<ArrivedThrough> {
    return this.#call('ledger.arrived', { id });
  }

  /** Revokes a link, or ends a ticket, a form or a page. Main asks before it changes a bucket's policy. */
  async end(id: string): Promise<Ending> {
    const ending = await this.#call('ledger.end', { id });
    await this.load();
    return ending;
  }

  /** Lets a revoked link work again. Main asks before. */
  async undoEnd(id: string): Promise<void> {
    await this.#call('ledger.undoEnd', { id });
    await this.load();
  }

  /** Writes entries, all of them for null, to a file in the folder; returns its path. */
  async export(format: 'csv' | 'json', folder: string, ids: readonly string[] | null): Promise<string> {
    return (await this.#call('ledger.export', { format, folder, ids: ids === null ? null : [...ids] })).path;
  }

  /** Copies links kept in the keychain to the clipboard. */
  async copyKept(ids: readonly string[]): Promise<void> {
    await this.#call('ledger.copyUrls', { ids: [...ids] });
  }

  /** Removes a kept link from the keychain. */
  async forgetKept(id: string): Promise<LedgerItem> {
    const changed = await this.#call('ledger.forgetUrl', { id });
    this.#replace(changed);
    return changed;
  }

  async #load(limit: number): Promise<void> {
    await this.#ask(0, limit, (page) => page.acts);
  }

  async #ask(offset: number, limit: number, join: (page: LedgerActsPage) => readonly LedgerAct[]): Promise<void> {
    const filter = { ...this.#filter, text: this.#filter.text.trim() };
    await this.loading.rerun(
      () => this.#call('ledger.acts', { ...filter, offset, limit }),
      (page) => {
        this.#page = page;
        this.acts = join(page);
        this.loaded = true;
        this.selection.keepShown(this.rows);
      },
    );
  }

  async #entriesOf(act: string, offset: number): Promise<OpenedAct> {
    const { text, accountId, kind } = this.#filter;
    const filter = { text: text.trim(), accountId, kind, act, states: null, bucket: null, key: null };
    return this.#call('ledger.list', { ...filter, offset, limit: mostAtOnce });
  }

  #replace(changed: LedgerItem): void {
    this.acts = this.acts.map((act) => (act.first.id === changed.id ? { ...act, first: changed } : act));
    this.opened = withReplaced(this.opened, changed);
  }
}
