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

/**
 * The lines of a table, each split into its cells; empty lines are left out. A cell in quotes may hold the separator,
 * quotes and line breaks.
 */
export function readCsv(text: string, separator: string): readonly (readonly string[])[] {
  const lines: string[][] = [];
  let line: string[] = [];
  let from = 0;
  let isQuoted = false;
  let closedAt = -1;
  for (const { 0: mark, index } of text.matchAll(new RegExp(`["\\r\\n${separator}]|$`, 'g'))) {
    if (mark === '"' && isQuoted) closedAt = index;
    // Two quotes in a cell in quotes stand for one. Elsewhere in a cell, a quote is what it looks like.
    if (mark === '"') isQuoted = !isQuoted && (index === from || index - 1 === closedAt);
    if (mark === '"' || (isQuoted && mark !== '')) continue;
    line.push(withoutQuotes(text.slice(from, index)));
    from = index + mark.length;
    if (mark === separator) continue;
    if (line.some((cell) => cell !== '')) lines.push(line);
    line = [];
  }
  return lines;
}

function withoutQuotes(cell: string): string {
  return cell.startsWith('"') ? cell.slice(1).replace(/"$/, '').replaceAll('""', '"') : cell;
}
