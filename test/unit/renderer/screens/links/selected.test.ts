import { expect, test } from 'vitest';
import type { LedgerItem } from '../../../../../main/contract/contract.ts';
import type { LedgerRow } from '../../../../../renderer/model/ledger-rows.ts';
import { canShareAgain, selectedOf, shareAgain, toRevoke } from '../../../../../renderer/screens/links/selected.ts';

const session = (accessKeyId: string) => ({ session: { accessKeyId, principals: ['arn:sts::1:x/y'], validUntil: 9 } });

function makeItem(id: string, changes: object = {}): LedgerItem {
  const what = { kind: 'link', method: 'GET', bucket: 'photos', key: `album/${id}`, versionId: null };
  const common = { accountId: 'studio', signer: { kind: 'key', accessKeyId: 'LTAI5tExample' }, recipient: 'Li Wei' };
  return { id, what, ...common, ...changes } as unknown as LedgerItem;
}

const entry = (item: LedgerItem, actId: string | null = null): LedgerRow => ({
  kind: 'entry',
  id: item.id,
  item,
  actId,
});
const act = (first: LedgerItem, count: number): LedgerRow => ({
  kind: 'act',
  id: 'act',
  act: { id: 'act', first, count, states: {} as never },
  isOpen: true,
});
const of = (...rows: readonly LedgerRow[]) => selectedOf({ selected: rows as never });

test('an entry below its selected act counts once', () => {
  expect(of(act(makeItem('a'), 190), entry(makeItem('b'), 'act'), entry(makeItem('c'))).count).toBe(191);
  expect(of(entry(makeItem('b'), 'act')).count).toBe(1);
});

test('links are created again in one go only for downloads of one bucket and account', () => {
  const link = makeItem('a');
  const other = (changes: object) => of(entry(link), entry(makeItem('b', changes)));
  const upload = { what: { ...link.what, method: 'PUT' } };
  const pinned = { what: { ...link.what, versionId: 'v1' } };
  expect(canShareAgain(other({}))).toBe(true);
  expect([other({ accountId: 'x' }), other(upload), other(pinned)].map(canShareAgain)).toEqual([false, false, false]);
  expect(canShareAgain(of(act(makeItem('a', { ...pinned, act: { format: 'manifest' } }), 3)))).toBe(true);
  expect(canShareAgain(of())).toBe(false);
});

test('the form for new links begins with the files, the format, the recipient and whether they can be revoked', () => {
  const made = { act: { id: 'act', format: 'page', folder: 'album/' }, ...session('STS.1') };
  expect(shareAgain([makeItem('a', made), makeItem('b', made), makeItem('a', made)])).toEqual({
    subject: { accountId: 'studio', bucket: 'photos', keys: ['album/a', 'album/b'], prefixes: [] },
    start: { format: 'page', recipient: 'Li Wei', revocable: true },
  });
  expect(shareAgain([])).toBeNull();
});

test('several are revoked one after another, links of one session at once, and what is over not at all', () => {
  const later = { state: 'live', validUntil: 9 };
  const first = makeItem('a', { ...later, ...session('STS.1') });
  const selected = of(
    entry(first),
    entry(makeItem('b', { ...later, ...session('STS.1') })),
    entry(makeItem('c', { ...later, validUntil: 1 })),
    entry(makeItem('d', { ...later, state: 'revoked' })),
    act(makeItem('e', later), 3),
    entry(makeItem('f', later), 'act'),
  );
  expect(toRevoke(selected, 5).map(({ item, act: whole }) => [item.id, whole?.count])).toEqual([
    ['a', undefined],
    ['e', 3],
  ]);
  expect(toRevoke(selected, 9)).toEqual([]);
});
