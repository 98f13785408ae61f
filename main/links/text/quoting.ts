/*
 * Texts as literals of other languages. Keys, headers and names come from anyone: each function yields exactly one
 * string literal, or one word, whatever the text holds.
 */

/** For POSIX shells. */
export function shellText(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/**
 * For POSIX shells, as part of a word without quotes: a backslash before each ASCII character that could mean something
 * there, also to bash (braces, `~` after `=`) and zsh (`^`, `#`). A line feed can't be written so.
 */
export function shellWord(text: string): string {
  return text.replace(/[\x20-\x7e]/g, (character) => (/[\w@%+=:,./-]/.test(character) ? character : `\\${character}`));
}

/** For PowerShell, which also takes typographic quotes as quotes. */
export function powershellText(text: string): string {
  return `'${text.replace(/['\u2018-\u201b]/g, '$&$&')}'`;
}

/** Characters that are invisible, that change how the line is read, or that have no UTF-8. */
const hidden = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** For Python. Invisible characters are escaped. */
export function pythonText(text: string): string {
  const escaped = text.replace(/["\\]/g, '\\$&').replace(hidden, (character) => {
    const code = (character.codePointAt(0) ?? 0).toString(16);
    return code.length > 4 ? `\\U${code.padStart(8, '0')}` : `\\u${code.padStart(4, '0')}`;
  });
  return `"${escaped}"`;
}

/** For JavaScript, also inside a page: `</script>` would end the script there. Invisible characters are escaped. */
export function scriptText(text: string): string {
  return JSON.stringify(text).replace(/[<\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => {
    return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
  });
}
