import { expect, test } from 'vitest';
import type { Move, Transfer } from '../../../../../main/contract/contract.ts';
import { Messages } from '../../../../../renderer/lib/messages.svelte.ts';
import { moveOf, orderMenu } from '../../../../../renderer/screens/transfers/transfer-menu.ts';
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
