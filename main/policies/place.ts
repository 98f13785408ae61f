import { matchesBelow, matchesPattern } from './wildcards.ts';

/**
 * What a resource of a statement covers in one bucket.
 * - `bucket`: the bucket itself, which is its listing and its settings; `everything`: all files, too.
 * - `files`: all files below a prefix, '' for all; `file`: one file.
 * - `pattern`: files by a pattern with more wildcards, which may span the name of the bucket (`resource`).
 * - `elsewhere`: another bucket, which has no effect here.
 */
export type Place =
  | { readonly kind: 'bucket' }
  | { readonly kind: 'everything' }
  | { readonly kind: 'files'; readonly prefix: string }
  | { readonly kind: 'file'; readonly key: string }
  | { readonly kind: 'pattern'; readonly of: 'key' | 'resource'; readonly text: string }
  | { readonly kind: 'elsewhere'; readonly text: string };

const RESOURCE = /^acs:oss:[^:]*:[^:]*:(.*)$/s;

/** Reads a resource: `*`, or `acs:oss:<region>:<account>:<bucket>` with a key behind a slash. */
export function placeOfResource(resource: string, bucket: string): Place {
  if (resource === '*') return { kind: 'everything' };
  const [, path = null] = RESOURCE.exec(resource) ?? [];
  if (path === null || !matchesBelow(path, bucket)) return { kind: 'elsewhere', text: resource };
  const key = path.startsWith(`${bucket}/`) ? path.slice(bucket.length + 1) : null;
  if (key === null) return wholePlace(path, bucket, resource);
  const open = key.endsWith('*') ? key.slice(0, -1) : key;
  if (/[*?]/.test(open)) return { kind: 'pattern', of: 'key', text: key };
  return key.endsWith('*') ? { kind: 'files', prefix: open } : { kind: 'file', key };
}

/** Of a resource whose bucket isn't written out, or that has no key. */
function wholePlace(path: string, bucket: string, resource: string): Place {
  if (path === bucket) return { kind: 'bucket' };
  const isBucket = matchesPattern(path, bucket);
  if (isBucket && path.endsWith('*')) return { kind: 'everything' };
  if (isBucket) return { kind: 'bucket' };
  return matchesBelow(path, `${bucket}/`)
    ? { kind: 'pattern', of: 'resource', text: path }
    : { kind: 'elsewhere', text: resource };
}

/**
 * Whether a place and what is below a prefix have something in common.
 * @param listed the prefixes that may be listed, as patterns; null: any
 */
export function touches(place: Place, prefix: string, listed: readonly string[] | null): boolean {
  switch (place.kind) {
    case 'bucket':
      return prefix === '' || listed === null || listed.some((pattern) => matchesBelow(pattern, prefix));
    case 'everything':
      return true;
    case 'files':
      return place.prefix.startsWith(prefix) || prefix.startsWith(place.prefix);
    case 'file':
      return place.key.startsWith(prefix);
    case 'pattern':
      return place.of === 'resource' || matchesBelow(place.text, prefix);
    case 'elsewhere':
      return false;
    default:
      return place satisfies never;
  }
}

/** Whether a place lies wholly below a prefix. @param listed as for touches() */
export function liesWithin(place: Place, prefix: string, listed: readonly string[] | null): boolean {
  if (prefix === '') return true;
  switch (place.kind) {
    case 'bucket':
      return listed !== null && listed.every((pattern) => fixedStart(pattern).startsWith(prefix));
    case 'everything':
      return false;
    case 'files':
      return place.prefix.startsWith(prefix);
    case 'file':
      return place.key.startsWith(prefix);
    case 'pattern':
      return place.of === 'key' && fixedStart(place.text).startsWith(prefix);
    case 'elsewhere':
      return true;
    default:
      return place satisfies never;
  }
}

/** What every text that matches a pattern starts with. */
function fixedStart(pattern: string): string {
  return pattern.split(/[*?]/, 1)[0] ?? '';
}
