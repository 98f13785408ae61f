import ChevronDown from '@lucide/svelte/icons/chevron-down';
import ChevronRight from '@lucide/svelte/icons/chevron-right';
import ClipboardCopy from '@lucide/svelte/icons/clipboard-copy';
import FileSearch from '@lucide/svelte/icons/file-search';
import ClipboardX from '@lucide/svelte/icons/clipboard-x';
import FileDown from '@lucide/svelte/icons/file-down';
import Inbox from '@lucide/svelte/icons/inbox';
import Pencil from '@lucide/svelte/icons/pencil';
import RefreshCw from '@lucide/svelte/icons/refresh-cw';
import RotateCw from '@lucide/svelte/icons/rotate-cw';
import ShieldOff from '@lucide/svelte/icons/shield-off';
import Trash from '@lucide/svelte/icons/trash-2';
import Undo from '@lucide/svelte/icons/undo-2';
import type { LedgerAct, LedgerItem } from '../../../main/contract/contract.ts';
import type { MenuAction, MenuItem } from '../../shared/menus/menu-item.ts';
import type { App } from '../../model/app.ts';
import { bringsFiles, canUndo, hasTarget, planKey, renewKey } from './entry-text.ts';
import type { LedgerActions } from './ledger-actions.ts';
import { canShareAgain, type Selected, selectedOf, toRevoke } from './selected.ts';

/** The menu of the selected entries, or of the list if none is selected. */
export function entryMenu(app: App, run: LedgerActions): readonly MenuItem[] {
  const { messages, ledger } = app;
  const selected = selectedOf(ledger);
  if (selected.rows.length === 0) return wholeList(app, run);
  const check: MenuItem = {
    label: messages.text('ledger.check'),
    icon: FileSearch,
    onselect: () => void run.check(selected),
  };
  const { renew, copy, revoke, remove } = selectionCommands(app, run, selected);
  return [
    ...(selected.act === null ? [] : [toggle(app, selected.act)]),
    ...(renew === null ? [] : [renew]),
    ...(selected.entry === null ? (copy === null ? [] : [copy]) : oneEntry(app, run, selected.entry)),
    revoke,
    ...(selected.entry !== null && canUndo(selected.entry, Date.now()) ? [undo(app, run, selected.entry)] : []),
    ...(selected.known.some(hasTarget) ? [check] : []),
    'separator',
    ...exportsOf(app, run, selected),
    remove,
  ];
}

/** What can be done with everything that is selected. Null where it can't. */
export function selectionCommands(
  { dialogs, messages }: App,
  run: LedgerActions,
  selected: Selected,
): {
  readonly renew: MenuAction | null;
  readonly copy: MenuAction | null;
  readonly revoke: MenuAction;
  readonly remove: MenuAction;
} {
  const { text } = messages;
  const { entry, known, rows } = selected;
  const [next, ...rest] = toRevoke(selected, Date.now());
  const [first] = known;
  const kept = rows.flatMap((row) => (row.kind === 'entry' && row.item.urlKept ? [row.item] : []));
  const many: MenuAction = {
    label: text('ledger.renew.many'),
    icon: RotateCw,
    onselect: () => void run.shareAgain(selected),
  };
  const renewed: MenuAction | null =
    entry === null ? null : { label: text(renewKey(entry)), icon: RotateCw, onselect: () => void run.renew(entry) };
  return {
    renew: renewed ?? (canShareAgain(selected) ? many : null),
    copy:
      kept.length === rows.length
        ? {
            label: text('ledger.copy', { count: kept.length }),
            icon: ClipboardCopy,
            onselect: () => void run.copyKept(kept),
          }
        : null,
    revoke: {
      label: text(first === undefined ? 'ledger.revoke' : planKey(first)),
      icon: ShieldOff,
      disabled: next === undefined,
      onselect: () => {
        if (next !== undefined) dialogs.open({ name: 'revoke-plan', ...next, rest });
      },
    },
    remove: {
      label: text('ledger.remove'),
      icon: Trash,
      shortcut: 'Del',
      danger: true,
      onselect: () => void run.remove(selected),
    },
  };
}

/** The formats in which the selected entries, or all, can be exported. */
export function exportsOf({ messages }: App, run: LedgerActions, selected: Selected | null): readonly MenuAction[] {
  const { text } = messages;
  return (['csv', 'json'] as const).map((format) => ({
    label: text(selected === null ? `ledger.export.${format}` : `ledger.export.selected.${format}`),
    icon: FileDown,
    onselect: () => void run.export(format, selected),
  }));
}

function toggle({ ledger, messages }: App, { id }: LedgerAct): MenuAction {
  const isOpen = ledger.opened.has(id);
  return {
    label: messages.text(isOpen ? 'ledger.act.close' : 'ledger.act.open'),
    icon: isOpen ? ChevronDown : ChevronRight,
    shortcut: 'Enter',
    onselect: () => (isOpen ? ledger.close(id) : void ledger.open(id)),
  };
}

function undo({ messages }: App, run: LedgerActions, item: LedgerItem): MenuAction {
  return { label: messages.text('ledger.undo'), icon: Undo, onselect: () => void run.undoEnd(item) };
}

function oneEntry({ dialogs, messages }: App, run: LedgerActions, item: LedgerItem): readonly MenuItem[] {
  const { text } = messages;
  const kept: readonly MenuItem[] = [
    { label: text('ledger.copy', { count: 1 }), icon: ClipboardCopy, onselect: () => void run.copyKept([item]) },
    { label: text('ledger.forget'), icon: ClipboardX, onselect: () => void run.forgetKept(item) },
  ];
  const arrived: MenuItem = {
    label: text('ledger.arrived.open'),
    icon: Inbox,
    onselect: () => dialogs.open({ name: 'arrived', item }),
  };
  return [
    ...(bringsFiles(item) ? [arrived] : []),
    ...(item.urlKept ? kept : []),
    {
      label: text('ledger.edit'),
      icon: Pencil,
      shortcut: 'Enter',
      onselect: () => dialogs.open({ name: 'link-entry', item }),
    },
  ];
}

function wholeList(app: App, run: LedgerActions): readonly MenuItem[] {
  const { ledger, messages } = app;
  return [
    ...exportsOf(app, run, null),
    'separator',
    { label: messages.text('browse.refresh'), icon: RefreshCw, shortcut: 'F5', onselect: () => void ledger.load() },
  ];
}
