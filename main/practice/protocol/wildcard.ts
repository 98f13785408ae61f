/** Matches the wildcards of policies and rules: `*` is any run of characters, `?` is exactly one. Linear time in practice. */
export function matches(pattern: string, text: string): boolean {
  let at = 0;
  let inText = 0;
  let star = -1;
  let resume = 0;
  while (inText < text.length) {
    if (pattern[at] === '*') {
      star = at;
      at += 1;
      resume = inText;
    } else if (at < pattern.length && (pattern[at] === '?' || pattern[at] === text[inText])) {
      at += 1;
      inText += 1;
    } else if (star >= 0) {
      at = star + 1;
      resume += 1;
      inText = resume;
    } else {
      return false;
    }
  }
  return /^\**$/.test(pattern.slice(at));
}
