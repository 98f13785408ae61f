import ArrowDown from '@lucide/svelte/icons/arrow-down';
import ArrowDownToLine from '@lucide/svelte/icons/arrow-down-to-line';
import ArrowUp from '@lucide/svelte/icons/arrow-up';
import ArrowUpToLine from '@lucide/svelte/icons/arrow-up-to-line';
import type { Move, Priority, Transfer } from '../../../main/contract/contract.ts';
import { chordOf } from '../../lib/chords.ts';
import type { Messages } from '../../lib/messages.svelte.ts';
import type { MenuItem } from '../../shared/menus/menu-item.ts';

const moves = [
  { where: 'top', icon: ArrowUpToLine, shortcut: 'Alt+Home' },
  { where: 'up', icon: ArrowUp, shortcut: 'Alt+↑' },
  { where: 'down', icon: ArrowDown, shortcut: 'Alt+↓' },
  { where: 'bottom', icon: ArrowDownToLine, shortcut: 'Alt+End' },
] as const;

const priorities = ['high', 'normal', 'low'] as const;

/** The move assigned to a key; null for other keys. */
export function moveOf(event: KeyboardEvent): Move | null {
  const pressed = chordOf(event, false);
  return moves.find(({ shortcut }) => shortcut === pressed)?.where ?? null;
}

/** The menu for the order and priority of a transfer. */
export function orderMenu(
  transfer: Transfer,
  { text }: Messages,
  run: { readonly move: (where: Move) => void; readonly prioritise: (priority: Priority) => void },
): readonly MenuItem[] {
  return [
    ...moves.map(({ where, icon, shortcut }) => ({
      label: text(`transfers.move.${where}`),
      icon,
      shortcut,
      onselect: () => run.move(where),
    })),
    'separator',
    ...priorities.map((priority) => ({
      label: text(`transfers.priority.${priority}`),
      checked: transfer.priority === priority,
      onselect: () => run.prioritise(priority),
    })),
  ];
}
