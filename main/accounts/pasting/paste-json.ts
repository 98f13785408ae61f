import { type Fields, identifyingNames } from './paste-fields.ts';

/** Limits of the search, far above what STS replies and configuration files need. */
const MAX_DEPTH = 6;
const MAX_OBJECTS = 500;

/** Longest authorization code that is decoded, in characters. */
const MAX_BASE64_LENGTH = 64 * 1024;

/** Parses a JSON object or array; undefined for any other text. */
export function parseJsonObject(text: string): unknown {
  if (!/^[{[]/.test(text)) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Parses an authorization code of oss-browser: a JSON object in base64, and nothing else. */
export function parseBase64Json(text: string): unknown {
  if (text.length > MAX_BASE64_LENGTH) return undefined;
  const packed = text.replace(/\s+/g, '');
  if (packed.length < 40 || !/^[\w+/-]+={0,2}$/.test(packed)) return undefined;
  return parseJsonObject(Buffer.from(packed, 'base64').toString('utf8').trim());
}

/**
 * Finds the objects in a JSON value that look like credentials. `current` is its top-level field of that name, if a
 * string.
 */
export function objectsIn(value: unknown): { readonly objects: readonly Fields[]; readonly current: string | null } {
  const objects: Fields[] = [];
  let visited = 0;
  const visit = (part: unknown, depth: number): void => {
    if (typeof part !== 'object' || part === null || depth > MAX_DEPTH || visited >= MAX_OBJECTS) return;
    visited += 1;
    if (!Array.isArray(part)) {
      const fields = fieldsOf(part);
      if (isCredentials(fields)) objects.push(fields);
    }
    for (const child of Object.values(part)) visit(child, depth + 1);
  };
  visit(value, 0);
  const top = typeof value === 'object' && value !== null && 'current' in value ? value.current : null;
  return { objects, current: typeof top === 'string' ? top : null };
}

/** Normalises a field name: lower case without `_` and `-`, so that all spellings are equal. */
export function normalizeName(name: string): string {
  return name.toLowerCase().replace(/[_-]/g, '');
}

function isCredentials(fields: Fields): boolean {
  // oss-browser calls them `id` and `secret`. An `id` alone can be anything.
  return identifyingNames.some((name) => (fields.get(name) ?? '') !== '') || (fields.has('id') && fields.has('secret'));
}

function fieldsOf(part: object): Fields {
  const fields = new Map<string, string>();
  for (const [name, value] of Object.entries(part)) {
    if (typeof value === 'string' || typeof value === 'number') fields.set(normalizeName(name), String(value));
  }
  return fields;
}
