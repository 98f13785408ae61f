/** Nobody is made to wait longer, in milliseconds. */
const LONGEST_MS = 5 * 60_000;

/**
 * How long a server wants to be left alone, in milliseconds, at most five minutes; undefined where it does not say. Its
 * header holds seconds or a date, which is compared with the server's own clock.
 * @see https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
 */
export function retryAfterMs(headers: Readonly<Record<string, string>>, now: number = Date.now()): number | undefined {
  const text = headers['retry-after'] ?? '';
  const serverNow = Date.parse(headers['date'] ?? '');
  const waitMs = /^\d+$/.test(text)
    ? Number(text) * 1000
    : Date.parse(text) - (Number.isNaN(serverNow) ? now : serverNow);
  return Number.isNaN(waitMs) ? undefined : Math.min(LONGEST_MS, Math.max(0, waitMs));
}
