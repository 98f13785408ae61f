// The system's Chromium, for machines where Electron's own binary can't be had.
import { existsSync } from 'node:fs';
import { ensureSystemPackages, has } from './steps.mjs';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** True where some Chromium is installed, or CHROMIUM_PATH names one. */
function hasChromium() {
  const named = process.env['CHROMIUM_PATH'];
  return named === undefined ? names.some(has) : existsSync(named);
}

/** @returns {Promise<string | null>} null when there is a Chromium, else the command that installs it */
export async function ensureChromium() {
  if (hasChromium()) return null;
  return ensureSystemPackages({ chromium: 'chromium' });
}
