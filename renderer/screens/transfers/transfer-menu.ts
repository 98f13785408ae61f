import ArrowDown from '@lucide/svelte/icons/arrow-down';
import ArrowDownToLine from '@lucide/svelte/icons/arrow-down-to-line';
import ArrowUp from '@lucide/svelte/icons/arrow-up';
import ArrowUpToLine from '@lucide/svelte/icons/arrow-up-to-line';
import FolderInput from '@lucide/svelte/icons/folder-input';
import FolderOpen from '@lucide/svelte/icons/folder-open';
import Pause from '@lucide/svelte/icons/pause';
import Play from '@lucide/svelte/icons/play';
import RotateCcw from '@lucide/svelte/icons/rotate-ccw';
import X from '@lucide/svelte/icons/x';
import type { Move, Priority, Transfer } from '../../../main/contract/contract.ts';
import { chordOf } from '../../lib/chords.ts';
import type { Messages } from '../../lib/messages.svelte.ts';
import type { MenuAction, MenuItem } from '../../shared/menus/menu-item.ts';

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
): readonly (MenuAction | 'separator')[] {
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

/** What the menu of a transfer can do. */
export interface TransferCommands {
  readonly move: (where: Move) => void;
  readonly prioritise: (priority: Priority) => void;
  readonly pause: () => void;
  readonly resume: () => void;
  readonly retry: () => void;
  /** Cancels what goes on, and dismisses what failed. */
  readonly cancel: () => void;
  /** Shows the local file. */
  readonly showFile: () => void;
  /** Opens the folder of the bucket; null if no account leads there. */
  readonly openFolder: (() => void) | null;
}

/** The menu of a transfer, by its state. */
export function transferMenu(transfer: Transfer, messages: Messages, run: TransferCommands): readonly MenuItem[] {
  const { text } = messages;
  const { openFolder } = run;
  const groups: readonly (readonly MenuItem[])[] = [
    [
      ...stepItems(transfer, messages, run),
      ...(openFolder === null
        ? []
        : [{ label: text('transfers.action.open-folder'), icon: FolderInput, onselect: openFolder }]),
    ],
    isMovable(transfer) ? orderMenu(transfer, messages, run) : [],
    endItems(transfer, messages, run),
  ];
  return groups
    .filter((group) => group.length > 0)
    .flatMap((group, index) => (index === 0 ? group : ['separator', ...group]));
}

function stepItems(
  { state: { at }, direction }: Transfer,
  { text }: Messages,
  run: TransferCommands,
): readonly MenuItem[] {
  if (at === 'queued' || at === 'running' || at === 'waiting') {
    return [{ label: text('transfers.action.pause'), icon: Pause, onselect: run.pause }];
  }
  if (at === 'paused') return [{ label: text('transfers.action.resume'), icon: Play, onselect: run.resume }];
  if (at === 'failed' || at === 'cancelled') {
    return [{ label: text('common.retry'), icon: RotateCcw, onselect: run.retry }];
  }
  const isThere = at === 'done' && direction === 'download';
  return isThere ? [{ label: text('transfers.action.show'), icon: FolderOpen, onselect: run.showFile }] : [];
}

function endItems({ state: { at } }: Transfer, { text }: Messages, { cancel }: TransferCommands): readonly MenuItem[] {
  if (at === 'done' || at === 'skipped' || at === 'cancelled') return [];
  const isOver = at === 'failed';
  const label = text(isOver ? 'transfers.action.dismiss' : 'common.cancel');
  return [{ label, icon: X, danger: !isOver, onselect: cancel }];
}

/** Whether its place in the order means anything. */
function isMovable({ state, folderId }: Transfer): boolean {
  return folderId === null && ['queued', 'running', 'waiting', 'paused'].includes(state.at);
}
