// What the app allows its pages. Chromium can't ask while a page waits, so the app is asked for everything beforehand.
import type Electron from 'electron';
import { chromium } from '../chromium.ts';
import { session } from './session.ts';
import type { WebContents } from './web-contents.ts';

type Permission = 'geolocation' | 'notifications' | 'midi' | 'media' | 'clipboard-read' | 'clipboard-sanitized-write';

/** Electron's name of a permission, and Chromium's. */
const permissions: readonly (readonly [Permission, string])[] = [
  ['geolocation', 'geolocation'],
  ['notifications', 'notifications'],
  ['midi', 'midi'],
  ['media', 'camera'],
  ['media', 'microphone'],
  ['clipboard-read', 'clipboard-read'],
  ['clipboard-sanitized-write', 'clipboard-write'],
];

/** Asks the app's handlers about a page that is about to start, and has Chromium answer the page accordingly. */
export async function applyPermissions(contents: WebContents): Promise<void> {
  await Promise.all(
    permissions.map(async ([permission, name]) => {
      const isAllowed = await askApp(contents, permission);
      if (isAllowed === null) return;
      const setting = isAllowed ? 'granted' : 'denied';
      await chromium.session.send('Browser.setPermission', { permission: { name }, setting });
    }),
  );
}

/** null where the app has no handler: Chromium then asks the person, while Electron would allow it. */
async function askApp(page: WebContents, permission: Permission): Promise<boolean | null> {
  const { check, request } = session.defaultSession.permissionHandlers;
  const contents = page as unknown as Electron.WebContents;
  if (check !== null && !check(contents, permission, page.mainFrame.origin, { isMainFrame: true })) return false;
  if (request === null) return check === null ? null : true;
  const details = { isMainFrame: true, requestingUrl: page.getURL() };
  return new Promise((resolve) => request(contents, permission, resolve, details));
}
