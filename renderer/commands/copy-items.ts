import ClipboardCopy from '@lucide/svelte/icons/clipboard-copy';
import Link from '@lucide/svelte/icons/link';
import Share from '@lucide/svelte/icons/share-2';
import { formatCount } from '../../main/words/format.ts';
import type { App } from '../model/app.ts';
import type { MenuItem } from '../shared/menus/menu-item.ts';

/** Links of several objects. Folders have none of their own: the dialog creates those of everything in them. */
export function manyLinkItems(app: App): readonly MenuItem[] {
  const { actions, browser, messages } = app;
  const { size: count } = browser.selection;
  const label = messages.text('browse.copy-links', { count, shown: formatCount(count, messages.locale) });
  const onselect = () => void actions.copyLinks();
  return [
    ...(actions.selectedPrefixes.length === 0 ? [{ label, icon: Link, shortcut: 'Ctrl+Shift+C', onselect }] : []),
    { label: messages.text('share.many'), icon: Share, onselect: () => actions.shareSelection() },
    copyAs(app),
  ];
}

/** The selection in the ways that texts hold links, by presets, and as addresses, which open nothing by themselves. */
export function copyAs({ actions, linkCopies, messages, presets }: App): MenuItem {
  const { text } = messages;
  const { folder, selectedKeys: keys, selectedPrefixes: prefixes } = actions;
  const byPreset = folder === null || keys.length !== 1 ? [] : presets.of(folder.accountId);
  const formats =
    prefixes.length > 0
      ? []
      : (['markdown', 'html'] as const).map((as) => ({
          label: text(`browse.copy-as.${as}`),
          onselect: () => void actions.copyLinks(as),
        }));
  return {
    label: text('browse.copy-as'),
    icon: ClipboardCopy,
    items: [
      ...formats,
      {
        label: text('browse.copy-as.address', { count: keys.length + prefixes.length }),
        onselect: () => void (folder === null ? undefined : linkCopies.copyAddresses({ ...folder, keys, prefixes })),
      },
      ...(byPreset.length === 0 ? [] : ['separator' as const]),
      ...byPreset.map((preset) => ({
        label: text('browse.copy-as.preset', { preset: presets.label(preset) }),
        onselect: () => void actions.copyByPreset(preset),
      })),
    ],
  };
}
