import { element, setText } from '../shared/dom.ts';
import { lengthText, momentText, numberText, sizeText } from '../shared/format.ts';
import { locale, text } from '../shared/texts.ts';
import type { Share } from './share-data.ts';
import { shownName } from './shown-name.ts';

/** What the page is, and until when. */
export class HeaderView {
  readonly element: HTMLElement;
  readonly #share: Share;
  readonly #until = element('p', { class: 'until' });

  constructor(share: Share) {
    this.#share = share;
    const { title, files } = share;
    const name = title === null ? text('page.share.title') : shownName(title);
    document.title = name;
    this.element = element(
      'header',
      {},
      title === null ? null : element('p', { class: 'what' }, text('page.share.title')),
      element('h1', { dir: 'auto' }, name),
      element('p', { class: 'facts' }, factsOf(files)),
      this.#until,
    );
  }

  /** Shows how long the links still work, at a moment in Unix milliseconds. */
  showLeft(now: number): void {
    const { validUntil, endsEarlier } = this.#share;
    const values = {
      moment: unbroken(momentText(validUntil, locale, now)),
      length: unbroken(lengthText(Math.max(0, validUntil - now), locale)),
    };
    const until = endsEarlier ? 'page.share.until-earlier' : 'page.share.until';
    setText(this.#until, text(now < validUntil ? until : 'page.share.until-device', values));
    this.#until.classList.toggle('soon', validUntil - now < 3_600_000);
  }

  /** Says that it is over. */
  showEnd(): void {
    this.#until.remove();
    const moment = momentText(this.#share.validUntil, locale);
    const said = element('div', { class: 'notice bad', role: 'alert' });
    this.element.append(said);
    said.append(
      element('strong', {}, text('page.share.ended', { moment })),
      element('p', {}, text('page.share.ended.next')),
    );
  }
}

function factsOf(files: Share['files']): string {
  const counted = { count: files.length, shown: numberText(files.length, locale) };
  const sizes = files.map(({ sizeBytes }) => sizeBytes);
  if (files.length === 0 || sizes.includes(null)) return text('page.share.files', counted);
  const sum = sizes.reduce<number>((bytes, size) => bytes + (size ?? 0), 0);
  return text('page.share.files-size', { ...counted, size: sizeText(sum, locale) });
}

/** A line doesn't break within a moment or a length. */
function unbroken(said: string): string {
  return said.replaceAll(' ', '\u00a0');
}
