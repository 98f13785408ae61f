import { element, icon, setAttributes, setText } from '../shared/dom.ts';
import { momentText, sizeText } from '../shared/format.ts';
import { locale, text } from '../shared/texts.ts';
import type { FileState } from './checked-downloads.ts';
import { fileIcon } from './file-icon.ts';
import type { Links, SharedFile } from './share-data.ts';
import { shownName } from './shown-name.ts';
import { stateText } from './state-text.ts';

/** What a row needs of the page. */
export interface RowContext {
  readonly links: Links;
  readonly isChosen: (file: SharedFile) => boolean;
  readonly onChoose: (file: SharedFile, isChosen: boolean, toAnchor: boolean) => void;
  /** Called before a link is followed; false keeps it from that. */
  readonly mayFollow: () => boolean;
}

const downloadIcon = 'M12 4v11M7 11l5 5 5-5M5 20h14';

const days = new Intl.DateTimeFormat(locale === 'en' ? 'en-GB' : locale, {
  ...{ day: 'numeric', month: 'short', year: 'numeric' },
});

/** One file of the list. */
export class RowView {
  readonly file: SharedFile;
  readonly element: HTMLTableRowElement;
  readonly #box: HTMLInputElement;
  readonly #links: readonly HTMLAnchorElement[];
  readonly #picture: HTMLTableCellElement;
  readonly #state = element('span', { class: 'state' });
  readonly #progress = element('progress', { max: 1, value: 0, hidden: true });
  readonly #onChoose: RowContext['onChoose'];

  constructor(file: SharedFile, context: RowContext) {
    this.file = file;
    this.#onChoose = context.onChoose;
    const name = shownName(file.name);
    this.#box = element('input', { type: 'checkbox', 'aria-label': text('page.share.select', { name }) });
    this.#picture = cell('picture', fileIcon(file.name));
    const open = linkOf(file, context, { dir: 'auto' }, name);
    // The name is the link; this one is for the pointer.
    const get = linkOf(file, context, { class: 'get', tabindex: -1, 'aria-hidden': 'true' }, icon(downloadIcon));
    this.#links = [open, get];
    const size = file.sizeBytes === null ? '' : sizeText(file.sizeBytes, locale);
    this.element = element(
      'tr',
      { role: 'row' },
      cell('box', element('label', {}, this.#box)),
      this.#picture,
      cell('name', nameOf(file, open), this.#state, this.#progress),
      cell('size', size),
      cell('date', dateOf(file)),
      cell('action', get),
    );
    this.#box.addEventListener('click', (event) => {
      this.#onChoose(file, this.#box.checked, event.shiftKey);
    });
    this.showChosen(context.isChosen(file));
    this.#showThumbnail(context.links.thumbnail(file));
  }

  showChosen(isChosen: boolean): void {
    this.#box.checked = isChosen;
    this.element.classList.toggle('chosen', isChosen);
  }

  showState(state: FileState): void {
    const { tone, text: said } = stateText(state);
    setText(this.#state, said);
    this.#state.className = `state ${tone}`;
    const { sizeBytes } = this.file;
    const share = state.at === 'running' && sizeBytes !== null && sizeBytes > 0 ? state.bytes / sizeBytes : null;
    this.#progress.hidden = share === null;
    if (share !== null) this.#progress.value = share;
  }

  /** Takes out everything that leads to the bucket. */
  removeLinks(): void {
    for (const link of this.#links) {
      link.removeAttribute('href');
      link.classList.add('over');
    }
    this.#picture.replaceChildren(fileIcon(this.file.name));
    this.#box.disabled = true;
  }

  #showThumbnail(url: string | null): void {
    if (url === null) return;
    const image = element('img', { alt: '', loading: 'lazy', decoding: 'async', width: 40, height: 40 });
    image.addEventListener('load', () => this.#picture.classList.add('loaded'));
    image.addEventListener('error', () => image.remove());
    setAttributes(image, { src: url });
    this.#picture.append(image);
  }
}

function cell(name: string, ...content: readonly (Node | string)[]): HTMLTableCellElement {
  return element('td', { role: 'cell', class: name }, ...content);
}

function nameOf({ folder }: SharedFile, link: HTMLAnchorElement): HTMLElement {
  const place = folder === '' ? null : element('span', { class: 'folder', dir: 'auto' }, shownName(folder));
  return element('span', { class: 'path' }, link, place);
}

function linkOf(
  file: SharedFile,
  { links, mayFollow }: RowContext,
  attributes: Readonly<Record<string, string | number>>,
  content: Node | string,
): HTMLAnchorElement {
  const href = links.download(file);
  const made = element('a', { href, target: '_blank', rel: 'noreferrer', ...attributes }, content);
  made.addEventListener('click', (event) => {
    if (!mayFollow()) event.preventDefault();
  });
  return made;
}

function dateOf({ modifiedAt }: SharedFile): Node | string {
  if (modifiedAt === null) return '';
  const datetime = new Date(modifiedAt).toISOString();
  return element('time', { datetime, title: momentText(modifiedAt, locale) }, days.format(modifiedAt));
}
