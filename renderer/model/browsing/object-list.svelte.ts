import type { Failure } from '../../../main/contract/contract.ts';
import { type call, failureOf } from '../../lib/bridge.ts';
import { Reconnecting } from './reconnecting.ts';
import { filterRows, type Sort, type SortColumn, sortRows } from '../../lib/row-order.ts';
import type { Row } from '../../lib/rows.ts';
import type { FolderRef } from '../../lib/subjects.ts';
import { KeyPages } from './key-pages.svelte.ts';
import { type Listed, makePageSource, type Search } from './page-source.ts';

/** Rows to keep loaded below the last visible one: one page of OSS. */
const rowsAhead = 1000;

/** A row that someone comes for is looked for in this many pages. */
const mostPagesToFind = 20;

/**
 * The content of a folder, or the results of a search below it, page by page. Each visit has its own list, so a late
 * answer for a previous folder changes nothing on the screen.
 */
export class ObjectList {
  readonly folder: FolderRef;
  /** Null: everything in the folder. */
  readonly search: Search | null;
  /** Older versions and delete markers have rows too. */
  readonly showsVersions: boolean;
  readonly #pages: KeyPages;
  #closed = false;
  /** Something changed while pages were loading. */
  #stale = false;
  #underWay: Promise<void> | null = null;
  #wasLoadingAll = false;
  /** Keeps the failure on the screen while it tries again: nothing flickers. */
  readonly #reconnecting = new Reconnecting(() => void this.retry('quietly'));

  loading = $state(false);
  /** All remaining pages are being loaded, until stop(). */
  loadingAll = $state(false);
  failure = $state.raw<Failure | null>(null);
  /** The failure is that of a refresh, not of a further page. */
  refreshFailed = $state(false);
  sort = $state.raw<Sort>({ by: 'name', descending: false });
  #filter = $state('');
  /** Called when rows may have gone: after a refresh, and when the filter changes. */
  onRowsGone: () => void = () => undefined;
  /** The scroll position in pixels, kept for the next visit. */
  scrollTop = 0;

