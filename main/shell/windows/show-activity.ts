import { powerSaveBlocker } from 'electron';
import type { ActivityWatch } from '../../transfers/tasks/activity.ts';
import type { TransferBatch } from '../../transfers/tasks/transfer.ts';
import type { Translate } from '../../words/translator.ts';
import { notify } from './notify.ts';
import type { Windows } from './windows.ts';

/**
 * Shows queue activity outside the window: progress in the dock or taskbar, sleep prevention during transfers, and a
 * notification when a long run finishes without a focused window. The returned function passes the queue's batches to `watch`.
 */
export function showActivity(
  watch: ActivityWatch,
  text: Translate,
  windows: Pick<Windows, 'all' | 'show'>,
): (batch: TransferBatch) => void {
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
    if (finished === null || isSeen) return;
    const body = text(finished.failed === 0 ? 'dialog.transfers-done' : 'dialog.transfers-failed');
    notify({ title: 'Waybill', body }, () => void windows.show());
  };
}
