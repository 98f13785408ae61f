/** A command line as bash has it, up to the cursor. */
export interface ShellLine {
  /** The words without quotes and backslashes; the last is the one at the cursor. */
  readonly words: readonly string[];
  /** How much of the last word stands before what bash replaces. */
  readonly kept: number;
  /** The quote that is open at the cursor. */
  readonly quote: '' | '"' | "'";
}

const TOKEN =
  /'(?<single>[^']*)(?<singleEnd>'?)|"(?<double>(?:\\.|[^"\\])*)(?<doubleEnd>"?)|\\(?<escaped>.)|(?<blank>\s+)|(?<plain>.)/gsu;

/**
 * Splits a line as bash does, without expanding anything. `breaks`: COMP_WORDBREAKS, after which bash replaces text: it
 * takes the colon of `oss://` and the `=` of an option for the start of a word.
 * @see https://www.gnu.org/software/bash/manual/html_node/Quoting.html
 */
export function readShellLine(line: string, breaks: string): ShellLine {
  const words: string[] = [];
  let word: string | null = null;
  let kept = 0;
  let quote: ShellLine['quote'] = '';
  for (const { groups = {} } of line.matchAll(TOKEN)) {
    if (groups['blank'] !== undefined) {
      if (word !== null) words.push(word);
      word = null;
      kept = 0;
      continue;
    }
    const before: string = word ?? '';
    word = before + textOf(groups);
    quote = openQuote(groups);
    if (quote !== '') kept = before.length;
    else if (isBreak(groups, breaks)) kept = word.length;
  }
  return { words: [...words, word ?? ''], kept, quote };
}

type Groups = Readonly<Record<string, string | undefined>>;

function textOf({ single, double, escaped, plain }: Groups): string {
  return single ?? double?.replaceAll(/\\(["$`\\])/g, '$1') ?? escaped ?? plain ?? '';
}

function openQuote({ single, singleEnd, double, doubleEnd }: Groups): ShellLine['quote'] {
  if (single !== undefined && singleEnd === '') return "'";
  return double !== undefined && doubleEnd === '' ? '"' : '';
}

/** Quotes are breaks, too, where they end. */
function isBreak({ single, double, plain }: Groups, breaks: string): boolean {
  return single !== undefined || double !== undefined || (plain !== undefined && breaks.includes(plain));
}

/** A text as it stands in the line behind what is kept, with the blank that ends a whole word. */
export function shellText(value: string, { kept, quote }: ShellLine): string {
  const rest = value.slice(kept);
  // bash closes the quote itself.
  if (quote === "'") return rest.replaceAll("'", String.raw`'\''`);
  if (quote === '"') return rest.replaceAll(/["$`\\]/g, String.raw`\$&`);
  const written = rest.replaceAll(/[^\p{L}\p{N}\p{M}_./:=@%+,^-]/gu, String.raw`\$&`);
  return isOpen(value) ? written : `${written} `;
}

/** Whether more of the same word can follow: a folder, a bucket, an option that is about to get its value. */
function isOpen(value: string): boolean {
  return /[/=]$/.test(value);
}
