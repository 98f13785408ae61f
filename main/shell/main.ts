import { app } from 'electron';
import { registerAppScheme } from './app-scheme.ts';
import { startWaybill } from './waybill.ts';

registerAppScheme();
app.enableSandbox();

// A second start brings the window of the first to the front and ends.
if (app.requestSingleInstanceLock()) {
  void app.whenReady().then(startWaybill);
} else {
  app.quit();
}
