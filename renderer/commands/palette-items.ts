import { toAddress } from '../lib/place.ts';
import type { MenuAction, MenuItem } from '../shared/menus/menu-item.ts';
import type { App } from '../model/app.ts';
import type { Bookmark } from '../model/browsing/places.svelte.ts';
import { folderMenu, selectionMenu } from './row-menu.ts';
import { versionMenu } from './version-menu.ts';

/** A command of the palette. Its label alone may stand for several: one address in two accounts. */
type PaletteItem = MenuAction & { readonly id: string };

/** The palette's commands in groups: for the selection, for the folder and the window, and places to go to. */
export function paletteGroups(app: App): readonly { readonly title: string; readonly items: readonly PaletteItem[] }[] {
  const { browser, messages, versions } = app;
  const { text } = messages;
  const selected =
    browser.list !== null && browser.selection.size > 0
      ? commandsOf(versions.selection === 'none' ? selectionMenu(app) : versionMenu(app))
      : [];
  const folder = browser.list === null ? [] : commandsOf(folderMenu(app));
  const groups = [
    { title: text('palette.selection'), items: selected },
    { title: text('palette.commands'), items: [...folder, ...windowCommands(app)] },
    { title: text('palette.places'), items: placeCommands(app) },
  ];
  return groups
    .map(({ title, items }) => ({ title, items: items.map((item, index) => ({ ...item, id: `${title} ${index}` })) }))
    .filter(({ items }) => items.length > 0);
}

function commandsOf(menu: readonly MenuItem[]): readonly MenuAction[] {
  return menu.flatMap((item) => (item === 'separator' ? [] : 'items' in item ? commandsOf(item.items) : [item]));
}

function windowCommands({ actions, browser, dialogs, messages, places, settings, undo }: App): readonly MenuAction[] {
  const { text } = messages;
  return [
    { label: text('browse.edit-address'), shortcut: 'Ctrl+L', onselect: () => actions.run('go-to-address') },
    { label: text('browse.filter'), shortcut: 'Ctrl+F', onselect: () => actions.run('filter') },
    {
      label: text('search.title'),
      shortcut: 'Ctrl+Shift+F',
      onselect: () => dialogs.open({ name: 'search', given: null }),
    },
    { label: text('browse.versions'), shortcut: 'Ctrl+H', onselect: () => browser.toggleVersions() },
    { label: text('places.mark'), shortcut: 'Ctrl+D', onselect: () => places.toggle(browser.place) },
    { label: text('browse.back'), shortcut: 'Alt+←', disabled: !browser.canGoBack, onselect: () => browser.back() },
    { label: text('browse.undo'), shortcut: 'Ctrl+Z', onselect: () => undo.undo() },
    { label: text('windows.new'), shortcut: 'Ctrl+N', onselect: () => actions.run('new-window') },
    { label: text('ledger.title'), onselect: () => browser.openLinks() },
    { label: text('editing.title'), onselect: () => dialogs.open({ name: 'edited-files' }) },
    { label: text('rail.open-link'), shortcut: 'Ctrl+Shift+O', onselect: () => actions.run('open-link') },
    { label: text('accounts.add'), onselect: () => actions.run('add-account') },
    { label: text('transfers.title'), shortcut: 'Ctrl+J', onselect: () => actions.run('toggle-transfers') },
    { label: text('palette.lock'), shortcut: 'Ctrl+Shift+L', onselect: () => actions.run('lock') },
    { label: text('keys.title'), shortcut: 'F1', onselect: () => actions.run('keyboard-help') },
    { label: text('rail.settings'), shortcut: 'Ctrl+,', onselect: () => actions.run('settings') },
    ...themes.map((theme) => ({
      label: text('palette.theme', { theme: text(themeNames[theme]) }),
      onselect: () => void settings.set({ theme }),
    })),
  ];
}

const themes = ['light', 'dark', 'system'] as const;
const themeNames = {
  light: 'settings.theme.light',
  dark: 'settings.theme.dark',
  system: 'settings.system',
} as const;

/** Bookmarks, then recent places, then the account's buckets. */
function placeCommands({ accounts, browser, messages, places }: App): readonly MenuAction[] {
  const named = (place: Bookmark): string => {
    const address = toAddress(place);
    return place.name === undefined ? address : messages.text('palette.named-place', { name: place.name, address });
  };
  const accountId = accounts.current?.id;
  const buckets =
    accountId === undefined ? [] : browser.buckets.all.map(({ name }) => ({ accountId, bucket: name, prefix: '' }));
  const all = new Map(
    [...places.bookmarks, ...[...places.recent, ...buckets].filter((place) => !places.isMarked(place))]
      .filter((place) => accounts.get(place.accountId) !== null)
      .map((place) => [`${place.accountId} ${toAddress(place)}`, place] as const),
  );
  return [...all.values()].map((place) => ({
    label: named(place),
    dot: accounts.get(place.accountId)?.colour ?? 'blue',
    onselect: () => browser.open(place),
  }));
}
