import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { app } from 'electron';
import { recordBug } from './log.ts';

/** Whether this build knows where updates come from: electron-builder writes the file where a publish URL was given. */
export function canUpdate(): boolean {
  return app.isPackaged && existsSync(join(process.resourcesPath, 'app-update.yml'));
}

/** Looks for a newer version once, in the background; it is installed when the app is quit. */
export async function lookForUpdate(): Promise<void> {
  try {
    const { default: updater } = await import('electron-updater');
    await updater.autoUpdater.checkForUpdatesAndNotify();
  } catch (error) {
    // No network, or no newer version to be had: the next start tries again.
    recordBug('update', error);
  }
}
