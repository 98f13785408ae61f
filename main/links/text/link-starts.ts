/** Where an address may begin, and where the text that may belong to it ends. */
export interface LinkStart {
  readonly at: number;
  readonly end: number;
}

/** Most addresses tried inside one that isn't a link: bounds the work for a text of nothing but addresses. */
const MAX_NESTED = 16;

const colon = String.raw`(?:[:：]|%(?:25)*3A|=3A|-3A|&#58;|&#x3a;|&colon;|\\+u003a|\\+x3a|\^:)`;
const slash = String.raw`(?:[/／_]|%(?:25)*2F|=2F|&#47;|&#x2f;|&sol;|\\+u002f|\\+x2f|\\+/)`;
const schemeStart = String.raw`https?${colon}${slash}{2}`;
const bareHost = String.raw`(?<![a-z0-9./_=%@-])[a-z0-9][a-z0-9.-]{0,200}\.aliyuncs\.com[/?]`;
const startPattern = new RegExp(`${schemeStart}|${bareHost}`, 'gi');

/**
 * Every place where an address may begin. A text that belongs to it ends at a blank line or at the next address; one
 * inside another address (behind `=` or `/`, say) doesn't end that.
 */
export function linkStarts(text: string): readonly LinkStart[] {
  const starts: { at: number; isNested: boolean }[] = [];
  let nested = 0;
  for (const { 0: start, index } of text.matchAll(startPattern)) {
    const before = text.charAt(index - 1);
    const isInside = /[\w/=%?&.-]/.test(before);
    nested = isInside ? nested + 1 : 0;
    // A line of a key that holds an address may begin with that.
    const isNested = isInside || (/%/.test(start) && /\s/.test(before));
    if (nested <= MAX_NESTED) starts.push({ at: index, isNested });
  }
  const ends: number[] = [];
  let end = text.length;
  for (const { at, isNested } of starts.toReversed()) {
    ends.push(end);
    if (!isNested) end = at;
  }
  ends.reverse();
  const blank = blankLines(text);
  let line = 0;
  return starts.map(({ at }, index) => {
    while ((blank[line] ?? text.length) < at) line += 1;
    return { at, end: Math.min(ends[index] ?? text.length, blank[line] ?? text.length) };
  });
}

/** The indexes of line breaks that a blank line follows; one with nothing but quote marks is blank. */
function blankLines(text: string): readonly number[] {
  const found: number[] = [];
  let before = -1;
  for (const { index } of text.matchAll(/\r\n|[\r\n]|$/g)) {
    const isBlank = /^[\s>|]*$/.test(text.slice(before + 1, Math.min(index, before + 200)));
    if (isBlank && before >= 0 && index > before) found.push(before);
    before = index;
  }
  return found;
}
