import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { app } from 'electron';
import { recordBug } from './log.ts';

/** Whether this build has an update URL: electron-builder writes app-update.yml only if one was configured. */
export function canUpdate(): boolean {
  return app.isPackaged && existsSync(join(process.resourcesPath, 'app-update.yml'));
}

/** Checks once, in the background, for a newer version, which is installed on quit. Failures are only logged. */
export async function checkForUpdate(): Promise<void> {
  try {
    const { default: updater } = await import('electron-updater');
    await updater.autoUpdater.checkForUpdatesAndNotify();
  } catch (error) {
    // No network or no release: the next start tries again.
    recordBug('update', error);
  }
}
