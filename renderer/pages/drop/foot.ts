import { button, element, icon, setText } from '../shared/dom.ts';
import { icons } from '../shared/icons.ts';
import { lengthText, numberText, sizeText } from '../shared/format.ts';
import { locale, text } from '../shared/texts.ts';
import type { Totals } from './state-text.ts';

/** What the buttons below the list do. */
export interface FootActions {
  readonly onStart: () => void;
  readonly onCancelAll: () => void;
  readonly onAgainAll: () => void;
  readonly onCopy: () => Promise<void>;
  readonly onSave: () => void;
}

/** Below the list: the button that sends, the progress of all files, and at the end what has arrived. */
export class Foot {
  readonly element: HTMLElement;
  readonly #start: HTMLElement;
  readonly #startButton: HTMLButtonElement;
  readonly #progress: HTMLElement;
  readonly #bar = element('progress', { max: 1000, 'aria-label': text('page.drop.progress') });
  readonly #line = element('span');
  readonly #left = element('span');
  readonly #end: HTMLElement;
  readonly #endMark = element('span', { class: 'mark' });
  readonly #endTitle = element('h2', { tabindex: -1 });
  readonly #endDetail = element('p', {});
  readonly #againAll: HTMLButtonElement;

  constructor(actions: FootActions) {
    this.#startButton = button('', actions.onStart, { class: 'main' });
    const startHint = element('p', { class: 'line' }, text('page.drop.start.hint'));
    this.#start = element('div', { class: 'start', hidden: true }, startHint, this.#startButton);
    const cancel = button(text('page.drop.cancel-all'), actions.onCancelAll);
    const lines = element('p', { class: 'line limits' }, this.#line, this.#left);
    const progressLine = element('div', { class: 'spread' }, lines, cancel);
    this.#progress = element('div', { class: 'total', hidden: true }, this.#bar, progressLine);
    this.#againAll = button(text('page.drop.again-all'), actions.onAgainAll, { hidden: true });
    const copy = button(text('page.drop.receipt.copy'), () => {
      void actions.onCopy().then(() => setText(copy, text('page.drop.receipt.copied')));
    });
    const save = button(text('page.drop.receipt.save'), actions.onSave);
    const said = element('div', {}, this.#endTitle, this.#endDetail);
    const buttons = element('div', { class: 'buttons' }, this.#againAll, copy, save);
    this.#end = element('div', { class: 'end', hidden: true }, this.#endMark, said, buttons);
    this.element = element('section', { class: 'foot' }, this.#start, this.#progress, this.#end);
  }

  show(totals: Totals, msLeft: number | null): void {
    const { count, ready, busy, stored, unconfirmed, again } = totals;
    this.#start.hidden = ready === 0;
    setText(this.#startButton, text('page.drop.start', counted(ready)));
    this.#progress.hidden = busy === 0;
    this.element.hidden = count === 0;
    if (busy > 0) this.#showProgress(totals, msLeft);
    const isEnd = busy === 0 && ready === 0 && stored + unconfirmed > 0;
    if (isEnd) this.#showEnd(totals);
    if (isEnd && this.#end.hidden) queueMicrotask(() => this.#endTitle.focus());
    this.#end.hidden = !isEnd;
    this.#againAll.hidden = again === 0;
  }

  #showProgress({ stored, busy, bytes, sentBytes }: Totals, msLeft: number | null): void {
    this.#bar.value = bytes === 0 ? 0 : Math.floor((1000 * sentBytes) / bytes);
    const values = {
      ...{ done: numberText(stored, locale), all: numberText(stored + busy, locale) },
      ...{ sent: sizeText(sentBytes, locale), size: sizeText(bytes, locale) },
    };
    const left =
      msLeft === null ? '' : text('page.drop.about-left', { length: lengthText(Math.max(1000, msLeft), locale) });
    setText(this.#left, left);
    setText(this.#line, text('page.drop.sending', values));
  }

  #showEnd({ stored, verified, failed }: Totals): void {
    const isWhole = failed === 0;
    this.#end.className = isWhole ? 'end whole' : 'end';
    this.#endMark.replaceChildren(icon(isWhole ? icons.check : icons.warning));
    setText(this.#endTitle, text(isWhole ? 'page.drop.end.all' : 'page.drop.end.some', counted(stored)));
    const proof = verified === stored ? 'page.drop.end.verified' : 'page.drop.end.accepted';
    setText(this.#endDetail, isWhole ? text(proof) : text('page.drop.end.failed', counted(failed)));
  }
}

function counted(count: number): { readonly count: number; readonly shown: string } {
  return { count, shown: numberText(count, locale) };
}
