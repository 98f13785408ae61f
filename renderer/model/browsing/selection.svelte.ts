import { type IdSet, toIdSet, withToggled } from '../../lib/id-set.ts';

/** What is selected in a list, by row ID. The list itself is handed in where its order matters. */
export class Selection {
  #ids = $state.raw<IdSet>(toIdSet([]));
  /** The row that the keyboard stands on. */
  cursor = $state<string | null>(null);
  /** Where a range with Shift starts. */
  #anchor: string | null = null;

  readonly size = $derived(this.#ids.size);

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  get ids(): IdSet {
    return this.#ids;
  }

  /** This row alone. */
  select(id: string): void {
    this.#ids = toIdSet([id]);
    this.cursor = id;
    this.#anchor = id;
  }

  /** Adds the row, or takes it away. */
  toggle(id: string): void {
    this.#ids = withToggled(this.#ids, id);
    this.cursor = id;
    this.#anchor = id;
  }

  /** Everything between the anchor and this row. */
  extendTo(id: string, order: readonly { readonly id: string }[]): void {
    const from = order.findIndex((row) => row.id === this.#anchor);
    const to = order.findIndex((row) => row.id === id);
    if (from === -1 || to === -1) {
      this.select(id);
      return;
    }
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
  }

  clear(): void {
    this.#ids = toIdSet([]);
    this.#anchor = null;
  }

  /** As it was when the list was left. */
  restore(ids: IdSet, cursor: string | null): void {
    this.#ids = ids;
    this.cursor = cursor;
    this.#anchor = cursor;
  }

  /** Forgets the rows that are gone. */
  keep(isThere: (id: string) => boolean): void {
    const ids = [...this.#ids].filter(isThere);
    if (ids.length !== this.#ids.size) this.#ids = toIdSet(ids);
    if (this.cursor !== null && !isThere(this.cursor)) this.cursor = null;
  }
}
