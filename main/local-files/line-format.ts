import { z } from 'zod';
import { own } from '../own.ts';
import { readLines } from './read-lines.ts';

/** A JSON object in a file of ours whose meaning only a newer version of Waybill knows. */
export type UnknownLine = Readonly<Record<string, unknown>>;

/** What the lines of a file are. */
export interface LineFormat<T> {
  /** Stands in the first line, with the version. */
  readonly name: string;
  /** Incremented when older versions of Waybill must not rewrite the file. A file without a first line has version 1. */
  readonly version: number;
  /** Kinds are told apart by z.discriminatedUnion(): a kind that it lacks is taken to be from a newer version. */
  readonly schema: z.ZodType<T>;
}

/** State that is rebuilt from lines. */
export interface LineReplay<T> {
  apply(line: T): void;
  /** Takes a line of a newer version, which lines() must give back. */
  keep(line: UnknownLine): void;
  /** The fewest lines that rebuild this state. */
  lines(): Iterable<T | UnknownLine>;
}

/** What was found in a file. */
export interface Reading {
  isMissing: boolean;
  /** False if there is something else, or it can't be read to its end. */
  isUsable: boolean;
  /** Null if there is no line that names it. */
  version: number | null;
  /** Number of lines, without the first one. */
  count: number;
  damaged: number;
  unknown: number;
  /** Length up to the end of the last line that has a line feed, in bytes. */
  end: number;
  /** The bytes after that: a line that was cut off, a whole line that only lacks its line feed, or none. */
  tail: 'torn' | 'whole' | 'none';
}

const headerSchema = z.object({ format: z.string(), version: z.int().min(1) });

/** The first line of a file. */
export function headerOf({ name, version }: Pick<LineFormat<unknown>, 'name' | 'version'>): UnknownLine {
  return { format: name, version };
}

/** A reading that has found nothing yet. */
export function newReading(): Reading {
  const counts = { version: null, count: 0, damaged: 0, unknown: 0, end: 0 };
  return { isMissing: false, isUsable: true, ...counts, tail: 'none' };
}

/**
 * Passes the lines in the first `length` bytes of an open file to `replay`, and notes in `reading` what it has found
 * after each line, so that the caller may pause. A line that can't be read is counted and skipped.
 */
export function* readJsonLines<T>(
  file: number,
  length: number,
  to: { readonly format: LineFormat<T>; readonly replay: LineReplay<T>; readonly reading: Reading },
): Generator<void, void> {
  const { format, replay, reading } = to;
  for (const { text, end, isEnded } of readLines(file, length)) {
    const isRead = text !== null && take(text, format, replay, reading);
    if (isEnded) {
      reading.end = end;
      if (!isRead) reading.damaged += 1;
    } else {
      reading.tail = isRead ? 'whole' : 'torn';
    }
    yield;
  }
}

/** Returns false if the line is damaged. */
function take<T>(text: string, format: LineFormat<T>, replay: LineReplay<T>, reading: Reading): boolean {
  const line = parse(text);
  if (line === null) return false;
  // Asking the schema of every line would cost more than all else.
  const header = 'format' in line ? headerSchema.safeParse(line) : null;
  if (header?.success === true) {
    if (header.data.format !== format.name) return false;
    reading.version = Math.max(reading.version ?? 1, header.data.version);
    return true;
  }
  reading.count += 1;
  const known = format.schema.safeParse(line);
  if (known.success) {
    replay.apply(known.data);
    return true;
  }
  const isNewer = (reading.version ?? 1) > format.version;
  if (!isNewer && !known.error.issues.every((issue) => isNewKind(issue, line))) return false;
  reading.unknown += 1;
  replay.keep(line);
  return true;
}

/** Whether all that is wrong is a kind, anywhere in the line, that this version doesn't have. */
function isNewKind(issue: z.core.$ZodIssue, line: UnknownLine): boolean {
  if (issue.code !== 'invalid_union' || issue.discriminator === undefined) return false;
  const kind = issue.path.reduce<unknown>((value, name) => own(value as UnknownLine, String(name)), line);
  return typeof kind === 'string';
}

function parse(text: string): UnknownLine | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as UnknownLine) : null;
  } catch {
    return null;
  }
}
