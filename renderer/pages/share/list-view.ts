import { button, element, setAttributes } from '../shared/dom.ts';
import { text } from '../shared/texts.ts';
import type { FileState } from './checked-downloads.ts';
import type { Choice, SortKey } from './choice.ts';
import { type RowContext, RowView } from './row-view.ts';
import type { SharedFile } from './share-data.ts';

/** Rows that are added at a time, as one scrolls: a page of 10,000 files opens as fast as one of ten. */
const BATCH = 100;

const columns: readonly SortKey[] = ['name', 'size', 'modified'];

/** The table of files. */
export class ListView {
  readonly element: HTMLElement;
  readonly #choice: Choice;
  readonly #context: RowContext;
  readonly #onChange: () => void;
  readonly #states = new Map<SharedFile, FileState>();
  readonly #body = element('tbody', { role: 'rowgroup' });
  readonly #all = element('input', { type: 'checkbox', 'aria-label': text('page.share.select-all') });
  readonly #heads = new Map<SortKey, HTMLTableCellElement>();
  readonly #nothing = element('p', { class: 'nothing', hidden: true });
  readonly #more: HTMLButtonElement;
  readonly #table: HTMLTableElement;
  #rows = new Map<SharedFile, RowView>();
  #isOver = false;

  constructor(choice: Choice, context: Omit<RowContext, 'isChosen' | 'onChoose'>, onChange: () => void) {
    this.#choice = choice;
    this.#onChange = onChange;
    this.#context = {
      ...context,
      isChosen: (file) => choice.isChosen(file),
      onChoose: (file, isChosen, toAnchor) => {
        choice.choose(file, isChosen, toAnchor);
        this.showChoice();
      },
    };
    this.#all.addEventListener('change', () => {
      choice.chooseShown(this.#all.checked);
      this.showChoice();
    });
    this.#more = button(text('page.share.more'), () => this.#addRows(), { class: 'more' });
    this.#table = element('table', { role: 'table' }, this.#head(), this.#body);
    this.element = element('div', { class: 'list' }, this.#table, this.#nothing, this.#more);
    new IntersectionObserver(
      ([entry]) => {
        if (entry?.isIntersecting === true) this.#addRows();
      },
      { rootMargin: '1500px' },
    ).observe(this.#more);
    this.showFiles();
  }

  /** Shows what is searched for, from the top. */
  showFiles(): void {
    this.#rows = new Map();
    this.#body.replaceChildren();
    const { shown, query, sort } = this.#choice;
    this.#table.hidden = shown.length === 0;
    this.#nothing.hidden = shown.length > 0;
    this.#nothing.textContent = query === '' ? text('page.share.empty') : text('page.share.nothing', { query });
    setAttributes(this.#table, { 'aria-rowcount': shown.length + 1 });
    for (const [key, head] of this.#heads) {
      const direction = sort.descending ? 'descending' : 'ascending';
      setAttributes(head, { 'aria-sort': sort.key === key ? direction : null });
    }
    this.#addRows();
    this.showChoice();
  }

  showChoice(): void {
    for (const [file, row] of this.#rows) row.showChosen(this.#choice.isChosen(file));
    const { state } = this.#choice;
    this.#all.checked = state === 'all';
    this.#all.indeterminate = state === 'some';
    this.#onChange();
  }

  showState(file: SharedFile, state: FileState): void {
    this.#states.set(file, state);
    this.#rows.get(file)?.showState(state);
  }

  /** Takes out everything that leads to the bucket, now and from rows that are still to be shown. */
  removeLinks(): void {
    this.#isOver = true;
    this.#all.disabled = true;
    for (const row of this.#rows.values()) row.removeLinks();
  }

  #addRows(): void {
    const { shown } = this.#choice;
    const added = shown.slice(this.#rows.size, this.#rows.size + BATCH).map((file) => this.#row(file));
    this.#body.append(...added.map((row) => row.element));
    this.#more.hidden = this.#rows.size >= shown.length;
  }

  #row(file: SharedFile): RowView {
    const row = new RowView(file, this.#context);
    setAttributes(row.element, { 'aria-rowindex': this.#rows.size + 2 });
    const state = this.#states.get(file);
    if (state !== undefined) row.showState(state);
    if (this.#isOver) row.removeLinks();
    this.#rows.set(file, row);
    return row;
  }

  #head(): HTMLElement {
    const sortable = columns.map((key) => {
      const sort = button(text(`page.share.column.${key}`), () => {
        this.#choice.sortBy(key);
        this.showFiles();
      });
      const head = element(
        'th',
        { role: 'columnheader', scope: 'col', class: key === 'modified' ? 'date' : key },
        sort,
      );
      this.#heads.set(key, head);
      return head;
    });
    const all = element('th', { role: 'columnheader', scope: 'col', class: 'box' }, element('label', {}, this.#all));
    return element('thead', { role: 'rowgroup' }, element('tr', { role: 'row', 'aria-rowindex': 1 }, all, ...sortable));
  }
}
