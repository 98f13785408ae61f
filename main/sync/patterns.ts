import { WaybillError } from '../failure.ts';

/** Longest pattern, in characters: longer than any path that a system takes in one piece. */
const MAX_PATTERN = 1000;

/** How much of a refused pattern is shown, in characters. */
const SHOWN = 100;

/** Which paths a sync looks at. What it doesn't look at is neither transferred nor deleted. */
export interface PathFilter {
  /** Whether a file or object counts. `path` is relative to folder and prefix. */
  readonly covers: (path: string) => boolean;
  /** Whether everything in a folder is excluded, so that it needn't be walked. `path` ends in `/`. */
  readonly excludesFolder: (path: string) => boolean;
}

/**
 * Reads patterns as .gitignore has them, without `!` and comments. `*` is any text without a slash, `?` one character,
 * `**` any text, `[a-z]` one of these characters and `[!a-z]` one of all others; everything else is itself, and case
 * counts. A pattern with a slash at its start or within is relative to the top, any other matches a name at every depth.
 * What matches a folder covers all that is in it; with a slash at its end it matches folders alone. A path counts if an
 * include pattern covers it, or there is none, and no exclude pattern does.
 * @throws WaybillError `input` for an empty or too long pattern, and brackets that aren't a class
 */
export function readPatterns(include: readonly string[], exclude: readonly string[]): PathFilter {
  const included = include.map(toExpression);
  const excluded = exclude.map(toExpression);
  const isExcluded = (path: string): boolean => excluded.some((expression) => expression.test(path));
  return {
    covers: (path) =>
      (included.length === 0 || included.some((expression) => expression.test(path))) && !isExcluded(path),
    excludesFolder: isExcluded,
  };
}

/** The expression for a path that the pattern matches, or that lies in a folder that it matches. */
function toExpression(pattern: string): RegExp {
  const isForFolders = pattern.endsWith('/');
  const body = pattern.replace(/^\/|\/+$/g, '');
  if (body === '' || pattern.length > MAX_PATTERN) throw refusal(pattern);
  const isAnchored = pattern.startsWith('/') || body.includes('/');
  const source = `^${isAnchored ? '' : '(?:.*/)?'}${translate(pattern, body)}${isForFolders ? '/' : '(?:/|$)'}`;
  try {
    return new RegExp(source, 'su');
  } catch {
    // A range that runs backwards, such as [z-a].
    throw refusal(pattern);
  }
}

/** `**` with its slashes, runs of stars, the other wildcards, classes, and everything else. */
const tokens = /(?:^|(?<=\/))\*\*\/|\*\*+|\*|\?|\[(!?)(\]?[^\]]*)\]|[^]/gu;

function translate(pattern: string, body: string): string {
  return body.replace(tokens, (token: string, negation: string | undefined, members: string | undefined) => {
    if (token === '**/') return '(?:.*/)?';
    if (token.startsWith('**')) return '.*';
    if (token === '*') return '[^/]*';
    if (token === '?') return '[^/]';
    if (token === '[') throw refusal(pattern);
    if (members === undefined) return literal(token);
    return negation === '!' ? `(?!/)[^${classOf(members)}]` : `(?!/)[${classOf(members)}]`;
  });
}

function literal(character: string): string {
  return character.replace(/[\\^$.*+?()[\]{}|/]/gu, '\\$&');
}

/** A class with everything but ranges taken as itself. */
function classOf(members: string): string {
  return members.replace(/[\\^[\]]|^-|-$/gu, '\\$&');
}

function refusal(pattern: string): WaybillError {
  return new WaybillError({ kind: 'input', field: 'pattern', rule: 'pattern', limit: pattern.slice(0, SHOWN) });
}
