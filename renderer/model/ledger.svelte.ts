import type { ArrivedThrough, Ending, LedgerItem, LedgerPage, RevokePlan } from '../../main/contract/contract.ts';
import { Attempt } from '../lib/attempt.svelte.ts';
import type { call } from '../lib/bridge.ts';
import { toIdSet } from '../lib/id-set.ts';
import { Selection } from './browsing/selection.svelte.ts';

/** Which entries are shown: all, those that still work, or those that no longer do. */
export type LedgerScope = 'all' | 'live' | 'over';

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
const statesOf = {
  all: null,
  live: ['live', 'ending-soon', 'denied'],
  over: ['ended', 'target-gone', 'revoked'],
} as const;

/** The links and grants created here, loaded as far as the list was scrolled. */
export class LinkLedger {
  readonly #call: typeof call;
  readonly selection = new Selection();

  items = $state.raw<readonly LedgerItem[]>([]);
  loaded = $state(false);
  /** The newest request, under way or failed. */
  readonly loading = new Attempt();
  #page = $state.raw<LedgerPage | null>(null);
  #text = $state('');
  #scope = $state<LedgerScope>('all');

  readonly total = $derived(this.#page?.total ?? 0);
  readonly hasMore = $derived(this.items.length < this.total);
  /** No entries exist yet, as opposed to none that match. */
  readonly empty = $derived(this.loaded && this.total === 0 && this.#text.trim() === '' && this.#scope === 'all');
  /** How many entries match in each scope. */
  readonly counts = $derived.by((): Readonly<Record<LedgerScope, number>> => {
    const counts = this.#page?.counts ?? {
      live: 0,
      'ending-soon': 0,
      ended: 0,
      'target-gone': 0,
      revoked: 0,
      denied: 0,
    };
    const live = counts.live + counts['ending-soon'] + counts.denied;
    const over = counts.ended + counts['target-gone'] + counts.revoked;
    return { all: live + over, live, over };
  });

  constructor(callMain: typeof call) {
    this.#call = callMain;
  }

  get text(): string {
    return this.#text;
  }

  set text(text: string) {
    if (text === this.#text) return;
    this.#text = text;
    void this.#load(pageSize);
  }

  get scope(): LedgerScope {
    return this.#scope;
  }

  set scope(scope: LedgerScope) {
    if (scope === this.#scope) return;
    this.#scope = scope;
    void this.#load(pageSize);
  }

  /** The selected entries, in screen order. */
  get selected(): readonly LedgerItem[] {
    return this.items.filter(({ id }) => this.selection.has(id));
  }

  /** Reloads as many entries as are shown. */
  async load(): Promise<void> {
    await this.#load(Math.min(mostAtOnce, Math.max(pageSize, this.items.length)));
  }

  async loadMore(): Promise<void> {
    if (!this.hasMore || this.loading.busy || this.loading.failure !== null) return;
    const before = this.items;
    await this.#ask(before.length, pageSize, (page) => [...before, ...page.items]);
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
    this.items = this.items.map((item) => (item.id === id ? changed : item));
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
    const everything = { text: '', states: null, accountId: null, bucket: null, key: null };
    const [plan, page] = await Promise.all([
      this.#call('ledger.revokePlan', { id }),
      this.#call('ledger.list', { ...everything, offset: 0, limit: mostAtOnce }),
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

  /** Writes all entries to a file in the folder; returns its path. */
  async export(format: 'csv' | 'json', folder: string): Promise<string> {
    return (await this.#call('ledger.export', { format, folder })).path;
  }

  /** Copies a link kept in the keychain to the clipboard. */
  async copyKept(id: string): Promise<void> {
    await this.#call('ledger.copyUrl', { id });
  }

  /** Removes a kept link from the keychain. */
  async forgetKept(id: string): Promise<LedgerItem> {
    const changed = await this.#call('ledger.forgetUrl', { id });
    this.items = this.items.map((item) => (item.id === id ? changed : item));
    return changed;
  }

  async #load(limit: number): Promise<void> {
    await this.#ask(0, limit, (page) => page.items);
  }

  async #ask(offset: number, limit: number, join: (page: LedgerPage) => readonly LedgerItem[]): Promise<void> {
    const states = statesOf[this.#scope];
    const filter = { text: this.#text.trim(), states: states === null ? null : [...states] };
    await this.loading.rerun(
      () => this.#call('ledger.list', { ...filter, accountId: null, bucket: null, key: null, offset, limit }),
      (page) => {
        this.#page = page;
        this.items = join(page);
        this.loaded = true;
        const ids = toIdSet(this.items.map(({ id }) => id));
        this.selection.keep((id) => ids.has(id));
      },
    );
  }
}
