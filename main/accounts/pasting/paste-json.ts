import { type Fields, telling } from './paste-fields.ts';

/** How deep and how much is looked at: STS and configuration files stay far below. */
const DEEPEST = 6;
const MOST_OBJECTS = 500;

/** The longest authorization code that is decoded. */
const MOST_BASE64 = 64 * 1024;

/** The JSON value of a text, undefined where it is none. Lone numbers and words are none either. */
export function parseJson(text: string): unknown {
  if (!/^[{[]/.test(text)) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** The JSON object in an authorization code of oss-browser: base64 and nothing else. */
export function parseBase64Json(text: string): unknown {
  if (text.length > MOST_BASE64) return undefined;
  const packed = text.replace(/\s+/g, '');
  if (packed.length < 40 || !/^[\w+/-]+={0,2}$/.test(packed)) return undefined;
  return parseJson(Buffer.from(packed, 'base64').toString('utf8').trim());
}

/** The objects in a JSON value that may be credentials, and what `current` says at its top. */
export function objectsIn(value: unknown): { readonly objects: readonly Fields[]; readonly current: string | null } {
  const objects: Fields[] = [];
  let looked = 0;
  const look = (part: unknown, depth: number): void => {
    if (typeof part !== 'object' || part === null || depth > DEEPEST || looked >= MOST_OBJECTS) return;
    looked += 1;
    if (!Array.isArray(part)) {
      const fields = fieldsOf(part);
      if (isTelling(fields)) objects.push(fields);
    }
    for (const child of Object.values(part)) look(child, depth + 1);
  };
  look(value, 0);
  const top = typeof value === 'object' && value !== null && 'current' in value ? value.current : null;
  return { objects, current: typeof top === 'string' ? top : null };
}

/** A field's name without what distinguishes the spellings of one thing. */
export function plainName(name: string): string {
  return name.toLowerCase().replace(/[_-]/g, '');
}

function isTelling(fields: Fields): boolean {
  // `id` and `secret` are what oss-browser calls them; alone, an `id` can be anything.
  return telling.some((name) => (fields.get(name) ?? '') !== '') || (fields.has('id') && fields.has('secret'));
}

function fieldsOf(part: object): Fields {
  const fields = new Map<string, string>();
  for (const [name, value] of Object.entries(part)) {
    if (typeof value === 'string' || typeof value === 'number') fields.set(plainName(name), String(value));
  }
  return fields;
}
