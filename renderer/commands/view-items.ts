import type { Settings } from '../../main/contract/contract.ts';
import type { App } from '../model/app.ts';
import type { MenuItem } from '../shared/menus/menu-item.ts';

const densities: readonly Settings['density'][] = ['compact', 'regular', 'comfortable'];

/** How the files of a folder are shown: as rows of one of three heights. */
export function viewItems({ messages, settings }: App): readonly MenuItem[] {
  const { density } = settings.current;
  return densities.map((one) => ({
    label: messages.text(`browse.density.${one}`),
    checked: density === one,
    onselect: () => void settings.set({ density: one }),
  }));
}
