import { expect, test } from 'vitest';
import type { ArrivedFile, LedgerItem } from '../../../../../main/contract/contract.ts';
import { formatMoment } from '../../../../../main/words/format.ts';
import { Messages } from '../../../../../renderer/lib/messages.svelte.ts';
import { arrivedText, folderOf } from '../../../../../renderer/screens/links/arrived-text.ts';
import { counted, t } from '../../../../support/words.ts';

const messages = new Messages('en');
const lastModified = 1_795_000_000_000;
const moment = formatMoment(lastModified, 'en');
const file: ArrivedFile = { key: 'in/a', name: 'a', sizeBytes: 1536, crc64: null, lastModified };

test('of slots it is said how many are filled, of a folder how much came, and whether there is more', () => {
  const found = { kind: 'form', files: [file, file], isCut: false, emptySlots: null } as const;
  expect(arrivedText(found, messages)).toBe(t('ledger.arrived.files', counted(2)));
  expect(arrivedText({ ...found, files: [] }, messages)).toBe(t('ledger.arrived.files', counted(0)));
  expect(arrivedText({ ...found, isCut: true }, messages)).toBe(t('ledger.arrived.newest', counted(2)));
  expect(arrivedText({ ...found, emptySlots: 3 }, messages)).toBe(
    t('ledger.arrived.slots', { ...counted(2), total: '5' }),
  );
});

test('an upload is open, stored, over, or its name was taken before', () => {
  const stored = { kind: 'ticket', state: 'stored', sizeBytes: 1536, crc64: null, lastModified, older: false } as const;
  expect(arrivedText({ kind: 'ticket', state: 'open', parts: 2, sentBytes: 2048 }, messages)).toBe(
    t('ledger.arrived.open-upload', { ...counted(2), size: '2 KB' }),
  );
  expect(arrivedText(stored, messages)).toBe(t('ledger.arrived.stored', { size: '1.5 KB', moment }));
  expect(arrivedText({ ...stored, older: true }, messages)).toBe(t('ledger.arrived.older', { moment }));
  expect(arrivedText({ kind: 'ticket', state: 'ended' }, messages)).toBe(t('ledger.arrived.nothing'));
});

test.each<[LedgerItem['what'], string]>([
  [
    { kind: 'form', bucket: 'b', keys: { kind: 'prefix', prefix: 'in/drop/' }, format: 'page', signedAs: 'k' },
    'in/drop/',
  ],
  [
    { kind: 'form', bucket: 'b', keys: { kind: 'slots', keys: ['in/a', 'in/b'] }, format: 'json', signedAs: 'k' },
    'in/',
  ],
  [{ kind: 'ticket', bucket: 'b', key: 'a', uploadId: 'u', sizeBytes: 1, partSizeBytes: 1, forbidOverwrite: true }, ''],
  [{ kind: 'link', method: 'GET', bucket: 'b', key: 'x/y', versionId: null }, ''],
])('what arrives is shown in its folder (%#)', (what, folder) => {
  expect(folderOf(what)).toBe(folder);
});
