/** The scheme of deep links: `waybill:open?link=` and a percent-encoded signed URL. */
export const DEEP_LINK_SCHEME = 'waybill';

/** Well above a signed URL with a token and a note, encoded once more. */
const MAX_LENGTH = 65_536;

/**
 * The link in a deep link or a command-line argument, to be read as if pasted; null if the argument isn't a link, empty
 * if it must not be opened. A deep link can only show a link: it has no other commands, and only http(s) URLs pass, so
 * that it can't carry plain credentials.
 */
export function linkFromArgument(argument: string): string | null {
  if (/^https?:\/\//i.test(argument)) return argument.length > MAX_LENGTH ? '' : argument;
  if (!argument.toLowerCase().startsWith(`${DEEP_LINK_SCHEME}:`)) return null;
  const link = argument.length > MAX_LENGTH ? '' : linkIn(argument);
  return /^https?:\/\//i.test(link) ? link : '';
}

/** The last link among command-line arguments, or null. */
export function linkFromCommandLine(args: readonly string[]): string | null {
  return args.map(linkFromArgument).findLast((text) => text !== null) ?? null;
}

function linkIn(deepLink: string): string {
  // Browsers and desktops add slashes: waybill://open/?link=….
  const query = /^waybill:(?:\/\/)?open\/?\?([^#]*)$/i.exec(deepLink)?.[1];
  return query === undefined ? '' : (new URLSearchParams(query).get('link') ?? '');
}
