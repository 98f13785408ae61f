import ClipboardPaste from '@lucide/svelte/icons/clipboard-paste';
import Copy from '@lucide/svelte/icons/copy';
import CopyPlus from '@lucide/svelte/icons/copy-plus';
import AppWindow from '@lucide/svelte/icons/app-window';
import Download from '@lucide/svelte/icons/download';
import FolderInput from '@lucide/svelte/icons/folder-input';
import Eye from '@lucide/svelte/icons/eye';
import FolderOpen from '@lucide/svelte/icons/folder-open';
import FolderPlus from '@lucide/svelte/icons/folder-plus';
import Globe from '@lucide/svelte/icons/globe';
import History from '@lucide/svelte/icons/history';
import Inbox from '@lucide/svelte/icons/inbox';
import KeyRound from '@lucide/svelte/icons/key-round';
import Link from '@lucide/svelte/icons/link';
import Pencil from '@lucide/svelte/icons/pencil';
import Plus from '@lucide/svelte/icons/plus';
import RefreshCw from '@lucide/svelte/icons/refresh-cw';
import Share from '@lucide/svelte/icons/share-2';
import Sigma from '@lucide/svelte/icons/sigma';
import Trash from '@lucide/svelte/icons/trash-2';
import Upload from '@lucide/svelte/icons/upload';
import Users from '@lucide/svelte/icons/users';
import { formatCount } from '../../main/words/format.ts';
import { copyAs, manyLinkItems } from './copy-items.ts';
import { editItem, openItems } from './open-items.ts';
import { bucketCommand, propertyItems, symlinkItems } from './property-items.ts';
import type { MenuAction, MenuItem } from '../shared/menus/menu-item.ts';
import type { App } from '../model/app.ts';
import type { Place } from '../lib/place.ts';
import type { FolderRef } from '../lib/subjects.ts';

/** The menu of the selection. */
export function selectionMenu(app: App): readonly MenuItem[] {
  const { actions, messages } = app;
  const { text } = messages;
  return [
    ...openingItems(app),
    ...sizeItems(app),
    ...(actions.selectedKey === null ? manyLinkItems(app) : []),
    ...requestItems(app),
    { label: text('browse.download'), icon: Download, onselect: () => void actions.downloadSelection() },
    { label: text('grant.open'), icon: KeyRound, onselect: () => actions.giveAccess() },
    ...selectedAccessItems(app),
    'separator',
    ...movingItems(app),
    ...symlinkItems(app),
    {
      label: text('browse.delete'),
      icon: Trash,
      shortcut: 'Del',
      danger: true,
      onselect: () => actions.askToDelete(),
    },
    ...propertyItems(app),
  ];
}

/** The menu of the buckets of an account: of this bucket, or of the selected one. */
export function bucketMenu(app: App, named: string | null = null): readonly MenuItem[] {
  const { accounts, browser, dialogs, messages } = app;
  const { text } = messages;
  const [selected] = browser.selection.size === 1 ? browser.selection.ids : [];
  const bucket = named ?? selected;
  const accountId = accounts.current?.id;
  if (accountId === undefined) return [];
  const create = {
    label: text('bucket.new.open'),
    icon: Plus,
    onselect: () => dialogs.open({ name: 'new-bucket', accountId }),
  };
  if (bucket === undefined) return [create];
  return [
    { label: text('browse.open'), icon: FolderOpen, shortcut: 'Enter', onselect: () => browser.openBucket(bucket) },
    windowItem(app, { accountId, bucket, prefix: '' }),
    {
      label: text('grant.open'),
      icon: KeyRound,
      onselect: () => dialogs.open({ name: 'grant', target: { accountId, bucket, keys: [], prefixes: [''] } }),
    },
    accessItem(app, { accountId, bucket, prefix: '' }),
    {
      label: text('share.request'),
      icon: Inbox,
      onselect: () => dialogs.open({ name: 'request-uploads', folder: { accountId, bucket, prefix: '' } }),
    },
    bucketCommand(app, { accountId, bucket }, true),
    'separator',
    create,
    {
      label: text('bucket.delete'),
      icon: Trash,
      danger: true,
      onselect: () => dialogs.open({ name: 'delete-bucket', subject: { accountId, bucket } }),
    },
  ];
}

/** The menu of the folder itself. */
export function folderMenu(app: App): readonly MenuItem[] {
  const { actions, browser, dialogs, messages } = app;
  const { text } = messages;
  return [
    ...pasteItems(app),
    {
      label: text('browse.upload-files'),
      icon: Upload,
      shortcut: 'Ctrl+U',
      onselect: () => void actions.pickAndUpload('files'),
    },
    { label: text('browse.upload-folder'), icon: Upload, onselect: () => void actions.pickAndUpload('folders') },
    {
      label: text('browse.upload-and-link'),
      icon: Upload,
      shortcut: 'Ctrl+Shift+S',
      onselect: () => void actions.pickAndUpload('files', { copiesLinks: true }),
    },
    { label: text('browse.new-folder'), icon: FolderPlus, onselect: () => dialogs.open({ name: 'new-folder' }) },
    { label: text('share.request'), icon: Inbox, onselect: () => actions.requestUploads() },
    { label: text('grant.open'), icon: KeyRound, onselect: () => actions.giveAccess() },
    ...(actions.folder === null ? [] : [accessItem(app, actions.folder), deletedItem(app, actions.folder)]),
    'separator',
    { label: text('browse.refresh'), icon: RefreshCw, shortcut: 'F5', onselect: () => browser.refresh() },
    ...propertyItems(app),
  ];
}

