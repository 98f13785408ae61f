/**
 * The index behind the text in quotes that begins at `at`; a quote that nothing closes ends with the line, or with all of
 * `text` if lines may break inside. Goes over each character once: an expression that tries every quote anew takes
 * seconds for 10 KB of `\"`.
 */
export function endOfQuoted(text: string, at: number, mayBreak = false): number {
  const quote = text[at];
  for (let index = at + 1; index < text.length; index += 1) {
    const sign = text[index];
    if (sign === quote) return index + 1;
    if (sign === '\n' && !mayBreak) return index;
    if (sign === '\\' && quote !== '`') index += 1;
  }
  return text.length;
}
