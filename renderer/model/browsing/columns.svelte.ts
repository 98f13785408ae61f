import type { Column, ColumnSettings } from '../../../main/contract/contract.ts';
import type { SettingsState } from '../settings.svelte.ts';

/** In the order on the screen; the name comes first and takes what is left. */
export const columns: readonly Column[] = ['size', 'modified', 'storage-class'];

const usualWidths: Readonly<Record<Column, number>> = { size: 88, modified: 128, 'storage-class': 124 };
const [narrowest, widest] = [60, 400];

/** A list narrower than this, in pixels, has no room for the column. */
const roomFor: Readonly<Record<Column, number>> = { size: 0, modified: 400, 'storage-class': 640 };

/** Which columns the list of files has, and how wide they are. */
export class ColumnLayout {
  readonly #settings: SettingsState;
  /** While an edge is dragged; kept in the settings once it is let go. */
  #dragged = $state.raw<{ readonly column: Column; readonly width: number } | null>(null);
  /** Width of the list, in pixels. */
  listWidth = $state(0);

  readonly shown = $derived.by(() =>
    columns.filter((column) => !this.#chosen.hidden.includes(column) && this.listWidth >= roomFor[column]),
  );
  /** For grid-template-columns. */
  readonly template = $derived.by(() =>
    ['minmax(0, 1fr)', ...this.shown.map((column) => `${this.widthOf(column)}px`)].join(' '),
  );

  constructor(settings: SettingsState) {
    this.#settings = settings;
  }

  isHidden(column: Column): boolean {
    return this.#chosen.hidden.includes(column);
  }

  widthOf(column: Column): number {
    if (this.#dragged?.column === column) return this.#dragged.width;
    return this.#chosen.widths[column] ?? usualWidths[column];
  }

  /** Shows another width without keeping it. */
  drag(column: Column, width: number): void {
    this.#dragged = { column, width: Math.round(Math.min(widest, Math.max(narrowest, width))) };
  }

  /** Keeps the width that is shown. */
  async drop(): Promise<void> {
    const dragged = this.#dragged;
    if (dragged === null) return;
    await this.#set({ widths: { ...this.#chosen.widths, [dragged.column]: dragged.width } });
    this.#dragged = null;
  }

  toggle(column: Column): void {
    const { hidden } = this.#chosen;
    const next = hidden.includes(column) ? hidden.filter((other) => other !== column) : [...hidden, column];
    void this.#set({ hidden: next });
  }

  /** All columns as they were at first. */
  restore(): void {
    void this.#set({ widths: {}, hidden: [] });
  }

  get #chosen(): ColumnSettings {
    return this.#settings.current.columns;
  }

  #set(change: Partial<ColumnSettings>): Promise<void> {
    return this.#settings.set({ columns: { ...this.#chosen, ...change } });
  }
}
