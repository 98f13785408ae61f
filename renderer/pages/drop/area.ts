import { button, element, icon } from '../shared/dom.ts';
import { icons } from '../shared/icons.ts';
import { text } from '../shared/texts.ts';
import { fromInput, fromTransfer } from './collect.ts';
import type { Chosen } from './items.ts';

/** Where files are dropped or chosen; the whole page takes them. */
export function makeArea(
  limits: readonly string[],
  onChosen: (chosen: readonly Chosen[], unread: number) => void,
): { readonly element: HTMLElement; close(): void } {
  const pick = (input: HTMLInputElement): void => {
    onChosen(fromInput(input.files ?? []), 0);
    // The same file can be chosen again.
    input.value = '';
  };
  const files = element('input', { type: 'file', multiple: true, hidden: true, id: 'files' });
  const folder = element('input', { type: 'file', webkitdirectory: true, hidden: true, id: 'folder' });
  for (const input of [files, folder]) input.addEventListener('change', () => pick(input));
  const canChooseFolders = 'webkitdirectory' in folder;
  const area = element(
    'section',
    { class: 'area' },
    icon(icons.upload),
    element('p', { class: 'area-title' }, text('page.drop.area')),
    element(
      'div',
      { class: 'buttons' },
      button(text('page.drop.choose-files'), () => files.click(), { class: 'main' }),
      canChooseFolders ? button(text('page.drop.choose-folder'), () => folder.click()) : null,
    ),
    element('p', { class: 'limits' }, ...limits.map((limit) => element('span', {}, limit))),
    files,
    folder,
  );
  let isOpen = true;
  const take = (transfer: DataTransfer | null): void => {
    if (transfer === null || !isOpen) return;
    void fromTransfer(transfer).then(({ chosen, unread }) => onChosen(chosen, unread));
  };
  let depth = 0;
  const mark = (change: number): void => {
    depth = change === 0 ? 0 : depth + change;
    area.classList.toggle('over', isOpen && depth > 0);
  };
  addEventListener('dragenter', () => mark(1));
  addEventListener('dragleave', () => mark(-1));
  // A file dropped beside the area would replace the page, and everything in it.
  addEventListener('dragover', (event) => event.preventDefault());
  addEventListener('drop', (event) => {
    event.preventDefault();
    mark(0);
    take(event.dataTransfer);
  });
  addEventListener('paste', (event) => {
    if ((event.clipboardData?.files.length ?? 0) > 0) take(event.clipboardData);
  });
  return {
    element: area,
    close() {
      isOpen = false;
      area.hidden = true;
    },
  };
}
