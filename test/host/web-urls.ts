// Chromium can't be taught a new scheme from outside, and refuses an unknown one before anybody can answer. So the page at
// app://name/path is shown to it as https://name.app.electron-host.test/path: a secure origin of its own, which no
// network answers (.test is reserved). The app is only ever told app://.
const suffix = '.electron-host.test';
const schemes = new Set<string>();

export function addScheme(scheme: string): void {
  schemes.add(scheme);
}

/** What Chromium is to load for a URL of the app. */
export function toWeb(url: string): string {
  const { protocol, host, pathname, search, hash } = new URL(url);
  const scheme = protocol.slice(0, -1);
  return schemes.has(scheme) ? `https://${host}.${scheme}${suffix}${pathname || '/'}${search}${hash}` : url;
}

/** What the app is to see for a URL of Chromium's. */
export function toApp(url: string): string {
  if (!URL.canParse(url)) return url;
  const { hostname, pathname, search, hash } = new URL(url);
  if (!hostname.endsWith(suffix)) return url;
  const labels = hostname.slice(0, -suffix.length);
  const dot = labels.lastIndexOf('.');
  return `${labels.slice(dot + 1)}://${labels.slice(0, dot)}${pathname}${search}${hash}`;
}

/** Rewrites sources like `app:` and `app://name` in a Content-Security-Policy header. */
export function cspToWeb(policy: string): string {
  return policy.replace(
    /(?<=^|[\s;])([a-z][a-z0-9+.-]*):(\/\/[^\s;]*)?(?=[\s;]|$)/g,
    (source, scheme: string, rest?: string) => {
      if (!schemes.has(scheme)) return source;
      return rest === undefined ? `https://*.${scheme}${suffix}` : toWeb(scheme + ':' + rest).replace(/\/$/, '');
    },
  );
}
