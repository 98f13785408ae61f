import type { Failure, ObjectPage } from '../../preload/contract.ts';
import { type call, failureOf } from '../lib/bridge.ts';
import { type Row, type Sort, type SortColumn, sortRows, toFolderRow, toObjectRow } from '../lib/rows.ts';

interface Folder {
  readonly accountId: string;
  readonly bucket: string;
  readonly prefix: string;
}

interface Page {
  readonly rows: readonly Row[];
  readonly nextPageToken: string | null;
}

/** A refresh asks again for as many pages as are shown, but not for more than this. */
const mostPagesToRefresh = 10;

/**
 * What is in one folder, page by page. One list a visit: opening another folder makes another list, so that an answer
 * that comes late changes nothing on the screen.
 */
export class ObjectList {
  readonly folder: Folder;
  readonly #call: typeof call;
  #pages = $state.raw<readonly Page[]>([]);
  #closed = false;
  /** Something changed while pages were on their way. */
  #stale = false;
  #underWay: Promise<void> | null = null;

  loading = $state(false);
  loadingAll = $state(false);
  failure = $state.raw<Failure | null>(null);
  sort = $state.raw<Sort>({ by: 'name', descending: false });
  filter = $state('');

  readonly loaded = $derived(this.#pages.length > 0);
  readonly hasMore = $derived(this.#pages.length > 0 && this.#pages.at(-1)?.nextPageToken !== null);
  readonly #rows = $derived(this.#pages.flatMap((page) => page.rows));
  /** How many rows there are before the filter. */
  readonly count = $derived(this.#rows.length);
  /**
   * A folder of several pages stays in OSS's own order until a column is chosen: sorting the part that is loaded would
   * move rows about with every further page.
   */
  readonly inServerOrder = $derived(
    this.sort.by === 'name' && !this.sort.descending && (this.hasMore || this.#pages.length > 1),
  );
  readonly #sorted = $derived(this.inServerOrder ? foldersFirst(this.#rows) : sortRows(this.#rows, this.sort));
  readonly rows = $derived(filtered(this.#sorted, this.filter));
  readonly totalBytes = $derived(
    this.#rows.reduce((sum, row) => sum + (row.kind === 'object' ? row.object.sizeBytes : 0), 0),
  );

  constructor(folder: Folder, callMain: typeof call) {
    this.folder = folder;
    this.#call = callMain;
  }

  /** The first page, or the next one. While one is on its way, this waits for that. */
  loadMore(): Promise<void> {
    return this.#loadNext(1);
  }

  /**
   * All pages that are left, until the folder is closed or a page fails. They are shown in ever larger lots: sorting
   * 100,000 rows anew for each of 100 pages would keep the window busy for a minute.
   */
  async loadAll(): Promise<void> {
    if (this.loadingAll) return;
    this.loadingAll = true;
    while (this.hasMore && !this.#closed && this.failure === null) await this.#loadNext(this.#pages.length);
    this.loadingAll = false;
  }

  /** Asks again for what is shown and replaces it at once, so that nothing flickers. */
  async refresh(): Promise<void> {
    this.#stale = this.loading;
    if (this.loading) return;
    const wanted = Math.min(Math.max(1, this.#pages.length), mostPagesToRefresh);
    await this.#load(() => this.#pagesAfter([], wanted));
  }

  /** Sorts by a column; the column that is sorted by already changes its direction. Sizes and times start with the most. */
  sortBy(by: SortColumn): void {
    const descending = this.sort.by === by ? !this.sort.descending : by === 'size' || by === 'modified';
    this.sort = { by, descending };
  }

  close(): void {
    this.#closed = true;
  }

  #loadNext(count: number): Promise<void> {
    if (this.#underWay !== null) return this.#underWay;
    if (this.loaded && !this.hasMore) return Promise.resolve();
    return this.#load(() => this.#pagesAfter(this.#pages, count));
  }

  #load(ask: () => Promise<readonly Page[]>): Promise<void> {
    this.#underWay = this.#show(ask).finally(() => (this.#underWay = null));
    return this.#underWay;
  }

  async #show(ask: () => Promise<readonly Page[]>): Promise<void> {
    this.loading = true;
    this.failure = null;
    try {
      const pages = await ask();
      if (!this.#closed) this.#pages = pages;
    } catch (error) {
      if (!this.#closed) this.failure = failureOf(error);
    } finally {
      this.loading = false;
    }
    if (this.#stale && !this.#closed) await this.refresh();
  }

  /** These pages and at most `count` after them; without any, the first ones. */
  async #pagesAfter(shown: readonly Page[], count: number): Promise<readonly Page[]> {
    const pages = [...shown];
    do {
      const pageToken = pages.at(-1)?.nextPageToken ?? null;
      const page = await this.#call('objects.list', { ...this.folder, pageToken });
      pages.push({ rows: toRows(page, this.folder.prefix), nextPageToken: page.nextPageToken });
    } while (pages.length < shown.length + count && pages.at(-1)?.nextPageToken !== null && !this.#closed);
    return pages;
  }
}

function toRows(page: ObjectPage, parent: string): readonly Row[] {
  return [
    ...page.prefixes.map((prefix) => toFolderRow(prefix, parent)),
    // The object that stands for the folder itself is not one of the things in it.
    ...page.objects.filter((object) => object.key !== parent).map((object) => toObjectRow(object, parent)),
  ];
}

function foldersFirst(rows: readonly Row[]): readonly Row[] {
  return [...rows.filter((row) => row.kind === 'folder'), ...rows.filter((row) => row.kind === 'object')];
}

function filtered(rows: readonly Row[], filter: string): readonly Row[] {
  const wanted = filter.trim().toLocaleLowerCase();
  return wanted === '' ? rows : rows.filter((row) => row.name.toLocaleLowerCase().includes(wanted));
}
