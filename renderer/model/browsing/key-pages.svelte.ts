import { compareUtf8, type LoadedRows } from '../../lib/row-order.ts';
import { isVersionId, pathOf, type Row } from '../../lib/rows.ts';
import type { Page, PageSource } from './page-source.ts';

/** A refresh reloads the pages shown, up to this many. */
const mostPagesToRefresh = 10;

/** A list of fewer rows shows new pages at least this often, in milliseconds. */
const showEveryMs = 250;
const fewRows = 20_000;

const noRows: LoadedRows = { folders: [], objects: [] };

/** The loaded part of a listing, page by page. */
export class KeyPages {
  readonly #source: PageSource;
  /** Pages loaded but not yet shown. */
  #pending: Page[] = [];
  #nextPageToken: string | null = null;
  #pages = 0;
  #shownAt = 0;

  rows = $state.raw<LoadedRows>(noRows);
  loaded = $state(false);
  hasMore = $state(false);
  /** The listing has, or had, more than one page. */
  several = $state(false);
  /** How many keys OSS has listed so far, including those not shown. */
  scanned = $state(0);
  /** Something changed past the pages that the last refresh reloaded. */
  outdated = $state(false);

  readonly count = $derived(this.rows.folders.length + this.rows.objects.length);

  /** True if a refresh reloads only the first pages. */
  get isLong(): boolean {
    return this.#pages > mostPagesToRefresh;
  }

  constructor(source: PageSource) {
    this.#source = source;
  }

  /**
   * Loads pages while `wantsMore` returns true. They are shown in growing batches: rendering 1,000,000 rows for each of
   * 1,000 pages would block the window for a minute. Rows loaded before a page fails are shown.
   */
  async load(wantsMore: () => boolean): Promise<void> {
    try {
      do {
        const page = await this.#source(this.#nextPageToken);
        this.#take(page);
        if (this.#isTimeToShow()) this.#show();
      } while (this.#nextPageToken !== null && wantsMore());
    } finally {
      this.#show();
    }
  }

  /**
   * Reloads the first pages and replaces their rows in one step, to avoid flicker.
   * Later rows stay as they were.
   */
  async refresh(isWanted: () => boolean): Promise<void> {
    const pages = await this.#firstPages();
    if (!isWanted()) return;
    const end = pages.at(-1)?.nextPageToken ?? null;
    const isWhole = end === null || this.#pages <= pages.length;
    this.rows = joined(pages, isWhole ? noRows : rowsAfter(pages, this.rows));
    this.loaded = true;
    this.outdated = !isWhole;
    if (isWhole) this.#endAt(end, pages);
  }

  /** Discards all pages, to start over. */
  reset(): void {
    this.#pending = [];
    this.#nextPageToken = null;
    this.#pages = 0;
    this.rows = noRows;
    this.scanned = 0;
    this.loaded = false;
    this.hasMore = false;
    this.outdated = false;
  }

  async #firstPages(): Promise<readonly Page[]> {
    const pages: Page[] = [];
    const wanted = Math.min(this.#pages, mostPagesToRefresh);
    do {
      pages.push(await this.#source(pages.at(-1)?.nextPageToken ?? null));
    } while (pages.length < wanted && pages.at(-1)?.nextPageToken !== null);
    return pages;
  }

  #endAt(pageToken: string | null, pages: readonly Page[]): void {
    this.#nextPageToken = pageToken;
    this.#pages = pages.length;
    this.hasMore = pageToken !== null;
    this.several ||= this.hasMore;
    this.scanned = pages.reduce((sum, page) => sum + page.scanned, 0);
  }

  #take(page: Page): void {
    this.#pending.push(page);
    this.#nextPageToken = page.nextPageToken;
    this.#pages += 1;
    this.scanned += page.scanned;
  }

  #isTimeToShow(): boolean {
    const pending = this.#pending.reduce((sum, { folders, objects }) => sum + folders.length + objects.length, 0);
    if (pending >= this.count) return true;
    return pending > 0 && this.count < fewRows && performance.now() - this.#shownAt >= showEveryMs;
  }

  #show(): void {
    if (this.#pending.length === 0) return;
    this.rows = {
      folders: appended(this.rows.folders, this.#pending, ({ folders }) => folders),
      objects: appended(this.rows.objects, this.#pending, ({ objects }) => objects),
    };
    this.#pending = [];
    this.loaded = true;
    this.hasMore = this.#nextPageToken !== null;
    this.several ||= this.hasMore;
    this.#shownAt = performance.now();
  }
}

/** Returns the same array if nothing is added, so that it isn't sorted and filtered again. */
function appended(rows: readonly Row[], pages: readonly Page[], part: (page: Page) => readonly Row[]): readonly Row[] {
  const added = pages.map(part).filter((some) => some.length > 0);
  return added.length === 0 ? rows : rows.concat(...added);
}

function joined(pages: readonly Page[], rest: LoadedRows): LoadedRows {
  return {
    folders: pages.flatMap(({ folders }) => folders).concat(rest.folders),
    objects: pages.flatMap(({ objects }) => objects).concat(rest.objects),
  };
}

function lastPathOf(pages: readonly Page[]): string {
  const ends = pages.flatMap(({ folders, objects }) => [folders.at(-1), objects.at(-1)]);
  const paths = ends.flatMap((row) => (row === undefined ? [] : [pathOf(row.id)]));
  return paths.sort(compareUtf8).at(-1) ?? '';
}

/** Further versions of the last key may follow on the next page. */
function rowsAfter(pages: readonly Page[], { folders, objects }: LoadedRows): LoadedRows {
  const path = lastPathOf(pages);
  const known = new Set(pages.flatMap((page) => page.objects.map(({ id }) => id)));
  const isAfter = ({ id }: Row) =>
    compareUtf8(pathOf(id), path) > 0 || (isVersionId(id) && pathOf(id) === path && !known.has(id));
  return { folders: folders.filter(isAfter), objects: objects.filter(isAfter) };
}
