/** It comes without types. */
declare module 'proxy-from-env' {
  /** The proxy's URL for a URL; empty where there is none. */
  export function getProxyForUrl(url: string): string;
}
