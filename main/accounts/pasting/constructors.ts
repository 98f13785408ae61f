import { isKeyId } from './paste-fields.ts';
import { endOfQuoted } from './quoted.ts';
import { asValue, referenceAt, variableOf } from './variables.ts';

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

/** Most calls that are looked at, and most characters of the arguments of one, and of all. */
const MAX_CALLS = 100;
const MAX_ARGUMENTS = 10_000;
const MAX_ALL_ARGUMENTS = 200_000;

/**
 * Fields, by normalised name, of the calls in a program: the ID, the secret and a token by position, an endpoint and a
 * region wherever they stand. An argument that is no text keeps its place: else a secret behind it would pass for the ID,
 * which is shown and stored.
 */
export function constructorFields(text: string): readonly ReadonlyMap<string, string>[] {
  const found = new Map<string, ReadonlyMap<string, string>>();
  let left = MAX_ALL_ARGUMENTS;
  for (const call of [...text.matchAll(constructors)].slice(0, MAX_CALLS)) {
    const from = call.index + call[0].length;
    const given = text.slice(from, from + Math.min(MAX_ARGUMENTS, left));
    left -= given.length;
    const fields = fieldsOf(argumentsIn(given));
    if (fields !== null) found.set(fields.get('accesskeyid') ?? '', fields);
  }
  return [...found.values()];
}

/** The shortest secret; those of STS are longer. */
const SECRET_LENGTH = 30;

/** The text of an argument; null for anything else. */
type Argument = string | null;

function fieldsOf(given: readonly Argument[]): ReadonlyMap<string, string> | null {
  const endpoint = given.find(isEndpoint);
  const region = given.find(isRegion);
  const [first, secret, ...others] = given.slice(isPlace(given) ? 1 : 0);
  const id = isLikeSecret(first) ? null : first;
  const [token] = others.filter((value) => value !== null && !isEndpoint(value) && !isRegion(value));
  if (secret === undefined || (id ?? secret) === null) return null;
  return new Map(
    Object.entries({ accesskeyid: id, accesskeysecret: secret, securitytoken: token, endpoint, region }).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    ),
  );
}

/**
 * Whether the first argument is where OSS is: as a text, or as something else before what can't be a secret. Only then do
 * the others count from the second on.
 */
function isPlace([first = null, second = null]: readonly Argument[]): boolean {
  if (first !== null && variableOf(first) === null) return isEndpoint(first) || isRegion(first);
  return isKeyId(second) || (first === null && variableOf(second) !== null);
}

/** Whether a text is as long as a secret, and no AccessKey ID that is known by its beginning. */
function isLikeSecret(value: Argument | undefined): boolean {
  return (value?.length ?? 0) >= SECRET_LENGTH && !isKeyId(value ?? null) && variableOf(value ?? null) === null;
}

function isEndpoint(value: Argument): value is string {
  if (value === null) return false;
  return /^https?:/i.test(value) || (/^[a-z0-9-]+(?:\.[a-z0-9-]+)+(?::\d+)?\/?$/i.test(value) && !/^STS\./.test(value));
}

function isRegion(value: Argument): value is string {
  return value !== null && /^(?:oss-)?(?:cn|ap|us|eu|me|na|rg)-[a-z0-9-]{3,40}$/.test(value);
}

/** What may stand before an argument. */
const blanks = /(?:\s|#[^\n]*|\/\/[^\n]*|\/\*[^*]*\*\/)*/y;

/** The signs before a text of a program. */
const prefix = /[rbu@]{0,2}(?=["'`])/iy;

/** The token of a Go client is an option: oss.SecurityToken("…"). */
const option = /oss\.SecurityToken\(\s*/y;

/** The arguments of a call, in their order: texts, and references to variables. */
function argumentsIn(text: string): readonly Argument[] {
  const found: Argument[] = [];
  let at = 0;
  while (at < text.length) {
    at = skip(text, skip(text, at, blanks), option);
    const read = argumentAt(text, at);
    const end = endOfArgument(text, read?.end ?? at);
    // Behind the last comma, the list may end.
    if (read !== null || end > at || text[end] === ',') found.push(read?.value ?? null);
    if (text[end] !== ',') break;
    at = end + 1;
  }
  return found;
}

function argumentAt(text: string, at: number): { readonly value: string; readonly end: number } | null {
  const reference = referenceAt(text, at);
  if (reference !== null) return { value: asValue(reference), end: reference.end };
  const opened = skip(text, at, prefix);
  if (!isQuote(text[opened])) return null;
  const end = endOfQuoted(text, opened);
  return text[end - 1] === text[opened] && end - opened > 1 ? { value: text.slice(opened + 1, end - 1), end } : null;
}

/** The index of the comma or the bracket that ends an argument; brackets and texts inside of it belong to it. */
function endOfArgument(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    const sign = text.charAt(at);
    if (isQuote(sign)) at = endOfQuoted(text, at) - 1;
    else if (depth === 0 && ',)]}'.includes(sign)) return at;
    else if ('([{'.includes(sign)) depth += 1;
    else if (')]}'.includes(sign)) depth -= 1;
  }
  return text.length;
}

function isQuote(sign: string | undefined): boolean {
  return sign === '"' || sign === "'" || sign === '`';
}

function skip(text: string, at: number, what: RegExp): number {
  what.lastIndex = at;
  return what.test(text) ? what.lastIndex : at;
}
