/** A stretch of a text; `end` is behind its last character. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A list of a document, and where its elements stand. */
export interface ListSpans {
  /** Behind the bracket that opens the list. */
  readonly start: number;
  readonly elements: readonly Span[];
}

interface Token extends Span {
  readonly text: string;
  /** How many brackets are open around it; around a bracket itself, those outside it. */
  readonly depth: number;
}

/**
 * Where a list of a JSON object stands in its text, so that the text can be edited around its elements.
 * @param json valid JSON
 * @returns null unless the document names the list exactly once, escapes considered
 */
export function findList(json: string, name: string): ListSpans | null {
  const tokens = tokensOf(json);
  const isName = ({ depth, text }: Token, index: number): boolean =>
    depth === 1 && tokens[index + 1]?.text === ':' && JSON.parse(text) === name;
  const [found, ...more] = tokens.flatMap((token, index) => (isName(token, index) ? [index + 2] : []));
  const opening = tokens[found ?? -1];
  if (found === undefined || more.length > 0 || tokens[0]?.text !== '{' || opening?.text !== '[') return null;
  const inside = tokens.slice(found + 1);
  return {
    start: opening.end,
    elements: elementsOf(
      inside.slice(
        0,
        inside.findIndex(({ depth }) => depth === 1),
      ),
    ),
  };
}

/**
 * A document with elements of a list written otherwise, null for those that go: with the comma before them, or behind them
 * where nothing stands before them. At least one must stay.
 */
export function rewriteElements(text: string, elements: readonly Span[], written: readonly (string | null)[]): string {
  const firstKept = written.findIndex((one) => one !== null);
  const kept = elements.map(({ start }, index) => {
    const one = written[index] ?? null;
    const before = elements[index - 1];
    if (one === null) return '';
    return index === firstKept || before === undefined ? one : text.slice(before.end, start) + one;
  });
  return text.slice(0, elements[0]?.start) + kept.join('') + text.slice(elements.at(-1)?.end);
}

function elementsOf(tokens: readonly Token[]): readonly Span[] {
  const elements: Span[] = [];
  let start = -1;
  let end = -1;
  for (const token of tokens) {
    const isComma = token.depth === 2 && token.text === ',';
    if (isComma) elements.push({ start, end });
    else [start, end] = [start === -1 ? token.start : start, token.end];
    if (isComma) start = -1;
  }
  return start === -1 ? elements : [...elements, { start, end }];
}

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;

function tokensOf(json: string): readonly Token[] {
  let depth = 0;
  return [...json.matchAll(TOKEN)].map(({ 0: text, index: start }) => {
    if (text === '}' || text === ']') depth--;
    const token = { text, start, end: start + text.length, depth };
    if (text === '{' || text === '[') depth++;
    return token;
  });
}
