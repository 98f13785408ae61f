import type { Column, ColumnSettings } from '../../../main/contract/contract.ts';
import type { SettingsState } from '../settings.svelte.ts';

/** In screen order. The name column comes first and takes the remaining width. */
export const columns: readonly Column[] = ['size', 'modified', 'kind', 'storage-class'];

const usualWidths: Readonly<Record<Column, number>> = { size: 88, modified: 128, kind: 128, 'storage-class': 124 };
const [narrowest, widest] = [60, 400];

/** The column is hidden when the list is narrower than this, in pixels. */
const roomFor: Readonly<Record<Column, number>> = { size: 0, modified: 400, kind: 600, 'storage-class': 740 };

/** The columns of the file list, and their widths. */
export class ColumnLayout {
  readonly #settings: SettingsState;
  /** The width during a drag; saved to the settings on release. */
  #dragged = $state.raw<{ readonly column: Column; readonly width: number } | null>(null);
  /** Width of the list, in pixels. */
  listWidth = $state(0);

  readonly shown = $derived.by(() =>
    columns.filter((column) => !this.#chosen.hidden.includes(column) && this.listWidth >= roomFor[column]),
  );
  /** A value for `grid-template-columns`. */
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

  /** Shows another width without saving it. */
  drag(column: Column, width: number): void {
    this.#dragged = { column, width: Math.round(Math.min(widest, Math.max(narrowest, width))) };
  }

  /** Saves the width shown. */
  async drop(): Promise<void> {
    const dragged = this.#dragged;
    if (dragged === null) return;
    await this.#update(({ widths, hidden }) => ({ widths: { ...widths, [dragged.column]: dragged.width }, hidden }));
    if (this.#dragged === dragged) this.#dragged = null;
  }

  toggle(column: Column): void {
    void this.#update(({ widths, hidden }) => {
      const others = hidden.filter((other) => other !== column);
      return { widths, hidden: others.length < hidden.length ? others : [...hidden, column] };
    });
  }

  /** Resets all columns to their defaults. */
  restore(): void {
    void this.#update(() => ({ widths: {}, hidden: [] }));
  }

  get #chosen(): ColumnSettings {
    return this.#settings.current.columns;
  }

  #update(change: (columns: ColumnSettings) => ColumnSettings): Promise<void> {
    return this.#settings.update(({ columns }) => ({ columns: change(columns) }));
  }
}
