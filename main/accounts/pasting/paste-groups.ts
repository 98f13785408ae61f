import type { Fields, PastedSource } from './paste-fields.ts';
import { plainName } from './paste-json.ts';

/** Fields that belong together: of one section of a file, or of one family of environment variables. */
interface Group {
  readonly source: PastedSource;
  readonly fields: Fields;
}

/** The longest line that is looked at; a security token has about 1,000 characters. */
const MOST_LINE = 16 * 1024;
const MOST_LINES = 5000;

/** Ways to set a variable: sh, fish, csh, cmd, PowerShell, docker. */
const setters = /^(?:export|setx?|setenv|declare -x|-e|--env)\s+(?:-\w+\s+)*/i;

/** The families of environment variables; the tools of OSS come first. */
const families = ['OSS', 'ALIBABA_CLOUD', 'ALICLOUD'];

interface Section {
  readonly name: string;
  readonly fields: Map<string, string>;
}

/** Groups the fields of environment lines or of an ini file. */
export function pastedGroups(text: string): readonly Group[] {
  const variables = new Map(families.map((family) => [family, new Map<string, string>()]));
  const sections: Section[] = [{ name: '', fields: new Map() }];
  const lines = text.split(/\r\n|[\r\n]|;\s+|\s&&\s/, MOST_LINES).filter((line) => line.length <= MOST_LINE);
  for (const line of lines) {
    const heading = /^\s*\[\s*([^\]]*?)\s*\]\s*$/.exec(line)?.[1];
    if (heading === undefined) setField(line, variables, sections);
    else sections.push({ name: heading.replace(/^profile\s+/i, ''), fields: new Map() });
  }
  return [...environmentGroups(variables, endIn(lines)), ...sections.flatMap(sectionGroup)];
}

function setField(line: string, variables: ReadonlyMap<string, Map<string, string>>, sections: readonly Section[]) {
  const [name, value] = readLine(line) ?? [];
  if (name === undefined || value === undefined) return;
  const family = families.find((one) => name.toUpperCase().startsWith(`${one}_`));
  if (family === undefined) sections.at(-1)?.fields.set(plainName(name), value);
  else variables.get(family)?.set(plainName(name.slice(family.length)), value);
}

/** No tool has a variable for the end; grants of Waybill say it in a comment. */
function endIn(lines: readonly string[]): string | null {
  for (const line of lines) {
    const end = /\bvalid until:? (\d{4}-\d\d-\d\dT[\d:.]+Z)/i.exec(line)?.[1];
    if (end !== undefined) return end;
  }
  return null;
}

/** A line that sets one thing. */
function readLine(line: string): readonly [name: string, value: string] | null {
  // PowerShell's `$env:`, cmd's `set "A=b"` and YAML's list dash are no part of the name.
  const text = line
    .trim()
    .replace(/^(?:[$>#%]|PS [^>]{0,200}>)\s+/, '')
    .replace(setters, '')
    .replace(/^\$env:/i, '')
    .replace(/^- /, '')
    .replace(/^["']/, '');
  const match = /^([A-Za-z][\w-]{0,63})["']?(\s*[:=]\s*|\s+)(.*)$/.exec(text);
  if (match === null) return null;
  const [, name = '', , rest = ''] = match;
  return [name, unquoted(rest)];
}

function unquoted(text: string): string {
  const value = text.trim().replace(/[;,]$/, '').trim();
  const quoted = /^(["'])(.*)\1$/.exec(value)?.[2];
  // cmd's quotes are around the whole of it, so that only the last one is left.
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
  // ossutil's first version knows one section only, whose name says nothing.
  if (name !== '' && name.toLowerCase() !== 'credentials' && !fields.has('name')) fields.set('name', name);
  return [{ source: name === '' ? 'environment' : 'ossutil', fields }];
}
