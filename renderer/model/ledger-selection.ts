import { Selection } from './browsing/selection.svelte.ts';
import { isSelectable, type LedgerRow } from './ledger-rows.ts';

/** The selection of Links. Headings can't be selected: the keyboard passes over them. */
export class LedgerSelection extends Selection {
  readonly #rows: () => readonly LedgerRow[];

  constructor(rows: () => readonly LedgerRow[]) {
    super();
    this.#rows = rows;
  }

  override select(id: string): void {
    const wanted = this.#passed(id);
    if (wanted !== null) super.select(wanted);
  }

  override toggle(id: string): void {
    const wanted = this.#passed(id);
    if (wanted !== null) super.toggle(wanted);
  }

  override moveTo(id: string): void {
    const wanted = this.#passed(id);
    if (wanted !== null) super.moveTo(wanted);
  }

  override extendTo(id: string): void {
    const wanted = this.#passed(id);
    if (wanted !== null) super.extendTo(wanted, this.#rows().filter(isSelectable));
  }

  override all(): void {
    super.all(this.#rows().filter(isSelectable));
  }

  /** The row itself, or the next one that can be selected in the direction of the cursor's move; null at the end. */
  #passed(id: string): string | null {
    const rows = this.#rows();
    const at = rows.findIndex((row) => row.id === id);
    const cursor = rows.findIndex((row) => row.id === this.cursor);
    const up = rows.slice(0, Math.max(0, at)).findLast(isSelectable);
    const down = rows.slice(Math.max(0, at)).find(isSelectable);
    const row = rows[at];
    if (row === undefined || isSelectable(row)) return row?.id ?? null;
    return (at < cursor ? (up ?? down) : (down ?? up))?.id ?? null;
  }
}
