/*
 * The line for curl that formatForm() writes, read back. What its words hold is as little trusted as any form: readFormFile()
 * takes from it what the signature covers.
 */

/** A word of a POSIX shell without quotes: a backslash takes the next character literally. */
const word = /(?:\\[^]|[^\\ \t\r\n])+/g;

/** Where a form is sent, and its fields in their order. */
export interface CurlForm {
  readonly action: string;
  readonly fields: readonly (readonly [string, string])[];
}

/** The address and the fields of a line that starts with `curl`; null for any other text. */
export function readCurlLine(text: string): CurlForm | null {
  if (!/^\ufeff?\s*curl\s/.test(text.slice(0, 100))) return null;
  const words = (text.match(word) ?? []).map((one) => one.replace(/\\([^])/g, '$1'));
  const fields = words.flatMap((value, index) => {
    const equals = value.indexOf('=');
    return words[index - 1] === '--form-string' && equals > 0
      ? [[value.slice(0, equals), value.slice(equals + 1)] as const]
      : [];
  });
  return { action: words.at(-1) ?? '', fields };
}
