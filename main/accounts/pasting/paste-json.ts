import { type Fields, isAccount, normalizeName } from './paste-fields.ts';
import { endOfQuoted } from './quoted.ts';

/** Limits of the search, far above what STS replies and configuration files need. */
const MAX_DEPTH = 6;
const MAX_OBJECTS = 500;
const MAX_STARTS = 20;

/** Objects in a text that look like credentials. */
export interface Found {
  readonly objects: readonly Fields[];
  /** The field `current` of the outermost object: the name of the profile in use. */
  readonly current: string | null;
}

/** Finds credentials in the JSON of a text, whatever stands around it. */
export function jsonIn(text: string): Found {
  const values = embeddedJson(text);
  // A log or another JSON text may quote it.
  const found = (values.length > 0 ? values : embeddedJson(text.replaceAll('\\"', '"'))).map(objectsIn);
  return {
    objects: found.flatMap(({ objects }) => objects),
    current: found.find(({ current }) => current !== null)?.current ?? null,
  };
}

/** Finds credentials in the authorization codes of oss-browser in a text: JSON objects in base64. */
export function authCodesIn(text: string): Found {
  // Base64 of a brace and what may follow it; a mail program may have wrapped it.
  const codes = text.matchAll(/(?<![\w+/])e[wy](?:[\w+/-]+\s{0,2}){10,}/g);
  const decoded = [...codes].slice(0, MAX_STARTS).map(([code]) => Buffer.from(code, 'base64').toString('utf8'));
  return jsonIn(decoded.join('\n'));
}

/** The JSON objects and arrays in a text, outermost ones only. */
function embeddedJson(text: string): readonly unknown[] {
  const values: unknown[] = [];
  const start = /\{\s*["}]|\[\s*\{/g;
  for (let tries = 0; tries < MAX_STARTS; tries += 1) {
    const from = start.exec(text)?.index;
    if (from === undefined) break;
    const end = endOfJson(text, from);
    const value = end === null ? undefined : parse(text.slice(from, end));
    start.lastIndex = value === undefined ? from + 1 : (end ?? from);
    if (value !== undefined) values.push(value);
  }
  return values;
}

/** Where the bracket that opens at `from` is closed; null if nowhere. */
function endOfJson(text: string, from: number): number | null {
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    const sign = text.charAt(at);
    if (sign === '"') at = endOfQuoted(text, at, true) - 1;
    if (sign === '{' || sign === '[') depth += 1;
    if (sign === '}' || sign === ']') depth -= 1;
    if (depth === 0) return at + 1;
  }
  return null;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function objectsIn(value: unknown): Found {
  const objects: Fields[] = [];
  let visited = 0;
  const visit = (part: unknown, depth: number): void => {
    if (typeof part !== 'object' || part === null || depth > MAX_DEPTH || visited >= MAX_OBJECTS) return;
    visited += 1;
    if (!Array.isArray(part)) {
      const fields = fieldsOf(part);
      if (isAccount(fields)) objects.push(fields);
    }
    for (const child of Object.values(part)) visit(child, depth + 1);
  };
  visit(value, 0);
  const top = typeof value === 'object' && value !== null && 'current' in value ? value.current : null;
  return { objects, current: typeof top === 'string' && top !== '' ? top : null };
}

function fieldsOf(part: object): Fields {
  const fields = new Map<string, string>();
  for (const [name, value] of Object.entries(part)) {
    if (typeof value === 'string' || typeof value === 'number') fields.set(normalizeName(name), String(value));
  }
  return fields;
}
