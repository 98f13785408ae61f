/** A piece of formatted JSON, coloured by its kind. */
export interface JsonPiece {
  readonly kind: 'key' | 'string' | 'number' | 'word' | 'plain';
  readonly text: string;
}

/** Further pieces keep the text and lose their colours: each is an element of the page. */
const mostPieces = 20_000;
const tokens = /"(?:[^"\\]|\\[\s\S])*"?|[^\s{}[\],:"]+|[{}[\],:]/g;

/**
 * Indents JSON, or several values one after another. Numbers, strings and the order of keys stay as they are written,
 * which parsing wouldn't keep. The text may be cut off anywhere. Null if it isn't JSON.
 */
export function formatJson(text: string, isCut: boolean): readonly JsonPiece[] | null {
  if (!/^\s*[{[]/.test(text) || (!isCut && !isJson(text))) return null;
  const pieces: JsonPiece[] = [];
  let depth = 0;
  let plain = '';
  const found = text.match(tokens) ?? [];
  found.forEach((token, index) => {
    const [before, next] = [found[index - 1], found[index + 1]];
    if (token === '}' || token === ']') depth = Math.max(0, depth - 1);
    plain += gapBetween(before, token, depth);
    if (token === '{' || token === '[') depth += 1;
    const kind = kindOf(token, next);
    if (kind === 'plain' || pieces.length > mostPieces) {
      plain += token;
      return;
    }
    pieces.push({ kind: 'plain', text: plain }, { kind, text: token });
    plain = '';
  });
  return [...pieces, { kind: 'plain', text: plain }];
}

/** One value, or one a line. */
function isJson(text: string): boolean {
  const isValid = (value: string) => {
    try {
      JSON.parse(value);
      return true;
    } catch {
      return false;
    }
  };
  return isValid(text) || text.split('\n').every((line) => line.trim() === '' || isValid(line));
}

/** The blanks between two tokens. */
function gapBetween(before: string | undefined, token: string, depth: number): string {
  if (before === undefined || token === ',' || token === ':') return '';
  if (before === ':') return ' ';
  if ((before === '{' && token === '}') || (before === '[' && token === ']')) return '';
  return `\n${'  '.repeat(Math.min(depth, 40))}`;
}

function kindOf(token: string, next: string | undefined): JsonPiece['kind'] {
  if (token.startsWith('"')) return next === ':' ? 'key' : 'string';
  if (/^[-\d]/.test(token)) return 'number';
  return /^\w/.test(token) ? 'word' : 'plain';
}
