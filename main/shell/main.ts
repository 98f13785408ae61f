import { app, dialog } from 'electron';
import { toFailure } from '../failure.ts';
import { registerAppScheme } from './security/app-scheme.ts';
import { listenForLinks } from './windows/deep-links.ts';
import { recordBug } from './log.ts';
import { startWaybill } from './waybill.ts';

registerAppScheme();
app.enableSandbox();

// A second instance hands over to the first, which shows its window, and quits.
if (app.requestSingleInstanceLock()) {
  listenForLinks();
  void app.whenReady().then(startWaybill).catch(reportStartFailure);
} else {
  app.quit();
}

/** Waybill can't run without its own files: name the one that failed, as no window can show it yet, and exit. */
function reportStartFailure(error: unknown): void {
  const failure = toFailure(error, recordBug);
  const detail = failure.kind === 'file' ? `${failure.path} (${failure.reason})` : JSON.stringify(failure);
  dialog.showErrorBox('Waybill cannot start / Waybill 无法启动', detail);
  app.exit(1);
}
