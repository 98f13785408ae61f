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
import type { LedgerItem } from '../../../main/contract/contract.ts';
import type { MenuItem } from '../../shared/menus/menu-item.ts';
import type { App } from '../../model/app.ts';
import { bringsFiles, canUndo, hasTarget, isOver, planKey, renewKey } from './entry-text.ts';
import type { LedgerActions } from './ledger-actions.ts';

/** The menu of the selected entries, or of the list if none is selected. */
export function entryMenu(app: App, run: LedgerActions): readonly MenuItem[] {
  const { dialogs, ledger, messages } = app;
  const { text } = messages;
  const { selected } = ledger;
  const [item] = selected;
  if (item === undefined) return wholeList(app, run);
  const check: MenuItem = {
    label: text('ledger.check'),
    icon: FileSearch,
    onselect: () => void run.check(selected),
  };
  return [
    ...(selected.length === 1 ? oneEntry(app, run, item) : []),
    ...(selected.some(hasTarget) ? [check] : []),
    'separator',
    {
      label: text('ledger.remove'),
      icon: Trash,
      shortcut: 'Del',
      danger: true,
      onselect: () => dialogs.open({ name: 'remove-links', items: selected }),
    },
  ];
}

function oneEntry({ dialogs, messages }: App, run: LedgerActions, item: LedgerItem): readonly MenuItem[] {
  const { text } = messages;
  const kept: readonly MenuItem[] = [
    { label: text('ledger.copy'), icon: ClipboardCopy, onselect: () => void run.copyKept(item) },
    { label: text('ledger.forget'), icon: ClipboardX, onselect: () => void run.forgetKept(item) },
  ];
  const arrived: MenuItem = {
    label: text('ledger.arrived.open'),
    icon: Inbox,
    onselect: () => dialogs.open({ name: 'arrived', item }),
  };
  const undo: MenuItem = { label: text('ledger.undo'), icon: Undo, onselect: () => void run.undoEnd(item) };
  return [
    { label: text(renewKey(item)), icon: RotateCw, onselect: () => void run.renew(item) },
    ...(bringsFiles(item) ? [arrived] : []),
    ...(item.urlKept ? kept : []),
    {
      label: text('ledger.edit'),
      icon: Pencil,
      shortcut: 'Enter',
      onselect: () => dialogs.open({ name: 'link-entry', item }),
    },
    {
      label: text(planKey(item)),
      icon: ShieldOff,
      disabled: isOver(item, Date.now()),
      onselect: () => dialogs.open({ name: 'revoke-plan', item }),
    },
    ...(canUndo(item, Date.now()) ? [undo] : []),
  ];
}

function wholeList({ ledger, messages }: App, run: LedgerActions): readonly MenuItem[] {
  const { text } = messages;
  return [
    ...(['csv', 'json'] as const).map((format) => ({
      label: text(`ledger.export.${format}`),
      icon: FileDown,
      onselect: () => void run.export(format),
    })),
    'separator',
    { label: text('browse.refresh'), icon: RefreshCw, shortcut: 'F5', onselect: () => void ledger.load() },
  ];
}
