import { assignmentsIn, families } from './assignments.ts';
import { constructorFields } from './constructors.ts';
import {
  type Fields,
  hasKeyField,
  hasToken,
  isAccount,
  isTemporary,
  normalizeName,
  type PastedSource,
} from './paste-fields.ts';

/** Fields that belong together: one section of a file, or environment variables with a common prefix. */
export interface Group {
  readonly source: PastedSource;
  readonly fields: Fields;
}

/** Longer lines are skipped; a security token has about 1,000 characters. */
const MAX_LINE_LENGTH = 16 * 1024;
const MAX_LINES = 5000;

/** A line that sets nothing, in sh, ini, YAML, JavaScript and cmd. */
const comment = /^\s*(?:#|;|\/\/|::|rem\s)/i;

interface Section {
  /** Empty before the first heading. */
  readonly name: string;
  fields: Map<string, string>;
}

/** Groups the fields that the lines of a text set: environment variables, files, tables and programs. */
export function pastedGroups(text: string): readonly Group[] {
  const written = withoutRootPrompts(inLines(text).split(/\r\n|[\r\n]/, MAX_LINES)).filter(
    (line) => line.length <= MAX_LINE_LENGTH,
  );
  const lines = written.filter((line) => !comment.test(line));
  const { variables, sections } = readLines(lines);
  const settings = sections.find(({ fields }) => fields.size > 0 && !hasKeyField(fields))?.fields ?? new Map();
  return [
    ...environmentGroups(variables, { settings, expiry: expiryIn(written) }),
    ...sections.flatMap(sectionGroup),
    ...tableGroups(lines),
    ...constructorFields(lines.join('\n')).map((fields) => ({ source: 'program' as const, fields })),
  ];
}

/** A text whose names and values stand on one line, without blanks in the names. */
function inLines(text: string): string {
  return (
    text
      // Runs are bounded: what needs a text behind any number of blanks looks at each blank again and again.
      // The console's own words.
      .replace(/\b(?:secret access key|access[ -]?key (?:id|secret)|(?:security|session|sts) token)\b/gi, (words) =>
        words.replaceAll(' ', ''),
      )
      .replace(
        /^([ \t]{0,80}(?:access-?key-?(?:id|secret)|securitytoken))[ \t]{0,80}:?[ \t]{0,80}(?:\r?\n[ \t]{0,80}){1,20}(?=[^\s:=,]{1,9999}[ \t]{0,80}\r?$)/gim,
        '$1: ',
      )
      // XML, and lists of names and values as Kubernetes and Hadoop have them.
      .replace(/<([A-Za-z][\w.]*)>([^<>]*)<\/\1>/g, '\n$1: $2\n')
      .replace(/\bname["']?\s*[:=]\s*["']?([A-Za-z_][\w.-]*)["']?[\s,]*["']?value["']?(?=\s*[:=])/gi, '$1')
  );
}

/** Lines without the `# ` of a root shell, which each of them then has. */
function withoutRootPrompts(lines: readonly string[]): readonly string[] {
  const isPrompted = lines.every((line) => line.trim() === '' || /^\s*# (?:export|[A-Z_]+=)/.test(line));
  return isPrompted ? lines.map((line) => line.replace(/^\s*# /, '')) : lines;
}

function readLines(lines: readonly string[]) {
  const variables = new Map(families.map((family) => [family, new Map<string, string>()]));
  const sections: Section[] = [{ name: '', fields: new Map() }];
  for (const line of lines) {
    const heading = /^\s*\[([^\]{}"']*)\]\s*(?:\s[#;].*)?$/.exec(line)?.[1]?.trim();
    if (heading !== undefined) sections.push(newSection(heading));
    for (const { family, name, value } of heading === undefined ? assignmentsIn(line) : []) {
      if (family === null) sectionFor(name, sections).set(name, value);
      else variables.get(family)?.set(name, value);
    }
  }
  return { variables, sections };
}

function newSection(heading: string): Section {
  // ossutil 1 takes the keys of [AkService] from the machine that it runs on.
  const isService = heading.toLowerCase() === 'akservice';
  return { name: heading.replace(/^profile\s+/i, ''), fields: new Map(isService ? [['mode', 'EcsRamRole']] : []) };
}

/** The fields of the last section; of a new one if the AccessKey ID of another pair begins. */
function sectionFor(name: string, sections: Section[]): Map<string, string> {
  const last = sections.at(-1) ?? newSection('');
  const isNext = name === 'accesskeyid' && last.fields.has('accesskeyid') && last.fields.has('accesskeysecret');
  if (isNext) sections.push({ name: last.name, fields: new Map() });
  return sections.at(-1)?.fields ?? last.fields;
}

/** The expiry in the comment that Waybill's grants begin with: no tool has a variable for it. */
function expiryIn(lines: readonly string[]): string | null {
  for (const line of lines) {
    const expiry = /\bvalid until:? (\d{4}-\d\d-\d\dT[\d:.]+Z)/i.exec(line)?.[1];
    if (expiry !== undefined) return expiry;
  }
  return null;
}

/** Variables of each family; bare names, such as SECURITY_TOKEN, count for those that don't have their own. */
function environmentGroups(
  variables: ReadonlyMap<string, Fields>,
  { settings, expiry }: { readonly settings: Fields; readonly expiry: string | null },
): Group[] {
  const groups = [...variables.values()].filter((fields) => fields.size > 0);
  const tokenless = groups.filter((fields) => !hasToken(fields));
  const temporary = tokenless.filter(isTemporary);
  const owners = temporary.length > 0 ? temporary : tokenless;
  return groups.map((own) => {
    const shared = [...settings].filter(([name]) => owners.includes(own) || !hasToken(new Map([[name, 'set']])));
    const until = expiry === null ? [] : [['expiration', expiry] as const];
    return { source: 'environment', fields: new Map([...until, ...shared, ...own]) };
  });
}

function sectionGroup({ name, fields }: Section): readonly Group[] {
  if (!isAccount(name === '' ? fields : new Map([...fields, ['name', name]]))) return [];
  // ossutil 1 has a single section, [Credentials], whose name identifies no profile.
  const isProfile = name !== '' && name.toLowerCase() !== 'credentials';
  return [
    {
      source: name === '' ? 'environment' : 'ossutil',
      fields: isProfile ? new Map([...fields, ['name', name]]) : fields,
    },
  ];
}

/** The rows below a heading that names an AccessKey ID and a secret, as in the console's AccessKey.csv. */
function tableGroups(lines: readonly string[]): readonly Group[] {
  const start = lines.findIndex((line) => {
    const cells = cellsOf(line).map(normalizeName);
    return cells.includes('accesskeyid') && cells.includes('accesskeysecret');
  });
  const heading = lines[start];
  if (heading === undefined) return [];
  const columns = cellsOf(heading).map(normalizeName);
  return lines
    .slice(start + 1)
    .map((line) => new Map(cellsOf(line).map((cell, index) => [columns[index] ?? '', cell] as const)))
    .filter((fields) => fields.size === columns.length)
    .map((fields) => ({ source: 'table', fields }));
}

function cellsOf(line: string): readonly string[] {
  const separated = /[,\t;|]/.test(line) ? line.trim().split(/[,\t;|]/) : line.trim().split(/\s+/);
  return separated.map((cell) => cell.trim().replace(/^(["'])(.*)\1$/, '$2'));
}
