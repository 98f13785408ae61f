import LayoutGrid from '@lucide/svelte/icons/layout-grid';
import List from '@lucide/svelte/icons/list';
import type { Settings } from '../../main/contract/contract.ts';
import type { SortColumn } from '../lib/row-order.ts';
import type { App } from '../model/app.ts';
import type { ObjectList } from '../model/browsing/object-list.svelte.ts';
import type { MenuItem } from '../shared/menus/menu-item.ts';

const densities: readonly Settings['density'][] = ['compact', 'regular', 'comfortable'];
const sortColumns: readonly SortColumn[] = ['name', 'size', 'modified', 'kind'];

/** How the files of a folder are shown: as rows of one of three heights, or as thumbnails, which have no header to sort by. */
export function viewItems({ messages, settings }: App, list: ObjectList): readonly MenuItem[] {
  const { text } = messages;
  const { view, density } = settings.current;
  const views: MenuItem[] = [
    {
      label: text('browse.view.list'),
      icon: List,
      checked: view === 'list',
      onselect: () => void settings.set({ view: 'list' }),
    },
    {
      label: text('browse.view.thumbnails'),
      icon: LayoutGrid,
      checked: view === 'thumbnails',
      onselect: () => void settings.set({ view: 'thumbnails' }),
    },
    'separator',
  ];
  if (view === 'list') {
    return [
      ...views,
      ...densities.map((one) => ({
        label: text(`browse.density.${one}`),
        checked: density === one,
        onselect: () => void settings.set({ density: one }),
      })),
    ];
  }
  return [
    ...views,
    ...sortColumns.map((column) => ({
      label: text('browse.sort-by', { column: text(`browse.column.${column}`) }),
      checked: list.sort.by === column,
      onselect: () => list.sortBy(column),
    })),
  ];
}
