import type { DropPageData } from '../../../main/links/pages/drop-page.ts';
import { element, setText } from '../shared/dom.ts';
import { numberText, sizeText } from '../shared/format.ts';
import { locale, text } from '../shared/texts.ts';
import { makeArea } from './area.ts';
import { Banner, closingSaid, connectionSaid } from './banner.ts';
import type { Connection } from './connection.ts';
import { Foot } from './foot.ts';
import { aboutOf, Head, limitsOf } from './head.ts';
import type { Chosen, Item } from './items.ts';
import { Pace } from './pace.ts';
import type { Queue } from './queue.ts';
import { placeOf, receiptText } from './receipt.ts';
import { Rows } from './rows.ts';
import { type Totals, totalsOf } from './state-text.ts';

/** What the page looks like, drawn at most once a frame from the state of the queue. */
export class DropPage {
  readonly #data: DropPageData;
  readonly #queue: Queue;
  readonly #connection: Connection;
  readonly #head: Head;
  readonly #banner = new Banner();
  readonly #area: { readonly element: HTMLElement; close(): void };
  readonly #rows: Rows;
  readonly #foot: Foot;
  readonly #list: HTMLElement;
  readonly #listLine = element('p', { class: 'line' });
  /** What a screen reader is told; the rest changes too often. */
  readonly #news = element('p', { class: 'visually-hidden', role: 'status' });
  readonly #hint = element('p', { class: 'hint', hidden: true });
  readonly #pace = new Pace();
  readonly #changed = new Set<Item>();
  #isDrawing = false;

  constructor(data: DropPageData, queue: Queue, connection: Connection) {
    this.#data = data;
    this.#queue = queue;
    this.#connection = connection;
    this.#head = new Head(data.form);
    this.#area = makeArea(limitsOf(data), (chosen, unread) => this.#add(chosen, unread));
    this.#rows = new Rows({
      onCancel: (item) => queue.cancel(item),
      onAgain: (item) => queue.again(item),
      onRemove: (item) => this.#remove(item),
    });
    this.#foot = new Foot({
      onStart: () => queue.start(),
      onCancelAll: () => queue.cancelAll(),
      onAgainAll: () => queue.againAll(),
      onCopy: () => this.#copy(),
      onSave: () => this.#save(),
    });
    const list = element('h2', {}, text('page.drop.list'));
    this.#list = element(
      'section',
      { class: 'list', hidden: true },
      element('div', { class: 'spread' }, list, this.#listLine),
      this.#rows.list,
      this.#rows.rest,
    );
  }

  /** Puts the page in place of the sentence that stands there without scripts. */
  mount(target: HTMLElement): void {
    const main = element(
      'main',
      {},
      this.#head.element,
      this.#banner.element,
      this.#hint,
      this.#area.element,
      this.#list,
      this.#foot.element,
      aboutOf(this.#data),
      this.#news,
    );
    target.replaceChildren(main);
    addEventListener('beforeunload', (event) => {
      if (totalsOf(this.#queue.items).busy > 0) event.preventDefault();
    });
    setInterval(() => this.draw(), 1000);
    this.draw();
  }

  /** Says something that concerns what is chosen next. */
  hint(said: string): void {
    this.#hint.hidden = said === '';
    setText(this.#hint, said);
  }

  /** Notes that something changed, and draws it with the next frame. */
  draw(item?: Item): void {
    if (item !== undefined) this.#changed.add(item);
    if (this.#isDrawing) return;
    this.#isDrawing = true;
    // A page in the background has no frames.
    setTimeout(() => this.#draw(), 50);
  }

  #draw(): void {
    this.#isDrawing = false;
    const { items, closing } = this.#queue;
    const { form } = this.#data;
    const now = this.#connection.now();
    this.#head.show(now);
    this.#rows.update(this.#changed, items);
    this.#changed.clear();
    const totals = totalsOf(items);
    this.#pace.note(totals.sentBytes, now);
    this.#foot.show(totals, this.#pace.msFor(totals.bytes - totals.sentBytes));
    this.#list.hidden = items.length === 0;
    this.#area.element.classList.toggle('small', items.length > 0);
    this.#showLine(totals);
    const actions = { onUnblock: () => this.#queue.unblock(), onWake: () => this.#connection.wake() };
    const isLate = now >= form.validUntil;
    this.#banner.show(
      closing === null ? connectionSaid(this.#connection, form, { ...actions, isLate }) : closingSaid(closing),
    );
    if (closing !== null) this.#area.close();
    // By the device's clock alone nothing ends: the next answer tells.
    else if (isLate && this.#connection.knowsTime) this.#queue.close({ because: 'expired' });
  }

  #showLine({ count, bytes, busy, ready, stored, failed }: Totals): void {
    const line = text('page.drop.list.line', {
      ...{ count, shown: numberText(count, locale), size: sizeText(bytes, locale) },
    });
    setText(this.#listLine, line);
    if (count === 0) return;
    const news = text('page.drop.news', { done: stored, others: failed, left: busy });
    setText(this.#news, busy === 0 && ready > 0 ? line : news);
  }

  #add(chosen: readonly Chosen[], unread: number): void {
    for (const item of this.#queue.add(chosen)) this.#changed.add(item);
    this.hint(unread === 0 ? '' : text('page.drop.unread', { count: unread, shown: numberText(unread, locale) }));
    this.draw();
  }

  #remove(item: Item): void {
    this.#queue.remove(item);
    this.#rows.remove(item);
    this.draw();
  }

  #receipt(): string {
    return receiptText(this.#queue.items, placeOf(this.#data.form));
  }

  async #copy(): Promise<void> {
    await navigator.clipboard.writeText(this.#receipt());
  }

  #save(): void {
    const url = URL.createObjectURL(new Blob([this.#receipt()], { type: 'text/plain' }));
    const stamp = new Date().toISOString().slice(0, 16).replaceAll(/\D/g, '-');
    const link = element('a', { href: url, download: text('page.drop.receipt.file', { stamp }) });
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
  }
}