  readonly loaded = $derived.by(() => this.#pages.loaded);
  readonly hasMore = $derived.by(() => this.#pages.hasMore);
  /** The number of rows before filtering. */
  readonly count = $derived.by(() => this.#pages.count);
  readonly scanned = $derived.by(() => this.#pages.scanned);
  /** True if a refresh reloads only the first pages. */
  readonly isLong = $derived.by(() => this.#pages.isLong);
  readonly outdated = $derived.by(() => this.#pages.outdated);
  /**
   * A folder of several pages stays in OSS's order until a column is chosen: sorting a partial list would move rows
   * around with each new page.
   */
  readonly inServerOrder = $derived.by(() => this.sort.by === 'name' && !this.sort.descending && this.#pages.several);
  readonly #sorted = $derived.by(() => {
    const { folders, objects } = this.#pages.rows;
    return this.inServerOrder ? [...folders, ...objects] : sortRows(this.#pages.rows, this.sort, this.folder.prefix);
  });
  readonly rows = $derived.by(() => filterRows(this.#sorted, this.filter, this.folder.prefix));
  readonly isFiltered = $derived.by(() => this.filter.trim() !== '');
  /** Of the rows that the filter leaves. */
  readonly totalBytes = $derived.by(() =>
    (this.isFiltered ? this.rows : this.#pages.rows.objects).reduce((sum, row) => sum + sizeOf(row), 0),
  );

  constructor(folder: FolderRef, callMain: typeof call, { search = null, versions = false }: Partial<Listed> = {}) {
    this.folder = folder;
    this.search = search;
    // A search through all folders covers current objects only.
    this.showsVersions = versions && search?.kind !== 'anywhere';
    this.#pages = new KeyPages(makePageSource(folder, { search, versions }, callMain));
  }

  get filter(): string {
    return this.#filter;
  }

  set filter(filter: string) {
    this.#filter = filter;
    this.onRowsGone();
  }

  /** Loads the first page, or the next one. If one is already loading, waits for it. */
  loadMore(): Promise<void> {
    return this.#loadNext(() => false);
  }

  /**
   * Called on scroll, with the index of the last visible row. In a sorted or filtered list, the next page could add
   * rows anywhere, so only loadAll() loads more.
   */
  loadAhead(lastVisible: number): void {
    if (!this.hasMore || this.failure !== null || this.loading) return;
    if (this.inServerOrder && !this.isFiltered && lastVisible + rowsAhead >= this.count) void this.loadMore();
  }

  /** Loads all remaining pages, until stop(), the folder is left or a page fails. The next call continues. */
  async loadAll(): Promise<void> {
    if (this.loadingAll) return;
    await this.#loadMany(() => true);
  }

  /** Loads pages until one brings this row, but not the whole of a long list; null: the first page will do. */
  async loadUntil(id: string | null): Promise<void> {
    const isMissing = () => id !== null && !this.rows.some((row) => row.id === id);
    const isWanted = () => !this.#closed && this.failure === null && isMissing();
    while (this.#underWay !== null) await this.#underWay;
    for (let pages = 0; pages < mostPagesToFind && this.hasMore && isWanted(); pages += 1) await this.loadMore();
    this.onRowsGone();
  }

  /** Stops loadAll() and keeps what is loaded. */
  stop(): void {
    this.loadingAll = false;
  }

  /**
   * Reloads the rows shown and replaces them in one step, to avoid flicker. What is loading already may not know of the
   * latest change: then the rows are reloaded after it. Either way they are up to date once this resolves.
   */
  async refresh(): Promise<void> {
    this.#stale = this.loading;
    if (this.loading) {
      await this.#underWay;
      return;
    }
    await this.#load(() => this.#pages.refresh(() => !this.#closed));
    this.refreshFailed = this.failure !== null;
    this.onRowsGone();
  }

  /** Reloads from the start, as many keys as were loaded before. */
  async reload(): Promise<void> {
    this.stop();
    while (this.#underWay !== null) await this.#underWay;
    const wanted = this.scanned;
    this.#pages.reset();
    await this.#loadMany(() => this.scanned < wanted);
    this.onRowsGone();
  }

  /** Continues after a failed page, or refreshes again. */
  retry(how: 'openly' | 'quietly' = 'openly'): Promise<void> {
    if (how === 'openly') this.failure = null;
    if (this.refreshFailed) return this.refresh();
    return this.#wasLoadingAll ? this.loadAll() : this.loadMore();
  }

  /** The system is online again: what failed for want of a network needn't wait any longer. */
  cameOnline(): void {
    this.#reconnecting.tryNow();
  }

  /** Sorts by a column, or reverses the current one. Sizes and times start in descending order. */
  sortBy(by: SortColumn): void {
    const descending = this.sort.by === by ? !this.sort.descending : by === 'size' || by === 'modified';
    this.sort = { by, descending };
  }

  close(): void {
    this.#closed = true;
    this.#reconnecting.stop();
    this.stop();
  }

  /** Called when the list is shown again after close(). */
  reopen(): void {
    this.#closed = false;
    void (this.loaded ? this.refresh() : this.loadMore());
  }

  async #loadMany(wantsMore: () => boolean): Promise<void> {
    this.loadingAll = true;
    while (this.#underWay !== null) await this.#underWay;
    await this.#loadNext(() => this.loadingAll && !this.#closed && wantsMore());
    this.#wasLoadingAll = this.failure !== null;
    this.loadingAll = false;
  }

  #loadNext(wantsMore: () => boolean): Promise<void> {
    if (this.#underWay !== null) return this.#underWay;
    if (this.loaded && !this.hasMore) return Promise.resolve();
    return this.#load(() => this.#pages.load(wantsMore));
  }

  #load(ask: () => Promise<void>): Promise<void> {
    this.#underWay = this.#ask(ask).finally(() => (this.#underWay = null));
    return this.#underWay;
  }

  async #ask(ask: () => Promise<void>): Promise<void> {
    this.loading = true;
    try {
      await ask();
      this.failure = null;
    } catch (error) {
      const failure = await failureOf(error);
      if (!this.#closed) this.failure = failure;
    } finally {
      this.loading = false;
    }
    if (!this.#closed) this.#reconnecting.note(this.failure);
    if (this.#stale && !this.#closed) await this.refresh();
  }
}

function sizeOf(row: Row): number {
  return row.kind === 'folder' ? 0 : row.sizeBytes;
}
