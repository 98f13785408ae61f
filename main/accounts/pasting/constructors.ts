import { asValue, referenceAt } from './variables.ts';

/** Calls of SDKs that take an AccessKey ID and a secret by their position. */
const constructors = new RegExp(
  `\\b(?:${[
    // Python, and what imitates it
    'oss2\\.(?:Auth(?:V[24])?|StsAuth)|OSS\\.Auth',
    // Go
    'oss\\.New',
    // Java, C#, PHP, and the current versions of Go and Python
    '(?:new)?(?:Default|Static|Basic)Credentials?(?:Provider)?',
    'O(?:SS|ss)Client(?:Builder\\(\\)\\.build)?',
  ].join('|')})\\s*\\(`,
  'gi',
);

/** Most calls that are looked at, and most characters of the arguments of one. */
const MAX_CALLS = 100;
const MAX_ARGUMENTS = 10_000;

/**
 * Fields, by normalised name, of the calls in a program: the ID, the secret and a token by position, an endpoint and a
 * region wherever they stand. Arguments that are no text count as little as those that are left out.
 */
export function constructorFields(text: string): readonly ReadonlyMap<string, string>[] {
  const found = new Map<string, ReadonlyMap<string, string>>();
  const calls = [...text.matchAll(constructors)].slice(0, MAX_CALLS);
  for (const call of calls) {
    const from = call.index + call[0].length;
    const fields = fieldsOf(argumentsIn(text.slice(from, from + MAX_ARGUMENTS)));
    if (fields !== null) found.set(fields.get('accesskeyid') ?? '', fields);
  }
  return [...found.values()];
}

function fieldsOf(given: readonly string[]): ReadonlyMap<string, string> | null {
  const endpoint = given.find(isEndpoint);
  const region = given.find(isRegion);
  const [id, secret, token] = given.filter((value) => !isEndpoint(value) && !isRegion(value));
  if (id === undefined || secret === undefined) return null;
  return new Map(
    Object.entries({ accesskeyid: id, accesskeysecret: secret, securitytoken: token, endpoint, region }).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    ),
  );
}

function isEndpoint(value: string): boolean {
  return /^https?:/i.test(value) || (/^[a-z0-9-]+(?:\.[a-z0-9-]+)+(?::\d+)?\/?$/i.test(value) && !/^STS\./.test(value));
}

function isRegion(value: string): boolean {
  return /^(?:oss-)?(?:cn|ap|us|eu|me|na|rg)-[a-z0-9-]{3,40}$/.test(value);
}

/** One text of a program, in any of its quotes. */
const literal = /(?:[rbu@]{0,2})(?:"((?:[^"\\\n]|\\.)*)"|'((?:[^'\\\n]|\\.)*)'|`([^`\n]*)`)/iy;

/** The token of a Go client is an option: oss.SecurityToken("…"). */
const option = /oss\.SecurityToken\(\s*/y;

/** The arguments of a call that are texts or references to variables, in their order. */
function argumentsIn(text: string): readonly string[] {
  const found: string[] = [];
  let at = 0;
  while (at < text.length) {
    at = skip(text, at, /\s*/y);
    at = skip(text, at, option);
    const read = argumentAt(text, at);
    if (read !== null) found.push(read.value);
    const end = endOfArgument(text, read?.end ?? at);
    if (text[end] !== ',') break;
    at = end + 1;
  }
  return found;
}

function argumentAt(text: string, at: number): { readonly value: string; readonly end: number } | null {
  const reference = referenceAt(text, at);
  if (reference !== null) return { value: asValue(reference), end: reference.end };
  literal.lastIndex = at;
  const match = literal.exec(text);
  if (match === null) return null;
  const value = match[1] ?? match[2] ?? match[3] ?? '';
  return { value, end: literal.lastIndex };
}

/** The index of the comma or the bracket that ends an argument; brackets and texts inside of it belong to it. */
function endOfArgument(text: string, from: number): number {
  const sign = /[()[\]{},]|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/g;
  sign.lastIndex = from;
  let depth = 0;
  for (let found = sign.exec(text); found !== null; found = sign.exec(text)) {
    const [what] = found;
    if (depth === 0 && (what === ',' || /^[)\]}]$/.test(what))) return found.index;
    if (/^[([{]$/.test(what)) depth += 1;
    if (/^[)\]}]$/.test(what)) depth -= 1;
  }
  return text.length;
}

function skip(text: string, at: number, what: RegExp): number {
  what.lastIndex = at;
  return what.test(text) ? what.lastIndex : at;
}
