import type { DropPageData } from '../../../main/links/pages/drop-page.ts';
import { element, setText } from '../shared/dom.ts';
import { lengthText, momentText, numberText, sizeText } from '../shared/format.ts';
import { locale, text } from '../shared/texts.ts';

/** The page's title, its owner's message, and until when it works. */
export class Head {
  readonly element: HTMLElement;
  readonly #left = element('span', { class: 'left' });
  readonly #validUntil: number;

  constructor({ bucket, note, validUntil }: DropPageData['form']) {
    this.#validUntil = validUntil;
    this.element = element(
      'header',
      {},
      element('h1', {}, text('page.drop.title')),
      element(
        'p',
        { class: 'meta' },
        element('span', {}, text('page.drop.to', { bucket })),
        element('span', {}, text('page.drop.until', { moment: momentText(validUntil, locale) })),
        this.#left,
      ),
      note === '' ? null : element('blockquote', {}, note),
    );
  }

  /** The time left, by the server's clock where it is known. */
  show(now: number): void {
    const left = this.#validUntil - now;
    setText(this.#left, left > 0 ? text('page.drop.left', { length: lengthText(left, locale) }) : '');
  }
}

/** What the page takes, in one line each. */
export function limitsOf({ form, tickets }: DropPageData): readonly string[] {
  const { sizeBytes, contentTypes, keys } = form;
  const most = tickets.reduce((most, ticket) => Math.max(most, ticket.sizeBytes), sizeBytes.max);
  const types = contentTypes.map((type) => type.replace(/^[^/]+\/(?:x-|vnd\.)?/, '').toUpperCase());
  const count = keys.kind === 'slots' ? keys.keys.length : 0;
  return [
    text('page.drop.limit.size', { size: sizeText(most, locale) }),
    ...(types.length === 0 ? [] : [text('page.drop.limit.types', { types: types.join(', ') })]),
    ...(count === 0 ? [] : [text('page.drop.limit.count', { count, shown: numberText(count, locale) })]),
  ];
}

/** What a person should know before trusting the page with files. */
export function aboutOf({ form, tickets }: DropPageData): HTMLElement {
  const host = new URL(form.action).host;
  const sentences = [
    text('page.drop.about.secret'),
    text('page.drop.about.way', { host }),
    text('page.drop.about.open'),
    ...(tickets.length === 0 ? [] : [text('page.drop.parts.about')]),
    text('page.drop.about.proof'),
    text('page.drop.about.final'),
  ];
  return element(
    'details',
    {},
    element('summary', {}, text('page.drop.about.title')),
    element('ul', {}, ...sentences.map((sentence) => element('li', {}, sentence))),
  );
}
