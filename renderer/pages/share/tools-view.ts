import { button, element, setText } from '../shared/dom.ts';
import { numberText } from '../shared/format.ts';
import { locale, text } from '../shared/texts.ts';
import type { Choice } from './choice.ts';
import type { Said } from './state-text.ts';

/** Starting more downloads than this is asked about. */
const MAX_UNASKED = 20;

/** The commands above the list. */
export interface ToolsActions {
  search(query: string): void;
  start(): void;
  check(): void;
  stop(): void;
}

/** Search, commands, and what they are doing. */
export class ToolsView {
  readonly element: HTMLElement;
  readonly #choice: Choice;
  readonly #start: HTMLButtonElement;
  readonly #check: HTMLButtonElement;
  readonly #stop: HTMLButtonElement;
  readonly #status = element('p', { class: 'status', role: 'status' });
  readonly #progress = element('progress', { max: 1, value: 0, hidden: true });
  readonly #question = element('div', { class: 'notice question', hidden: true });
  readonly #next = element('div');
  readonly #actions: ToolsActions;
  #isBusy = false;

  constructor(choice: Choice, actions: ToolsActions) {
    this.#choice = choice;
    this.#actions = actions;
    const search = element('input', { type: 'search', 'aria-label': text('page.share.search') });
    search.placeholder = text('page.share.search');
    search.addEventListener('input', () => actions.search(search.value));
    this.#start = button('', () => this.#askOrStart(), { class: 'primary' });
    this.#check = button(text('page.share.check'), () => actions.check(), { hidden: true });
    this.#stop = button(text('page.share.stop'), () => actions.stop(), { hidden: true });
    const commands = element('div', { class: 'commands' }, this.#check, this.#start);
    const work = element('div', { class: 'work' }, this.#status, this.#next, this.#stop, this.#progress);
    this.element = element(
      'div',
      { class: 'tools' },
      element('div', { class: 'bar' }, search, commands),
      this.#question,
      work,
    );
    this.showChoice();
  }

  /** Says what the commands are for. */
  showChoice(): void {
    const { wanted, count, query } = this.#choice;
    const all = count === 0 && query === '';
    const values = { count: wanted.length, shown: numberText(wanted.length, locale) };
    setText(this.#start, all ? text('page.share.download-all') : text('page.share.download', values));
    this.#start.disabled = this.#check.disabled = this.#isBusy || wanted.length === 0;
    this.#question.hidden = true;
  }

  /** Offers downloads that are checked. */
  offerCheck(): void {
    this.#check.hidden = false;
  }

  /** Shows what is going on: a sentence, and how much is done. */
  showWork(said: string, share: number | null): void {
    this.#isBusy = true;
    this.showChoice();
    this.#stop.hidden = false;
    this.#progress.hidden = share === null;
    this.#progress.value = share ?? 0;
    setText(this.#status, said);
    this.#next.replaceChildren();
  }

  /** Shows how it went, and what could be done next. */
  showResult(lines: readonly Said[], next: HTMLElement | null = null): void {
    this.#isBusy = false;
    this.showChoice();
    this.#stop.hidden = this.#progress.hidden = true;
    this.#status.replaceChildren(...lines.map(({ tone, text: said }) => element('span', { class: tone }, said)));
    this.#next.replaceChildren(...(next === null ? [] : [next]));
  }

  #askOrStart(): void {
    const { wanted } = this.#choice;
    if (wanted.length <= MAX_UNASKED) {
      this.#actions.start();
      return;
    }
    const close = (): void => {
      this.#question.hidden = true;
      this.#start.focus();
    };
    const values = { count: wanted.length, shown: numberText(wanted.length, locale) };
    const begin = (): void => {
      close();
      this.#actions.start();
    };
    const start = button(text('page.share.start'), begin, { class: 'primary' });
    this.#question.replaceChildren(
      element('p', {}, text('page.share.question', values)),
      element('div', { class: 'commands' }, button(text('page.share.cancel'), close), start),
    );
    this.#question.hidden = false;
    start.focus();
  }
}
