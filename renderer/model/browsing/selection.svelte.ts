import { type IdSet, toIdSet, withToggled } from '../../lib/id-set.ts';

/** The selection of a list, by row ID. Methods that depend on the order of the list take it as an argument. */
export class Selection {
  #ids = $state.raw<IdSet>(toIdSet([]));
  /** The row with the keyboard cursor. */
  cursor = $state<string | null>(null);
  /** All rows were selected at once, as far as they were loaded. */
  #wantsAll = $state(false);
  /** The start of a Shift range. */
  #anchor: string | null = null;

  readonly size = $derived(this.#ids.size);

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  get ids(): IdSet {
    return this.#ids;
  }

  /** Everything was selected of a list of which more is to come, or came since. */
  isShortOf({ rows, hasMore }: { readonly rows: readonly unknown[]; readonly hasMore: boolean }): boolean {
    return this.#wantsAll && (hasMore || rows.length > this.size);
  }

  /** Selects this row alone. */
  select(id: string): void {
    this.#wantsAll = false;
    this.#ids = toIdSet([id]);
    this.cursor = id;
    this.#anchor = id;
  }

  /** Selects these rows, and puts the cursor on the first. */
  selectThese(ids: readonly string[]): void {
    const [first] = ids;
    if (first === undefined) return;
    this.select(first);
    this.#ids = toIdSet(ids);
  }

  /** Adds or removes the row. */
  toggle(id: string): void {
    this.#wantsAll = false;
    this.#ids = withToggled(this.#ids, id);
    this.cursor = id;
    this.#anchor = id;
  }

  /** Selects everything between the anchor and this row. */
  extendTo(id: string, order: readonly { readonly id: string }[]): void {
    const from = order.findIndex((row) => row.id === this.#anchor);
    const to = order.findIndex((row) => row.id === id);
    if (from === -1 || to === -1) {
      this.select(id);
      return;
    }
    this.#wantsAll = false;
    const range = order.slice(Math.min(from, to), Math.max(from, to) + 1);
    this.#ids = toIdSet(range.map((row) => row.id));
    this.cursor = id;
  }

  /** Moves the cursor without selecting. */
  moveTo(id: string): void {
    this.cursor = id;
  }

  all(order: readonly { readonly id: string }[]): void {
    this.#ids = toIdSet(order.map((row) => row.id));
    this.#wantsAll = order.length > 0;
  }

  clear(): void {
    this.#wantsAll = false;
    this.#ids = toIdSet([]);
    this.#anchor = null;
  }

  /** Restores the selection from when the list was left. */
  restore(ids: IdSet, cursor: string | null): void {
    this.#wantsAll = false;
    this.#ids = ids;
    this.cursor = cursor;
    this.#anchor = cursor;
  }

  /** Deselects rows that are gone or filtered out: a command must not act on rows that aren't visible. */
  keepShown(rows: readonly { readonly id: string }[]): void {
    if (this.size === 0) return;
    const ids = toIdSet(rows.map((row) => row.id));
    this.keep((id) => ids.has(id));
  }

  /** Deselects rows that are gone. */
  keep(isThere: (id: string) => boolean): void {
    const ids = [...this.#ids].filter(isThere);
    if (ids.length !== this.#ids.size) this.#ids = toIdSet(ids);
    if (this.cursor !== null && !isThere(this.cursor)) this.cursor = null;
  }
}
