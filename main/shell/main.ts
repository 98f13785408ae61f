import { app, dialog } from 'electron';
import { toFailure } from '../failure.ts';
import { registerAppScheme } from './security/app-scheme.ts';
import { listenForLinks } from './windows/deep-links.ts';
import { recordBug } from './log.ts';
import { startWaybill } from './waybill.ts';

registerAppScheme();
app.enableSandbox();

// A second start brings the window of the first to the front and ends.
if (app.requestSingleInstanceLock()) {
  listenForLinks();
  void app.whenReady().then(startWaybill).catch(giveUp);
} else {
  app.quit();
}

/** Without its own files Waybill cannot run: it says which one is in the way, before any window could. */
function giveUp(error: unknown): void {
  const failure = toFailure(error, recordBug);
  const what = failure.kind === 'file' ? `${failure.path} (${failure.reason})` : JSON.stringify(failure);
  dialog.showErrorBox('Waybill cannot start / Waybill 无法启动', what);
  app.exit(1);
}
