import { button, element, setText } from '../shared/dom.ts';
import { numberText } from '../shared/format.ts';
import { locale, text, type PageKey } from '../shared/texts.ts';
import type { FileState } from './checked-downloads.ts';
import { DiskCheck, type DiskVerdict } from './disk-check.ts';
import type { SharedFile } from './share-data.ts';

const kinds = ['same', 'differs', 'unchecked', 'unknown'] as const satisfies readonly DiskVerdict['kind'][];

const said: Readonly<Record<DiskVerdict['kind'], PageKey>> = {
  same: 'page.share.disk.same',
  differs: 'page.share.disk.differs',
  unchecked: 'page.share.disk.unchecked',
  unknown: 'page.share.disk.unknown',
};

/** Compares files on this device with those of the page: whoever downloaded them by plain links can still be sure. */
export function diskView(
  files: readonly SharedFile[],
  onState: (file: SharedFile, state: FileState) => void,
): HTMLElement {
  const check = new DiskCheck(files);
  const status = element('p', { class: 'status', role: 'status' });
  const input = element('input', { type: 'file', multiple: true, hidden: true, tabindex: -1 });
  const choose = button(text('page.share.disk'), () => input.click());
  let isBusy = false;
  const run = async (locals: readonly File[]): Promise<void> => {
    if (isBusy || locals.length === 0) return;
    isBusy = choose.disabled = true;
    const counts = { same: 0, differs: 0, unchecked: 0, unknown: 0 };
    for (const [index, local] of locals.entries()) {
      const numbers = { number: numberText(index + 1, locale), all: numberText(locals.length, locale) };
      setText(status, text('page.share.disk.checking', numbers));
      const verdict = await check.check(local);
      counts[verdict.kind] += 1;
      if (verdict.kind === 'same') onState(verdict.file, { at: 'verified' });
      if (verdict.kind === 'differs') onState(verdict.file, { at: 'differs' });
    }
    const lines = kinds.filter((kind) => counts[kind] > 0);
    status.replaceChildren(
      ...lines.map((kind) => {
        const values = { count: counts[kind], shown: numberText(counts[kind], locale) };
        return element(
          'span',
          { class: kind === 'same' ? 'good' : kind === 'differs' ? 'bad' : '' },
          text(said[kind], values),
        );
      }),
    );
    isBusy = choose.disabled = false;
  };
  input.addEventListener('change', () => {
    void run([...(input.files ?? [])]);
    input.value = '';
  });
  return element(
    'section',
    {},
    element('h2', {}, text('page.share.disk.title')),
    element('p', {}, text('page.share.disk.hint')),
    element('div', {}, choose, input),
    status,
  );
}
