import { Notification, powerSaveBlocker } from 'electron';
import { ActivityWatch } from '../../transfers/tasks/activity.ts';
import type { TransferBatch } from '../../transfers/tasks/transfer.ts';
import type { Translate } from '../../words/translator.ts';
import type { Windows } from './windows.ts';

/**
 * Shows queue activity outside the window: progress in the dock or taskbar, sleep prevention during transfers, and a
 * notification when a long run finishes without a focused window. The returned function receives the queue's batches.
 */
export function showActivity(text: Translate, windows: Pick<Windows, 'all' | 'show'>): (batch: TransferBatch) => void {
  const watch = new ActivityWatch();
  let blocker: number | null = null;
  return (batch) => {
    const { busy, progress, finished } = watch.apply(batch);
    if (busy) blocker ??= powerSaveBlocker.start('prevent-app-suspension');
    else if (blocker !== null) {
      powerSaveBlocker.stop(blocker);
      blocker = null;
    }
    // Electron shows a value above 1 as indeterminate.
    for (const window of windows.all) window.setProgressBar(busy ? (progress ?? 2) : -1);
    const isSeen = windows.all.some((window) => window.isFocused());
    if (finished === null || isSeen || !Notification.isSupported()) return;
    const body = text(finished.failed === 0 ? 'dialog.transfers-done' : 'dialog.transfers-failed');
    const notification = new Notification({ title: 'Waybill', body });
    notification.on('click', () => void windows.show());
    notification.show();
  };
}
