import Download from '@lucide/svelte/icons/download';
import Eye from '@lucide/svelte/icons/eye';
import History from '@lucide/svelte/icons/history';
import RotateCcw from '@lucide/svelte/icons/rotate-ccw';
import Share from '@lucide/svelte/icons/share-2';
import Trash from '@lucide/svelte/icons/trash-2';
import { pathOf, type VersionRow } from '../lib/rows.ts';
import { openItems } from './open-items.ts';
import { propertiesCommand } from './property-items.ts';
import type { MenuAction } from '../shared/menus/menu-item.ts';
import type { App } from '../model/app.ts';

type Command = MenuAction;

/** Commands for the selected versions and delete markers. */
export function versionMenu(app: App): readonly Command[] {
  const { messages, versions } = app;
  const { text } = messages;
  if (versions.selection === 'mixed') {
    return [
      { label: text('browse.versions.select-only'), icon: History, onselect: () => versions.selectOnlyVersions() },
    ];
  }
  const rows = versions.selected;
  const contents = rows.filter(({ deleteMarker }) => !deleteMarker);
  const [only] = rows;
  return [
    ...(only !== undefined && rows.length === 1 && contents.length === 1 ? oneVersion(app, only) : []),
    ...(contents.length > 0 && contents.length === rows.length
      ? [{ label: text('browse.download'), icon: Download, onselect: () => void versions.download(rows) }]
      : []),
    ...(rows.length > 0 && rows.every((row) => row.deleteMarker && row.isLatest)
      ? [
          {
            label: text('browse.deleted-files.restore'),
            icon: RotateCcw,
            onselect: () => void versions.bringBack(rows),
          },
        ]
      : []),
    {
      label: text('browse.versions.delete'),
      icon: Trash,
      shortcut: 'Del',
      danger: true,
      onselect: () => versions.askToDelete(rows),
    },
  ];
}

function oneVersion(app: App, row: VersionRow): readonly Command[] {
  const { actions, messages, versions } = app;
  const { text } = messages;
  const { folder } = actions;
  return [
    { label: text('browse.share'), icon: Share, shortcut: 'Enter', onselect: () => versions.share(row) },
    { label: text('preview.open'), icon: Eye, shortcut: 'Space', onselect: () => versions.preview(row) },
    ...(folder === null ? [] : openItems(app, { ...folder, key: pathOf(row.id), versionId: row.versionId })),
    { label: text('browse.versions.restore'), icon: RotateCcw, onselect: () => void versions.restoreRow(row) },
    propertiesCommand(app),
  ];
}
