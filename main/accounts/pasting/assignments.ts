import { identifyingNames, isKnown, normalizeName } from './paste-fields.ts';
import { asValue, referenceAt } from './variables.ts';

/** Prefixes of environment variables, in order of precedence: OSS's own tools, then SDKs. */
export const families = ['OSS', 'ALIBABA_CLOUD', 'ALIBABACLOUD', 'ALICLOUD'] as const;

/** One field that a line sets. */
interface Assignment {
  /** The prefix of its variable; null for a bare name. */
  readonly family: (typeof families)[number] | null;
  /** Normalised. */
  readonly name: string;
  readonly value: string;
}

/** Between a name and its value: `=`, `:`, `=>`, or the comma of a call whose arguments are both quoted. */
const separator = /["']\]?\s*,\s*(?=["'])|["']?\]?\s*(?:=>|:=|[:=])\s*/y;

/** Between a name and its value where a command or a table sets them apart: blanks, or the rule of a table. */
const gap = /["']?[\s|]+/y;

/** What stands before a name that a gap follows: nothing, a prompt, or a command that sets variables, a few words before. */
const SETTER_LENGTH = 200;
const setter = /^\W*$|\b(?:setx?|setenv|env)\s[^=:]*$|\s--$/i;

const value = /"([^"]*)"|'([^']*)'|([^\s"'`,;&|<>()[\]{}]*)/y;

/** Reads the fields that a line sets, in any shell or language. A comment behind a value ends it. */
export function assignmentsIn(line: string): readonly Assignment[] {
  const found: Assignment[] = [];
  const word = /[A-Za-z_][\w.-]*/g;
  let end = 0;
  let commentAt = -1;
  for (let match = word.exec(line); match !== null; match = word.exec(line)) {
    // Looked for once, not for each word.
    if (commentAt < end) commentAt = startOfComment(line, end);
    if (found.length > 0 && commentAt < match.index) break;
    const field = fieldOf(match[0]);
    const from = field === null ? null : startOfValue(line, match.index, word.lastIndex, field);
    if (field === null || from === null) continue;
    const read = valueAt(line, from);
    if (isKnown(normalizeName(read.value))) continue;
    ({ end } = read);
    word.lastIndex = end;
    found.push({ ...field, value: read.value });
  }
  return found;
}

function startOfComment(line: string, from: number): number {
  const sign = /\s[#;]/g;
  sign.lastIndex = from;
  return sign.exec(line)?.index ?? line.length;
}

function valueAt(line: string, from: number): { readonly value: string; readonly end: number } {
  const reference = referenceAt(line, from);
  if (reference !== null) return { value: asValue(reference), end: reference.end };
  value.lastIndex = from;
  const [whole = '', ...written] = value.exec(line) ?? [];
  return { value: written.join(''), end: from + whole.length };
}

/** The field that a variable, a setting or an option names; null for any other word. */
function fieldOf(word: string): Omit<Assignment, 'value'> | null {
  if (word.length > 100) return null;
  const last = word.slice(word.lastIndexOf('.') + 1);
  const family = families.find((prefix) => last.toUpperCase().startsWith(`${prefix}_`)) ?? null;
  const name = normalizeName(family === null ? last : last.slice(family.length));
  return isKnown(name) ? { family, name } : null;
}

function startOfValue(
  line: string,
  start: number,
  end: number,
  { family, name }: Omit<Assignment, 'value'>,
): number | null {
  separator.lastIndex = end;
  if (separator.test(line)) return separator.lastIndex;
  gap.lastIndex = end;
  const isClear = family !== null || identifyingNames.includes(name);
  return isClear &&
    setter.test(line.slice(Math.max(0, start - SETTER_LENGTH), start)) &&
    gap.test(line) &&
    gap.lastIndex < line.length
    ? gap.lastIndex
    : null;
}