/** Files can be requested into one folder only. */
function requestItems({ actions, browser, messages }: App): readonly MenuItem[] {
  if (browser.selection.size !== 1 || actions.selectedPrefixes.length !== 1) return [];
  return [{ label: messages.text('share.request'), icon: Inbox, onselect: () => actions.requestUploads() }];
}

/** Policies are shown for one folder at a time. */
function selectedAccessItems(app: App): readonly MenuItem[] {
  const { folder, selectedPrefixes } = app.actions;
  const [prefix] = selectedPrefixes;
  if (folder === null || prefix === undefined || app.browser.selection.size !== 1) return [];
  return [accessItem(app, { ...folder, prefix })];
}

function accessItem({ dialogs, messages }: App, folder: FolderRef): MenuItem {
  return {
    label: messages.text('access.open'),
    icon: Users,
    onselect: () => dialogs.open({ name: 'access', folder }),
  };
}

/** Counts the selected folders. */
function sizeItems({ actions, folderSizes, messages }: App): readonly MenuItem[] {
  const { text } = messages;
  const { folder } = actions;
  if (folder === null) return [];
  const folders = actions.selectedPrefixes.map((prefix) => ({ ...folder, prefix }));
  if (folders.length === 0) return [];
  const counting = folders.filter((one) => folderSizes.of(one)?.state === 'counting');
  return counting.length > 0
    ? [
        {
          label: text('browse.folder-size.stop'),
          icon: Sigma,
          onselect: () => counting.forEach((one) => folderSizes.stop(one)),
        },
      ]
    : [
        {
          label: text('browse.folder-size.count'),
          icon: Sigma,
          onselect: () => folders.forEach((one) => void folderSizes.count(one)),
        },
      ];
}

function openingItems(app: App): readonly MenuItem[] {
  const { actions, browser, messages, settings } = app;
  const { text } = messages;
  const { folder } = actions;
  const key = actions.selectedKey;
  if (key !== null) {
    return [
      {
        label: text('browse.copy-link'),
        icon: Link,
        shortcut: 'Ctrl+Shift+C',
        onselect: () => void actions.copyLink(key),
      },
      { label: text('browse.share'), icon: Share, shortcut: 'Enter', onselect: () => actions.share(key) },
      copyAs(app),
      ...publicLinkItems(app, key),
      ...(browser.list?.search?.kind === 'anywhere'
        ? [{ label: text('browse.show-in-folder'), icon: FolderOpen, onselect: () => browser.showInFolder(key) }]
        : []),
      { label: text('preview.open'), icon: Eye, shortcut: 'Space', onselect: () => actions.preview(key) },
      ...(folder === null ? [] : openItems(app, { ...folder, key, versionId: null })),
      ...(folder === null ? [] : [editItem(app, { ...folder, key, versionId: null })]),
      {
        label: text('browse.details'),
        icon: History,
        onselect: () => void settings.set({ inspectorOpen: true }),
      },
      'separator',
    ];
  }
  const [prefix] = actions.selectedPrefixes;
  if (browser.selection.size !== 1 || prefix === undefined) return [];
  return [
    {
      label: text('browse.open'),
      icon: FolderOpen,
      shortcut: 'Enter',
      onselect: () => browser.openPrefix(prefix),
    },
    ...(folder === null ? [] : [windowItem(app, { ...folder, prefix })]),
    'separator',
  ];
}

/** The dialog copies the link once main has tried it, and says what it means. */
function publicLinkItems({ actions, dialogs, messages }: App, key: string): readonly MenuItem[] {
  const { folder } = actions;
  if (folder === null) return [];
  const object = { accountId: folder.accountId, bucket: folder.bucket, key, versionId: null };
  const onselect = () => dialogs.open({ name: 'share-public', object, copies: true });
  return [{ label: messages.text('browse.copy-public-link'), icon: Globe, onselect }];
}

/** Opens a place in a new window. */
export function windowItem({ actions, messages }: App, place: Place): MenuAction {
  return {
    label: messages.text('windows.open-here'),
    icon: AppWindow,
    onselect: () => void actions.openWindow(place),
  };
}

function movingItems({ browser, messages, moving }: App): readonly MenuItem[] {
  const { text } = messages;
  const rename = {
    label: text('browse.rename'),
    icon: Pencil,
    shortcut: 'F2',
    onselect: () => moving.askForName(),
  };
  return [
    ...(browser.selection.size === 1 ? [rename] : []),
    { label: text('browse.move-to'), icon: FolderInput, onselect: () => moving.askForTarget(true) },
    { label: text('browse.copy-to'), icon: Copy, onselect: () => moving.askForTarget(false) },
    { label: text('browse.duplicate'), icon: CopyPlus, onselect: () => void moving.duplicate() },
  ];
}

function pasteItems({ messages, moving }: App): readonly MenuItem[] {
  if (moving.held === null) return [];
  const { keys, prefixes } = moving.held.subject;
  const count = keys.length + prefixes.length;
  const label = messages.text('browse.paste', { count, shown: formatCount(count, messages.locale) });
  return [{ label, icon: ClipboardPaste, shortcut: 'Ctrl+V', onselect: () => void moving.paste() }, 'separator'];
}

function deletedItem({ dialogs, messages }: App, folder: FolderRef): MenuItem {
  return {
    label: messages.text('browse.deleted-files.open'),
    icon: History,
    onselect: () => dialogs.open({ name: 'deleted', folder }),
  };
}
