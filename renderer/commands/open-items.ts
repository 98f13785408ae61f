import AppWindowMac from '@lucide/svelte/icons/app-window-mac';
import FilePen from '@lucide/svelte/icons/file-pen';
import SquareArrowOutUpRight from '@lucide/svelte/icons/square-arrow-out-up-right';
import type { ObjectRef } from '../lib/subjects.ts';
import type { App } from '../model/app.ts';
import type { MenuAction } from '../shared/menus/menu-item.ts';

/** Edits an object in another program. */
export function editItem({ messages, opening }: App, object: ObjectRef): MenuAction {
  return {
    label: messages.text('editing.edit'),
    icon: FilePen,
    shortcut: 'Ctrl+E',
    onselect: () => void opening.open(object, { use: 'edit' }),
  };
}

/** Opens an object, or one of its versions, in another program. */
export function openItems({ messages, opening }: App, object: ObjectRef): readonly MenuAction[] {
  const { text } = messages;
  return [
    {
      label: text('browse.open'),
      icon: SquareArrowOutUpRight,
      shortcut: 'Ctrl+O',
      onselect: () => void opening.open(object),
    },
    {
      label: text('opening.with'),
      icon: AppWindowMac,
      onselect: () => void opening.open(object, { program: 'chosen' }),
    },
  ];
}
