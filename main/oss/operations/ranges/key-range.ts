import { compareUtf8 } from './utf8-order.ts';
import { landing, type Rest, type Split } from './split-key.ts';

/** The first and last name of a page in the byte order of UTF-8. */
export interface Extent {
  readonly first: string;
  readonly last: string;
}

/** How one kind of listing is read. */
export interface Listing<Page, Cursor> {
  readonly prefix: string;
  readonly delimiter: string;
  /** Reads a page: the first one of the listing, that behind a name, or that at the cursor of the page before. */
  read(from: From<Cursor>, signal: AbortSignal): Promise<Page>;
  /** Where the next page begins; null for the last one. */
  cursorOf(page: Page): Cursor | null;
  /** Null for a page without names, `unordered` for one that isn't sorted. */
  extentOf(page: Page): Extent | null | 'unordered';
  /** All names. */
  namesOf(page: Page): readonly string[];
  /** The page up to and including a name, going on behind it. */
  upTo(page: Page, name: string): Page;
  /** The rest of such a page, going on where the page does. */
  behind(page: Page, name: string): Page;
}

/** Where a page begins. */
export type From<Cursor> =
  | { readonly kind: 'start' }
  | { readonly kind: 'behind'; readonly name: string }
  | { readonly kind: 'cursor'; readonly cursor: Cursor };

/** A part of a listing: the names behind `start`, up to and including `end`, read page by page. */
export class KeyRange<Page, Cursor> {
  readonly #listing: Listing<Page, Cursor>;
  /** Null for the whole listing. */
  readonly #split: Split | null;
  #end: string | null;
  #next: From<Cursor> | null;
  #extent: Extent | null = null;
  #leap: number | null = null;
  #pages: Page[] = [];
  /** The page that reached beyond the end, as it came. */
  #beyond: { readonly page: Page; isTaken: boolean } | null = null;
  /** A range is split once for each page that is read of it. */
  #canSplit = false;
  #isLandingTaken = false;
  isReading = false;
  /** Thrown once all that came before it is handed out. */
  error: { readonly reason: unknown } | null = null;

  /** `split`: what split it off; null for the whole listing. */
  constructor(listing: Listing<Page, Cursor>, split: Split | null, end: string | null) {
    this.#listing = listing;
    this.#split = split;
    this.#end = end;
    this.#next = split === null ? { kind: 'start' } : { kind: 'behind', name: split.key };
  }

  /** Where the next request begins; null once all is read. */
  get next(): From<Cursor> | null {
    return this.#next;
  }

  /** The server has shown that it begins this range where it was told to. */
  get hasLanded(): boolean {
    return this.#extent !== null || this.#next === null;
  }

  /** How many pages wait to be handed out. */
  get waiting(): number {
    return this.#pages.length;
  }

  /** What is left to be read, for a split; null if it can't be split now. */
  get rest(): Rest | null {
    if (!this.#canSplit || this.#extent === null || this.#next === null) return null;
    return { ...this.#extent, end: this.#end, leap: this.#leap };
  }

  /** Not to be split before the next page of it is read. */
  keepWhole(): void {
    this.#canSplit = false;
  }

  /** May be split, though no further page was read. */
  splitAgain(): void {
    this.#canSplit = true;
  }

  /** The range was split off and has shown nothing yet: whether the server begins it there is open. */
  get isUnproven(): boolean {
    return this.#split !== null && !this.hasLanded;
  }

  /** What was found behind the split, of this range or of another one: once, when it is known. */
  takeLanding(): { readonly split: string; readonly first: string | null } | null {
    if (this.#split === null || this.#isLandingTaken || !this.hasLanded) return null;
    this.#isLandingTaken = true;
    return { split: this.#split.key, first: this.#extent?.first ?? null };
  }

  /** Gives the names behind the split to a range of their own. */
  splitOff(split: Split): KeyRange<Page, Cursor> {
    const upper = new KeyRange(this.#listing, split, this.#end);
    this.#end = split.key;
    this.#canSplit = false;
    return upper;
  }

  /** Takes the next page. Returns false, and takes nothing, if it isn't sorted or has names of another range. */
  add(page: Page): boolean {
    const extent = this.#listing.extentOf(page);
    if (extent === 'unordered' || (extent !== null && !this.#isInside(extent))) return false;
    this.#pages.push(page);
    this.#goOn(page);
    if (extent === null) return true;
    if (this.#extent === null && this.#split !== null) this.#leap = landing(this.#split, extent.first);
    this.#extent = extent;
    this.#canSplit = true;
    if (this.#end !== null && compareUtf8(extent.last, this.#end) > 0) {
      this.#beyond = { page, isTaken: false };
      this.#next = null;
    }
    return true;
  }

  /** Takes the next page as it is. */
  addUnchecked(page: Page): void {
    this.#pages.push(page);
    this.#goOn(page);
  }

  /** Hands out the next page, without what belongs to the range behind. */
  take(): Page | null {
    const page = this.#pages.shift();
    if (page === undefined) return null;
    if (this.#beyond?.page === page) this.#beyond.isTaken = true;
    const isLast = this.#pages.length === 0 && this.#next === null;
    return isLast && this.#end !== null ? this.#listing.upTo(page, this.#end) : page;
  }

  /** From now on it goes to the end of the listing; what was cut off is handed out after all. */
  extend(): void {
    const end = this.#end;
    this.#end = null;
    if (this.#beyond === null || end === null) return;
    const { page, isTaken } = this.#beyond;
    this.#beyond = null;
    if (isTaken) this.#pages.push(this.#listing.behind(page, end));
    this.#goOn(page);
  }

  #isInside({ first, last }: Extent): boolean {
    const { prefix } = this.#listing;
    if (!first.startsWith(prefix) || !last.startsWith(prefix)) return false;
    if (this.#extent !== null) return compareUtf8(first, this.#extent.last) >= 0;
    return this.#split === null || compareUtf8(first, this.#split.key) > 0;
  }

  #goOn(page: Page): void {
    const cursor = this.#listing.cursorOf(page);
    this.#next = cursor === null ? null : { kind: 'cursor', cursor };
  }
}
