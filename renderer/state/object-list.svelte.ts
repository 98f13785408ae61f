import type { Failure, ObjectPage } from '../../preload/contract.ts';
import { type call, failureOf } from '../lib/bridge.ts';
import { type Row, type Sort, type SortColumn, sortRows, toFolderRow, toObjectRow } from '../lib/rows.ts';

interface Folder {
  readonly accountId: string;
  readonly bucket: string;
  readonly prefix: string;
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
  #pages = $state.raw<readonly ObjectPage[]>([]);
  #closed = false;
  /** Something changed while pages were on their way. */
  #stale = false;

  loading = $state(false);
  loadingAll = $state(false);
  failure = $state.raw<Failure | null>(null);
  sort = $state.raw<Sort>({ by: 'name', descending: false });
  filter = $state('');

  readonly loaded = $derived(this.#pages.length > 0);
  readonly hasMore = $derived(this.#pages.length > 0 && this.#pages.at(-1)?.nextPageToken !== null);
  readonly #rows = $derived.by(() => toRows(this.#pages, this.folder.prefix));
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

  /** The first page, or the next one. */
  async loadMore(): Promise<void> {
    if (this.loading || (this.loaded && !this.hasMore)) return;
    await this.#load(async () => [...this.#pages, await this.#page(this.#pages.at(-1))]);
  }

  /** All pages that are left, until the folder is closed or a page fails. */
  async loadAll(): Promise<void> {
    if (this.loadingAll) return;
    this.loadingAll = true;
    while (this.hasMore && !this.#closed && this.failure === null) await this.loadMore();
    this.loadingAll = false;
  }

  /** Asks again for what is shown and replaces it at once, so that nothing flickers. */
  async refresh(): Promise<void> {
    this.#stale = this.loading;
    if (this.loading) return;
    const wanted = Math.min(Math.max(1, this.#pages.length), mostPagesToRefresh);
    await this.#load(async () => {
      const pages = [await this.#page()];
      while (pages.length < wanted && pages.at(-1)?.nextPageToken !== null && !this.#closed) {
        pages.push(await this.#page(pages.at(-1)));
      }
      return pages;
    });
  }

  /** Sorts by a column; the column that is sorted by already changes its direction. Sizes and times start with the most. */
  sortBy(by: SortColumn): void {
    const descending = this.sort.by === by ? !this.sort.descending : by === 'size' || by === 'modified';
    this.sort = { by, descending };
  }

  close(): void {
    this.#closed = true;
  }

  async #load(ask: () => Promise<readonly ObjectPage[]>): Promise<void> {
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

  /** The page after this one; without one, the first. */
  #page(after?: ObjectPage): Promise<ObjectPage> {
    return this.#call('objects.list', { ...this.folder, pageToken: after?.nextPageToken ?? null });
  }
}

function toRows(pages: readonly ObjectPage[], parent: string): readonly Row[] {
  return pages.flatMap((page) => [
    ...page.prefixes.map((prefix) => toFolderRow(prefix, parent)),
    // The object that stands for the folder itself is not one of the things in it.
    ...page.objects.filter((object) => object.key !== parent).map((object) => toObjectRow(object, parent)),
  ]);
}

function foldersFirst(rows: readonly Row[]): readonly Row[] {
  return [...rows.filter((row) => row.kind === 'folder'), ...rows.filter((row) => row.kind === 'object')];
}

function filtered(rows: readonly Row[], filter: string): readonly Row[] {
  const wanted = filter.trim().toLocaleLowerCase();
  return wanted === '' ? rows : rows.filter((row) => row.name.toLocaleLowerCase().includes(wanted));
}
