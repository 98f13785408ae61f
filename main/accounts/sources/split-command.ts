/** How a command line is written. */
interface Grammar {
  /** A part of a word: text in double quotes, in single quotes, or one character that stands in none. */
  readonly part: string;
  /** What a backslash escapes within double quotes, and outside of quotes. */
  readonly quoted: RegExp;
  readonly plain: RegExp;
}

const posix: Grammar = {
  part: String.raw`"((?:[^"\\]|\\[\s\S])*)"|'([^']*)'|([^\s"'\\]|\\[\s\S])`,
  quoted: /\\(\n|["\\$`])/g,
  plain: /\\([\s\S])/g,
};

const windows: Grammar = {
  part: String.raw`"((?:[^"\\]|\\"|\\(?!"))*)"|'([^']*)'|([^\s"'])`,
  quoted: /\\(")/g,
  plain: /(?!)/g,
};

/**
 * Splits the `process_command` of a profile into a program and its arguments, as the aliyun CLI does, so that no shell is
 * needed. Quotes group. On Unix, `\` escapes as in a POSIX shell; on Windows it separates folders, and escapes only `"`
 * within double quotes. Null for a command that is empty, or ends within quotes or behind a backslash.
 * @see https://github.com/aliyun/aliyun-cli/blob/master/config/command_split.go
 */
export function splitCommand(command: string, isWindows: boolean): readonly string[] | null {
  const grammar = isWindows ? windows : posix;
  const written = wordsOf(command.trim(), grammar);
  // A backslash before a line break joins two lines; alone it is no word.
  const words = written?.filter((word) => !/^(?:\\\n)+$/.test(word)).map((word) => valueOf(word, grammar)) ?? [];
  return (words[0] ?? '') === '' ? null : words;
}

/** The words as they are written; null if one never ends. */
function wordsOf(text: string, { part }: Grammar): readonly string[] | null {
  const word = new RegExp(String.raw`\s*((?:${part})+)(?:\s+|$)`, 'y');
  const words: string[] = [];
  while (word.lastIndex < text.length) {
    const found = word.exec(text)?.[1];
    if (found === undefined) return null;
    words.push(found);
  }
  return words;
}

function valueOf(word: string, { part, quoted, plain }: Grammar): string {
  return word.replace(
    new RegExp(part, 'g'),
    (_, double: string | undefined, single: string | undefined, bare: string | undefined) =>
      single ?? (double === undefined ? unescape(bare ?? '', plain) : unescape(double, quoted)),
  );
}

function unescape(text: string, escape: RegExp): string {
  return text.replace(escape, (_, sign: string) => (sign === '\n' ? '' : sign));
}
