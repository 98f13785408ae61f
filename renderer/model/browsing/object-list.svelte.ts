import type { Failure } from '../../../main/contract/contract.ts';
import { type call, failureOf } from '../../lib/bridge.ts';
import { filterRows, type Sort, type SortColumn, sortRows } from '../../lib/row-order.ts';
import type { FolderRef } from '../../lib/subjects.ts';
import { KeyPages } from './key-pages.svelte.ts';
import { type Listed, makePageSource, type Search } from './page-source.ts';

/** This many rows below the last one in sight are to be there already: a page of OSS. */
const rowsAhead = 1000;

/**
 * What is in one folder, or what a search below it finds, page by page. One list a visit: opening another folder makes
 * another list, so that an answer that comes late changes nothing on the screen.
 */
export class ObjectList {
  readonly folder: FolderRef;
  /** Null: everything in the folder. */
  readonly search: Search | null;
  /** Older versions and delete markers are rows as well. */
  readonly showsVersions: boolean;
  readonly #pages: KeyPages;
  #closed = false;
  /** Something changed while pages were on their way. */
  #stale = false;
  #underWay: Promise<void> | null = null;
  #wasLoadingAll = false;

  loading = $state(false);
  /** All pages that are left are being loaded, until stop(). */
  loadingAll = $state(false);
  failure = $state.raw<Failure | null>(null);
  sort = $state.raw<Sort>({ by: 'name', descending: false });
  #filter = $state('');
  /** Called when rows may have gone: after a refresh, and when the filter changes. */
  onRowsGone: () => void = () => undefined;
  /** Where the person is in the list, in pixels: kept for when they come back. */
  scrollTop = 0;

  readonly loaded = $derived.by(() => this.#pages.loaded);
  readonly hasMore = $derived.by(() => this.#pages.hasMore);
  /** How many rows there are before the filter. */
  readonly count = $derived.by(() => this.#pages.count);
  readonly scanned = $derived.by(() => this.#pages.scanned);
  /** So many pages that a refresh asks for the first of them only. */
  readonly isLong = $derived.by(() => this.#pages.isLong);
  readonly outdated = $derived.by(() => this.#pages.outdated);
  /**
   * A folder of several pages stays in OSS's own order until a column is chosen: sorting the part that is loaded would
   * move rows about with every further page.
   */
  readonly inServerOrder = $derived.by(() => this.sort.by === 'name' && !this.sort.descending && this.#pages.several);
  readonly #sorted = $derived.by(() => {
    const { folders, objects } = this.#pages.rows;
    return this.inServerOrder ? [...folders, ...objects] : sortRows(this.#pages.rows, this.sort, this.folder.prefix);
  });
  readonly rows = $derived.by(() => filterRows(this.#sorted, this.filter, this.folder.prefix));
  readonly totalBytes = $derived.by(() =>
    this.#pages.rows.objects.reduce((sum, row) => sum + ('sizeBytes' in row ? row.sizeBytes : 0), 0),
  );

  constructor(folder: FolderRef, callMain: typeof call, { search = null, versions = false }: Partial<Listed> = {}) {
    this.folder = folder;
    this.search = search;
    // A search through all folders looks at what is current.
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

  /** The first page, or the next one. While one is on its way, this waits for that. */
  loadMore(): Promise<void> {
    return this.#loadNext(() => false);
  }

  /**
   * As the list is scrolled: `lastVisible` is the index of the last row in sight. Sorted or filtered, what is loaded
   * doesn't say what comes next, so that only loadAll() loads more.
   */
  loadAhead(lastVisible: number): void {
    if (!this.hasMore || this.failure !== null || this.loading) return;
    if (this.inServerOrder && this.filter.trim() === '' && lastVisible + rowsAhead >= this.count) void this.loadMore();
  }

  /** All remaining pages, until stop(), the folder is left or a page fails. A later call continues from there. */
  async loadAll(): Promise<void> {
    if (this.loadingAll) return;
    await this.#loadMany(() => true);
  }

  /** Stops loadAll() and keeps what was loaded so far. */
  stop(): void {
    this.loadingAll = false;
  }

  /** Asks again for what is shown and replaces it at once, so that nothing flickers; after the pages under way, if any. */
  async refresh(): Promise<void> {
    this.#stale = this.loading;
    if (this.loading) return;
    await this.#load(() => this.#pages.refresh(() => !this.#closed));
    this.onRowsGone();
  }

  /** Everything again from the start, as much of it as there was. */
  async reload(): Promise<void> {
    this.stop();
    while (this.#underWay !== null) await this.#underWay;
    const wanted = this.scanned;
    this.#pages.reset();
    await this.#loadMany(() => this.scanned < wanted);
    this.onRowsGone();
  }

  /** Continues after a page that failed. */
  retry(): Promise<void> {
    return this.#wasLoadingAll ? this.loadAll() : this.loadMore();
  }

  /** Sorts by a column; the column that is sorted by already changes its direction. Sizes and times start with the most. */
  sortBy(by: SortColumn): void {
    const descending = this.sort.by === by ? !this.sort.descending : by === 'size' || by === 'modified';
    this.sort = { by, descending };
  }

  close(): void {
    this.#closed = true;
    this.stop();
  }

  /** It is shown again, after a close(). */
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
    this.failure = null;
    try {
      await ask();
    } catch (error) {
      if (!this.#closed) this.failure = failureOf(error);
    } finally {
      this.loading = false;
    }
    if (this.#stale && !this.#closed) await this.refresh();
  }
}
