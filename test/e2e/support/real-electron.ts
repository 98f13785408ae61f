import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'playwright/test';

const root = resolve(import.meta.dirname, '..', '..', '..');

/** The first words of the reason, by which the closing report of `npm test` counts what nobody has seen yet. */
const WAITS = 'waits for real Electron';

/** Leaves the tests of a file, or the one that calls it, to machines with Electron's own binary. */
export function onlyInRealElectron(why: string): void {
  const isReal = existsSync(join(root, 'node_modules/electron/path.txt'));
  test.skip(!isReal || process.env['ELECTRON_OVERRIDE_DIST_PATH'] !== undefined, `${WAITS}: ${why}`);
}

/** Leaves the test that calls it to the machine that has packed the app. @returns its program, or its folder on macOS */
export function onlyWithPackedApp(why: string): string {
  const packed = [
    'linux-unpacked/waybill',
    'linux-arm64-unpacked/waybill',
    'win-unpacked/Waybill.exe',
    'mac-arm64/Waybill.app',
    'mac/Waybill.app',
  ]
    .map((path) => join(root, 'release', path))
    .find((path) => existsSync(path));
  test.skip(packed === undefined, `${WAITS}: ${why}`);
  return packed ?? '';
}
