import { join } from 'node:path';
import { nativeImage, nativeTheme, type NativeImage } from 'electron';

const folder = join(import.meta.dirname, '..', 'assets', 'tray');

/**
 * The icon as the system wants it: on macOS a template image, which the system draws in the colour of its menu bar; on Windows
 * dark or light as the taskbar is; in colours on Linux, where no setting says what colour the panel has.
 * @see https://www.electronjs.org/docs/latest/api/tray
 */
export function trayIcon(): NativeImage {
  return nativeImage.createFromPath(join(folder, `${iconName()}.png`));
}

/** Calls `change` when the icon may have to be another one. */
export function onIconChange(change: () => void): void {
  if (process.platform === 'win32') nativeTheme.on('updated', change);
}

function iconName(): string {
  if (process.platform === 'darwin') return 'waybillTemplate';
  if (process.platform !== 'win32') return 'waybill-in-colour';
  return nativeTheme.shouldUseDarkColorsForSystemIntegratedUI ? 'waybill-on-dark' : 'waybill-on-light';
}
