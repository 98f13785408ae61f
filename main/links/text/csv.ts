/**
 * What a spreadsheet takes for the start of a formula, also behind blanks and as full-width characters, or drops before
 * it looks.
 */
const formula = /^(?:[\t\r\n]|\s*[=+\-@\uff1d\uff0b\uff0d\uff20])/;

/**
 * One line of CSV. A cell that a spreadsheet would run as a formula gets an apostrophe in front, since keys and notes
 * come from anyone.
 * @see RFC 4180, https://owasp.org/www-community/attacks/CSV_Injection
 */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

function csvCell(text: string): string {
  const safe = formula.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
