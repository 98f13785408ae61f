import { expect, test } from 'vitest';
import type { App } from '../../../../../renderer/model/app.ts';
import { entryMenu } from '../../../../../renderer/screens/links/entry-menu.ts';
import type { LedgerActions } from '../../../../../renderer/screens/links/ledger-actions.ts';

/** Whether the menu of these entries offers to check their files. */
function offersCheck(...whats: readonly object[]): boolean {
  const selected = whats.map((what, index) => ({
    kind: 'entry',
    id: String(index),
    actId: null,
    item: { what, signer: { kind: 'key' }, state: 'live', validUntil: Infinity, urlKept: false },
  }));
  const app = { ledger: { selected }, messages: { text: (key: string) => key } } as unknown as App;
  const menu = entryMenu(app, {} as LedgerActions);
  return menu.some((item) => item !== 'separator' && item.label === 'ledger.check');
}

test('files are checked only where an entry leads to one', () => {
  const download = { kind: 'link', method: 'GET' };
  const others = [{ kind: 'link', method: 'PUT' }, { kind: 'form', format: 'page' }, { kind: 'ticket' }];
  expect(others.map((what) => offersCheck(what))).toEqual([false, false, false]);
  expect([offersCheck(download), offersCheck(...others, download)]).toEqual([true, true]);
});
