import { expect, test } from 'vitest';
import { t } from '../../../support/words.ts';
import { fileKindText, toFileKind } from '../../../../renderer/lib/file-kind.ts';
import { Messages } from '../../../../renderer/lib/messages.svelte.ts';
import { sortRows } from '../../../../renderer/lib/row-order.ts';
import { idOfKey, nameOf, type Row } from '../../../../renderer/lib/rows.ts';

const messages = new Messages('en');

test.each([
  ['IMG_1.JPG', 'image', t('browse.kind.image', { extension: 'JPG' })],
  ['report.pdf', 'pdf', t('browse.kind.pdf', { extension: 'PDF' })],
  ['data.tar.gz', 'archive', t('browse.kind.archive', { extension: 'GZ' })],
  ['a.unknown', 'other', t('browse.kind.other', { extension: 'UNKNOWN' })],
  ['README', 'other', t('common.file')],
  ['.profile', 'other', t('common.file')],
  ['v1.2 final notes', 'other', t('common.file')],
  ['constructor.constructor', 'other', t('common.file')],
])('the kind of “%s” is %s', (name, kind, words) => {
  expect(toFileKind(name)).toBe(kind);
  expect(fileKindText(name, messages)).toBe(words);
});

test('files are sorted by kind, then extension, then name, and those without an extension come last', () => {
  const toRow = (name: string): Row => ({
    kind: 'object',
    id: idOfKey(`in/${name}`),
    sizeBytes: 1,
    lastModified: 1,
    storageClass: 'Standard',
  });
  const names = ['b.xyz', 'README', 'b.png', 'b.jpg', 'a.zip', 'a.jpg'];
  const loaded = { folders: [{ kind: 'folder', id: 'in/z.zip/' }] as const, objects: names.map(toRow) };
  const sorted = (descending: boolean) =>
    sortRows(loaded, { by: 'kind', descending }, 'in/').map((row) => nameOf(row, 'in/'));
  expect(sorted(false)).toEqual(['z.zip', 'a.zip', 'a.jpg', 'b.jpg', 'b.png', 'b.xyz', 'README']);
  expect(sorted(true)).toEqual(['z.zip', 'README', 'b.xyz', 'b.png', 'a.jpg', 'b.jpg', 'a.zip']);
});
