import type { MenuItem } from '../../shared/menus/menu-item.ts';
import type { App } from '../../model/app.ts';
import { columns as all } from '../../model/browsing/columns.svelte.ts';

/** Which columns the list has. */
export function columnMenu({ columns, messages }: Pick<App, 'columns' | 'messages'>): readonly MenuItem[] {
  const { text } = messages;
  return [
    ...all.map((column): MenuItem => ({
      label: text(`browse.column.${column}`),
      checked: !columns.isHidden(column),
      onselect: () => columns.toggle(column),
    })),
    'separator',
    { label: text('browse.column.restore'), onselect: () => columns.restore() },
  ];
}
