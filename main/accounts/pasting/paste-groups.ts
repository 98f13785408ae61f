import type { Fields, PastedSource } from './paste-fields.ts';
import { normalizeName } from './paste-json.ts';

/** Fields that belong together: one section of a file, or environment variables with a common prefix. */
interface Group {
  readonly source: PastedSource;
  readonly fields: Fields;
}

/** Longer lines are skipped; a security token has about 1,000 characters. */
const MAX_LINE_LENGTH = 16 * 1024;
const MAX_LINES = 5000;

/** Commands that set a variable: sh, fish, csh, cmd, docker. */
const setters = /^(?:export|setx?|setenv|declare -x|-e|--env)\s+(?:-\w+\s+)*/i;

/** Prefixes of environment variables, in order of precedence: OSS's own tools, then SDKs. */
const families = ['OSS', 'ALIBABA_CLOUD', 'ALIBABACLOUD', 'ALICLOUD'];

/** A line that sets nothing, in sh, ini, YAML, JavaScript and cmd. */
const comment = /^\s*(?:#|;|\/\/|::|rem\s)/i;

/** Lines without the `# ` of a root shell, which each of them then has. */
function withoutRootPrompts(lines: readonly string[]): readonly string[] {
  const isPrompted = lines.every((line) => line.trim() === '' || /^\s*# (?:export|[A-Z_]+=)/.test(line));
  return isPrompted ? lines.map((line) => line.replace(/^\s*# /, '')) : lines;
}

interface Section {
  readonly name: string;
  readonly fields: Map<string, string>;
}

/** Groups the fields of environment variables or of an ini file. */
export function pastedGroups(text: string): readonly Group[] {
  const variables = new Map(families.map((family) => [family, new Map<string, string>()]));
  const sections: Section[] = [{ name: '', fields: new Map() }];
  const written = withoutRootPrompts(text.split(/\r\n|[\r\n]/, MAX_LINES)).filter(
    (line) => line.length <= MAX_LINE_LENGTH,
  );
  const lines = written.filter((line) => !comment.test(line)).flatMap((line) => line.split(/;\s+|\s&&\s/));
  for (const line of lines) {
    const heading = /^\s*\[\s*([^\]]*?)\s*\]\s*$/.exec(line)?.[1];
    if (heading === undefined) setField(line, variables, sections);
    else sections.push({ name: heading.replace(/^profile\s+/i, ''), fields: new Map() });
  }
  return [...environmentGroups(variables, expiryIn(written)), ...sections.flatMap(sectionGroup)];
}

function setField(line: string, variables: ReadonlyMap<string, Map<string, string>>, sections: readonly Section[]) {
  const [name, value] = readLine(line) ?? [];
  if (name === undefined || value === undefined) return;
  const family = families.find((prefix) => name.toUpperCase().startsWith(`${prefix}_`));
  if (family === undefined) sections.at(-1)?.fields.set(normalizeName(name), value);
  else variables.get(family)?.set(normalizeName(name.slice(family.length)), value);
}

/** The expiry in the comment that Waybill's grants begin with: no tool has a variable for it. */
function expiryIn(lines: readonly string[]): string | null {
  for (const line of lines) {
    const expiry = /\bvalid until:? (\d{4}-\d\d-\d\dT[\d:.]+Z)/i.exec(line)?.[1];
    if (expiry !== undefined) return expiry;
  }
  return null;
}

/** Name and value of a line that sets one; null for any other line. */
function readLine(line: string): readonly [name: string, value: string] | null {
  // Strip the prompt, the command, PowerShell's `$env:`, YAML's list dash, and the quote of cmd's `set "A=b"`.
  const text = line
    .trim()
    .replace(/^(?:[$>%]|PS [^>]{0,200}>)\s+/, '')
    .replace(setters, '')
    .replace(/^\$env:/i, '')
    .replace(/^- /, '')
    .replace(/^["']/, '')
    // The console's own words.
    .replace(/^(access ?key|security|session) (id|secret|token)\b/i, '$1$2');
  const match = /^([A-Za-z][\w-]{0,63})["']?(\s*[:=]\s*|\s+)(.*)$/.exec(text);
  if (match === null) return null;
  const [, name = '', , rest = ''] = match;
  return [name, unquoted(rest)];
}

function unquoted(text: string): string {
  const value = text
    .trim()
    .replace(/^([^"'\s]+)\s+[#;].*$/, '$1')
    .replace(/[;,]$/, '')
    .trim();
  const quoted = /^(["'])(.*)\1$/.exec(value)?.[2];
  // cmd quotes the whole assignment, so only the closing quote is left here.
  return quoted ?? value.replace(/["']$/, '');
}

function environmentGroups(variables: ReadonlyMap<string, Map<string, string>>, validUntil: string | null): Group[] {
  return [...variables.values()]
    .filter((fields) => fields.size > 0)
    .map((fields) => {
      if (validUntil !== null && !fields.has('expiration')) fields.set('expiration', validUntil);
      return { source: 'environment', fields };
    });
}

function sectionGroup({ name, fields }: Section): readonly Group[] {
  if (!fields.has('accesskeyid') && !fields.has('accesskeysecret')) return [];
  // ossutil 1 has a single section, [Credentials], whose name identifies no profile.
  if (name !== '' && name.toLowerCase() !== 'credentials' && !fields.has('name')) fields.set('name', name);
  return [{ source: name === '' ? 'environment' : 'ossutil', fields }];
}
