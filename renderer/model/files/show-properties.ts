import { pathOf } from '../../lib/rows.ts';
import type { BucketRef } from '../../lib/subjects.ts';
import type { App } from '../app.ts';

/** Opens the properties of the selection; if nothing is selected, of everything in the current folder, or of the bucket. */
export function showProperties(app: App): void {
  const { actions, browser, dialogs, versions } = app;
  const { folder, selectedKey: key, selectedKeys: keys } = actions;
  const whole = bucketOf(app);
  if (whole !== null) showBucketProperties(app, whole);
  if (folder === null || whole !== null) return;
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

/** Opens the properties of a bucket. */
export function showBucketProperties({ dialogs }: Pick<App, 'dialogs'>, { accountId, bucket }: BucketRef): void {
  dialogs.open({ name: 'bucket', subject: { accountId, bucket }, tab: 'general' });
}

/** The bucket that is meant as a whole: the one that is shown, or the only one that is selected in the list of buckets. */
function bucketOf({ accounts, actions, browser }: App): BucketRef | null {
  const { folder } = actions;
  if (folder !== null) return folder.prefix === '' && browser.selection.size === 0 ? folder : null;
  const [bucket, ...others] = browser.selection.ids;
  const accountId = accounts.current?.id;
  return accountId === undefined || bucket === undefined || others.length > 0 ? null : { accountId, bucket };
}
