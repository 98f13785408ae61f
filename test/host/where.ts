import { existsSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');

/**
 * Makes Playwright's `_electron.launch()` start the stand-in where Electron's binary was not downloaded. To be called
 * before the first launch: npm's `electron` reads the variable when it is first required. Needs `npm run build:host`.
 */
export function useStandInWhereElectronIsMissing(): void {
  if (existsSync(path.join(root, 'node_modules/electron/path.txt'))) return;
  process.env['ELECTRON_OVERRIDE_DIST_PATH'] ??= path.join(root, 'test/host/dist');
}
