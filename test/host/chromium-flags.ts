// Which Chromium, and how it is started.
import { existsSync } from 'node:fs';
import { theApp } from './the-app.ts';

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** @throws Error that says what to install */
export function findChromium(): string {
  const named = process.env['CHROMIUM_PATH'];
  if (named !== undefined && named !== '') {
    if (existsSync(named)) return named;
    throw new Error(`CHROMIUM_PATH names ${named}, which does not exist.`);
  }
  const found = places.find((place) => existsSync(place));
  if (found !== undefined) return found;
  throw new Error(
    'Without Electron the app runs on the system’s Chromium, and there is none: install the package "chromium" ' +
      '(apt install chromium), or name another in CHROMIUM_PATH.',
  );
}

/** Without a display there is nothing to open a window on. */
export function isHeadless(): boolean {
  return process.env['ELECTRON_HOST_HEADLESS'] === '1' || !(process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY']);
}

/** Chromium refuses to sandbox itself for root; Playwright asks for none. */
export function isUnsandboxed(): boolean {
  return process.getuid?.() === 0 || theApp.switches.has('no-sandbox');
}

/** Switches of the app's command line that are Chromium's. Others are the app's own: `--screenshot`, say, is both. */
const passedOn = ['remote-debugging-port', 'lang', 'force-device-scale-factor', 'proxy-server'];

const quietNetwork = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
  '--disable-extensions',
  '--disable-domain-reliability',
  '--disable-client-side-phishing-detection',
  '--no-pings',
  '--no-first-run',
  '--no-default-browser-check',
];

/** Chromium's own services, which it asks in spite of the flags above; and the hosts of web-urls.ts, which it preconnects. */
const unresolved = ['google.com', 'googleapis.com', 'gvt1.com', 'electron-host.test'];

const features = [
  'Translate',
  'MediaRouter',
  'OptimizationHints',
  'GlobalMediaControls',
  'AutofillServerCommunication',
  'HttpsUpgrades',
];

/** @param appended switches the app, or Playwright's loader, appended in main: all of them are Chromium's */
export function chromiumFlags(profile: string, appended: ReadonlyMap<string, string>): string[] {
  const given = [...theApp.switches].filter(([name]) => passedOn.includes(name));
  const disabled = [...features, ...(appended.get('disable-features')?.split(',') ?? [])];
  const others = [...given, ...appended].filter(([name]) => !['disable-features', 'user-data-dir'].includes(name));
  return [
    `--user-data-dir=${profile}`,
    '--remote-debugging-pipe',
    '--no-startup-window',
    '--test-type',
    ...quietNetwork,
    `--host-resolver-rules=${unresolved.map((domain) => `MAP *.${domain} ~NOTFOUND`).join(',')}`,
    '--disable-gpu',
    '--disable-dev-shm-usage',
    '--disable-backgrounding-occluded-windows',
    '--disable-renderer-backgrounding',
    '--disable-session-crashed-bubble',
    '--hide-crash-restore-bubble',
    '--password-store=basic',
    '--window-position=0,0',
    `--disable-features=${[...new Set(disabled)].join(',')}`,
    // For navigator.language: --lang counts only where Chromium's translation is installed.
    ...(theApp.switches.has('lang') ? [`--accept-lang=${theApp.switches.get('lang') ?? ''}`] : []),
    ...(isUnsandboxed() ? ['--no-sandbox'] : []),
    ...(isHeadless() ? ['--headless=new'] : []),
    ...others.map(([name, value]) => (value === '' ? `--${name}` : `--${name}=${value}`)),
  ];
}

/** The browser needs no desktop services; with a bus it would start portals and accessibility helpers. */
export function chromiumEnvironment(): NodeJS.ProcessEnv {
  const language = theApp.switches.get('lang');
  return {
    ...process.env,
    DBUS_SESSION_BUS_ADDRESS: 'disabled:',
    DBUS_SYSTEM_BUS_ADDRESS: 'disabled:',
    ...(language === undefined ? {} : { LANGUAGE: language.replace('-', '_') }),
  };
}
