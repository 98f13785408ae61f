import { button, element, icon, setAttributes, setText } from '../shared/dom.ts';
import { icons } from '../shared/icons.ts';
import { numberText, sizeText } from '../shared/format.ts';
import { locale, text } from '../shared/texts.ts';
import { canSendAgain, isBusy, type Item, sentBytes } from './items.ts';
import { stateText } from './state-text.ts';

/** What the buttons of a row do. */
export interface RowActions {
  readonly onCancel: (item: Item) => void;
  readonly onRemove: (item: Item) => void;
  readonly onAgain: (item: Item) => void;
}

/** Rows of a list of any length: those at its start, and of the others those that run or failed. */
const firstRows = 200;
const mostRows = 400;

interface Row {
  readonly line: HTMLLIElement;
  readonly state: HTMLElement;
  readonly progress: HTMLProgressElement;
  readonly mark: HTMLElement;
  readonly button: HTMLButtonElement;
  shown: string;
}

/** The list of files. */
export class Rows {
  readonly list = element('ul', { class: 'rows' });
  readonly rest = element('p', { class: 'rest', hidden: true });
  readonly #rows = new Map<Item, Row>();
  /** Shown while they run. */
  readonly #passing = new Set<Item>();
  readonly #actions: RowActions;

  constructor(actions: RowActions) {
    this.#actions = actions;
  }

  /** Brings the rows of changed items up to date. */
  update(changed: Iterable<Item>, items: readonly Item[]): void {
    for (const item of changed) {
      const row = this.#rows.get(item) ?? this.#rowFor(item);
      if (row !== null) this.#show(item, row);
      if (item.state.at === 'stored' && this.#passing.delete(item)) this.remove(item);
    }
    const more = items.length - this.#rows.size;
    this.rest.hidden = more <= 0;
    setText(this.rest, text('page.drop.list.more', { shown: numberText(more, locale) }));
  }

  remove(item: Item): void {
    this.#rows.get(item)?.line.remove();
    this.#rows.delete(item);
  }

  #rowFor(item: Item): Row | null {
    const isNotable = isBusy(item) || item.state.at === 'failed';
    if (this.#rows.size >= (isNotable && item.state.at !== 'waiting' ? mostRows : firstRows)) return null;
    const row = this.#make(item);
    if (this.#rows.size >= firstRows) this.#passing.add(item);
    this.#rows.set(item, row);
    this.list.append(row.line);
    return row;
  }

  #make(item: Item): Row {
    const mark = element('span', { class: 'mark' });
    const state = element('span', { class: 'state' });
    const progress = element('progress', { max: 100, 'aria-label': item.path });
    const action = button('', () => this.#act(item), { class: 'quiet' });
    const size = element('span', { class: 'size' }, sizeText(item.file.size, locale));
    const line = element(
      'li',
      {},
      mark,
      element(
        'div',
        { class: 'about' },
        element('span', { class: 'name', title: item.path }, item.path),
        element('span', { class: 'detail' }, size, state),
        progress,
      ),
      action,
    );
    return { line, state, progress, mark, button: action, shown: '' };
  }

  #act(item: Item): void {
    if (isBusy(item)) this.#actions.onCancel(item);
    else if (canSendAgain(item)) this.#actions.onAgain(item);
    else this.#actions.onRemove(item);
  }

  #show(item: Item, row: Row): void {
    const { at } = item.state;
    setText(row.state, stateText(item));
    showProgress(row.progress, item);
    if (row.shown === at) return;
    row.shown = at;
    row.line.className = at;
    row.mark.replaceChildren(icon(markOf(at)));
    const isAgain = canSendAgain(item);
    const label = isAgain ? 'page.drop.again' : isBusy(item) ? 'page.drop.cancel' : 'page.drop.remove';
    setAttributes(row.button, { 'aria-label': text(label, { name: item.path }), hidden: at === 'stored' });
    row.button.replaceChildren(icon(isAgain ? icons.again : icons.cross));
  }
}

/** A bar for what is under way: without an end while the page can't know one. */
function showProgress(bar: HTMLProgressElement, item: Item): void {
  const { at } = item.state;
  const isEndless = at === 'comparing' || at === 'finishing';
  bar.hidden = !(isEndless || at === 'sending' || at === 'interrupted');
  if (isEndless) bar.removeAttribute('value');
  else bar.value = item.file.size === 0 ? 0 : Math.floor((100 * sentBytes(item)) / item.file.size);
}

function markOf(at: Item['state']['at']): string {
  if (at === 'stored') return icons.check;
  return at === 'failed' || at === 'unconfirmed' ? icons.warning : icons.file;
}
