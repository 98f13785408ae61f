/** The scheme of links that lead into Waybill: `waybill:open?link=` and a signed URL, percent-encoded. */
export const DEEP_LINK_SCHEME = 'waybill';

/** A signed URL with a token and a note, encoded once more, is shorter; a megabyte comes from nobody who means well. */
const MAX_LENGTH = 65_536;

/**
 * The text that a deep link or an argument of the command line hands over, to be read as if it had been pasted; null
 * for an argument that is no link at all. A deep link can only ask for a link to be shown: there is no other command in
 * it, and nothing but an http(s) address gets through, so that credentials in clear do not travel this way.
 */
export function handedText(argument: string): string | null {
  if (/^https?:\/\//i.test(argument)) return argument.length > MAX_LENGTH ? '' : argument;
  if (!argument.toLowerCase().startsWith(`${DEEP_LINK_SCHEME}:`)) return null;
  const link = argument.length > MAX_LENGTH ? '' : linkIn(argument);
  return /^https?:\/\//i.test(link) ? link : '';
}

/** The last link among the arguments of a command line, null where there is none. */
export function handedByCommandLine(args: readonly string[]): string | null {
  return args.map(handedText).findLast((text) => text !== null) ?? null;
}

function linkIn(deepLink: string): string {
  // Browsers and desktops add slashes of their own: waybill://open/?link=….
  const query = /^waybill:(?:\/\/)?open\/?\?([^#]*)$/i.exec(deepLink)?.[1];
  return query === undefined ? '' : (new URLSearchParams(query).get('link') ?? '');
}
