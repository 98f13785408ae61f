import { pathOf } from '../../lib/rows.ts';
import type { App } from '../app.ts';

/** Opens the properties of the selection, or of everything in the current folder if nothing is selected. */
export function showProperties({ actions, browser, dialogs, versions }: App): void {
  const { folder, selectedKey: key, selectedKeys: keys } = actions;
  if (folder === null) return;
  const { accountId, bucket, prefix } = folder;
  const [version, ...others] = versions.selection === 'only' ? versions.selected : [];
  if (key !== null) {
    dialogs.open({ name: 'properties', object: { accountId, bucket, key, versionId: null }, tab: 'general' });
  } else if (version !== undefined && others.length === 0 && !version.deleteMarker) {
    dialogs.open({
      name: 'properties',
      object: { accountId, bucket, key: pathOf(version.id), versionId: version.versionId },
      tab: 'general',
    });
  } else {
    const prefixes = browser.selection.size === 0 && prefix !== '' ? [prefix] : actions.selectedPrefixes;
    if (keys.length + prefixes.length > 0)
      dialogs.open({ name: 'change-many', subject: { accountId, bucket, keys, prefixes }, restores: false });
  }
}
