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

/** The lines of a table, each split into its cells. A cell in quotes may hold the separator, quotes and line breaks. */
export function readCsv(text: string, separator: string): readonly (readonly string[])[] {
  const cell = new RegExp(`(?:"((?:[^"]|"")*)"|([^${separator}\\r\\n]*))(${separator}|\\r\\n|[\\r\\n]|$)`, 'y');
  const lines: string[][] = [];
  let line: string[] = [];
  while (cell.lastIndex < text.length) {
    const found = cell.exec(text);
    // A quote inside a cell that doesn't begin with one.
    if (found === null) break;
    const [, quoted, plain = '', end] = found;
    line.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end === separator) continue;
    lines.push(line);
    line = [];
  }
  return line.length === 0 ? lines : [...lines, line];
}
