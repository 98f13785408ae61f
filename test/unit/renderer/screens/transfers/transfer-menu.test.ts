import { expect, test } from 'vitest';
import type { Move, Transfer } from '../../../../../main/contract/contract.ts';
import { Messages } from '../../../../../renderer/lib/messages.svelte.ts';
import {
  moveOf,
  orderMenu,
  type TransferCommands,
  transferMenu,
} from '../../../../../renderer/screens/transfers/transfer-menu.ts';
import { eventOf } from '../../pressing.ts';

const transfer = { priority: 'normal' } as Transfer;

test('each key that the menu shows does what its entry does', () => {
  const moves: Move[] = [];
  const run = { move: (where: Move) => moves.push(where), prioritise: () => undefined };
  const pressed: (Move | null)[] = [];
  for (const item of orderMenu(transfer, new Messages('en'), run)) {
    if (item === 'separator' || item.shortcut === undefined) continue;
    item.onselect();
    pressed.push(moveOf({ code: '', ...eventOf(item.shortcut, false) } as KeyboardEvent));
  }
  expect(moves).toEqual(['top', 'up', 'down', 'bottom']);
  expect(pressed).toEqual(moves);
});

test('other keys, and the same ones without Alt, move nothing', () => {
  const press = (chord: string) => moveOf({ code: '', ...eventOf(chord, false) } as KeyboardEvent);
  expect([press('Home'), press('Alt+←'), press('Ctrl+Alt+Home')]).toEqual([null, null, null]);
});

const messages = new Messages('en');
const nothing = (): void => undefined;
const commands: TransferCommands = {
  ...{ move: nothing, prioritise: nothing, pause: nothing, resume: nothing, retry: nothing, cancel: nothing },
  ...{ showFile: nothing, openFolder: null },
};

const upload = { direction: 'upload', priority: 'normal', folderId: null, folder: null } as const;
const done = { at: 'done', verified: 'crc64', versionId: null } as const;
const order = ['top', 'up', 'down', 'bottom'].map((where) => messages.text(`transfers.move.${where as Move}`));
const priorities = (['high', 'normal', 'low'] as const).map((one) => messages.text(`transfers.priority.${one}`));

test.each<readonly [Partial<Transfer>, readonly string[]]>([
  [{ state: { at: 'queued' } }, ['Pause', ...order, ...priorities, 'Cancel']],
  [{ state: { at: 'paused' } }, ['Resume', ...order, ...priorities, 'Cancel']],
  [{ state: { at: 'running', attempt: 1 }, folderId: 'f' }, ['Pause', 'Cancel']],
  [{ state: { at: 'failed', because: { kind: 'cancelled' } } }, ['Try again', 'Dismiss']],
  [{ state: { at: 'cancelled' } }, ['Try again']],
  [{ state: done, direction: 'download' }, ['Show in folder']],
  [{ state: done }, []],
])('the menu of %j offers what helps in that state', (changes, labels) => {
  const items = transferMenu({ ...upload, ...changes } as Transfer, messages, commands);
  expect(items.flatMap((item) => (item === 'separator' ? [] : [item.label]))).toEqual(labels);
  expect([items[0], items.at(-1)]).not.toContain('separator');
});

test('the menu opens the folder in the bucket if an account leads there', () => {
  const opened: string[] = [];
  const transfer = { ...upload, state: done } as Transfer;
  const [item] = transferMenu(transfer, messages, { ...commands, openFolder: () => opened.push('folder') });
  if (item === undefined || item === 'separator' || 'items' in item) throw new Error('no entry');
  item.onselect();
  expect(opened).toEqual(['folder']);
});
