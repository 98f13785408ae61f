/** A file's sections by name, each a table of values by key. */
export type Ini = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** How names of sections and keys are compared. */
export interface IniNames {
  readonly section: (name: string) => string;
  readonly key: (name: string) => string;
}

/**
 * Reads an INI file: `[section]`, `key = value`, and lines of comments that begin with `#` or `;`. A value in quotes is
 * what stands between them; behind any other one, a blank and `#` or `;` begin a comment. Of two equal keys the last counts.
 * Lines of any other form are skipped, as the SDKs do.
 */
export function parseIni(text: string, names: IniNames): Ini {
  const sections = new Map<string, Map<string, string>>();
  let current = new Map<string, string>();
  for (const line of text.split(/\r\n|\r|\n/).map((part) => part.trim())) {
    if (/^[#;]/.test(line)) continue;
    const section = /^\[(.+)\]$/.exec(line)?.[1];
    if (section !== undefined) {
      const name = names.section(section.trim());
      current = sections.get(name) ?? new Map<string, string>();
      sections.set(name, current);
      continue;
    }
    const at = line.indexOf('=');
    if (at > 0) current.set(names.key(line.slice(0, at).trim()), unquoted(line.slice(at + 1).trim()));
  }
  return sections;
}

function unquoted(value: string): string {
  return /^(["'])(.*)\1$/.exec(value)?.[2] ?? value.replace(/\s+[#;].*$/, '');
}
