import Database from '@lucide/svelte/icons/database';
import Link2 from '@lucide/svelte/icons/link-2';
import SlidersHorizontal from '@lucide/svelte/icons/sliders-horizontal';
import type { MenuAction, MenuItem } from '../shared/menus/menu-item.ts';
import type { BucketRef } from '../lib/subjects.ts';
import type { App } from '../model/app.ts';
import { showBucketProperties, showProperties } from '../model/files/show-properties.ts';

/** The last items of a menu: the properties of the selection, or of the folder and its bucket. */
export function propertyItems(app: App): readonly MenuItem[] {
  const { folder } = app.actions;
  if (folder === null) return [];
  if (app.browser.selection.size > 0) return ['separator', propertiesCommand(app)];
  return [
    'separator',
    ...(folder.prefix === '' ? [] : [propertiesCommand(app)]),
    bucketCommand(app, folder, folder.prefix === ''),
  ];
}

/** Shows the properties of the bucket. */
export function bucketCommand(app: App, bucket: BucketRef, hasKey: boolean): MenuAction {
  return {
    label: app.messages.text('bucket.properties'),
    icon: Database,
    ...(hasKey ? { shortcut: 'Alt+Enter' } : {}),
    onselect: () => showBucketProperties(app, bucket),
  };
}

/** Shows the properties of the selection. */
export function propertiesCommand(app: App): MenuAction {
  return {
    label: app.messages.text('properties.open'),
    icon: SlidersHorizontal,
    shortcut: 'Alt+Enter',
    onselect: () => showProperties(app),
  };
}

/** Creates a symlink to the one selected object. */
export function symlinkItems({ actions, dialogs, messages }: App): readonly MenuItem[] {
  const { folder, selectedKey: key } = actions;
  if (folder === null || key === null) return [];
  const { accountId, bucket } = folder;
  return [
    {
      label: messages.text('symlink.new.open'),
      icon: Link2,
      onselect: () => dialogs.open({ name: 'new-symlink', object: { accountId, bucket, key, versionId: null } }),
    },
  ];
}
