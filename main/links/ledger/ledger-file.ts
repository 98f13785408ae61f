import { appendFile, copyFile, readFile } from 'node:fs/promises';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import { errorCode, fileError, withFileErrors } from '../../local-files/file-failure.ts';
import { type LedgerEntry, ledgerEntrySchema } from './ledger-entry.ts';

/** The fields of an entry that can change. */
const patch = ledgerEntrySchema.pick({ note: true, recipient: true, urlKept: true, goneAt: true }).partial();
/** A change of an entry. */
export type LedgerPatch = Readonly<z.infer<typeof patch>>;

const record = z.discriminatedUnion('op', [
  z.object({ op: z.literal('add'), entry: ledgerEntrySchema }),
  z.object({ op: z.literal('change'), id: z.uuid(), patch }),
  z.object({ op: z.literal('remove'), id: z.uuid() }),
]);
/** One line of the file. */
export type LedgerRecord = z.infer<typeof record>;

/** The file is rewritten at start once it has this many lines more than entries. */
const SPARE_LINES = 200;

/** The ledger on disk: one JSON record a line. Records are only appended, so a crash loses at most the last one. */
export class LedgerFile {
  readonly #path: string;
  #writing: Promise<void> = Promise.resolve();

  private constructor(path: string) {
    this.#path = path;
  }

  /**
   * Reads the file. An incomplete last line is dropped. If other lines are unreadable, the file is copied to
   * `<file>.damaged-<time>` and rewritten without them.
   * @throws WaybillError `file` if it exists but can't be read
   */
  static async open(path: string): Promise<{ readonly file: LedgerFile; readonly entries: Map<string, LedgerEntry> }> {
    const text = await readText(path);
    const lines = text.split('\n');
    const cutOff = lines.pop() !== '';
    const entries = new Map<string, LedgerEntry>();
    const damaged = lines.filter((line) => !replay(line, entries)).length;
    if (damaged > 0) await withFileErrors(path, copyFile(path, `${path}.damaged-${Date.now()}`));
    if (damaged > 0 || cutOff || lines.length > entries.size + SPARE_LINES) {
      const records = [...entries.values()].map((entry) => lineOf({ op: 'add', entry })).join('');
      await withFileErrors(path, writeFileAtomic(path, records, { mode: 0o600 }));
    }
    return { file: new LedgerFile(path), entries };
  }

  /** Appends records and resolves once they are in the file. @throws WaybillError `file` */
  append(records: readonly LedgerRecord[]): Promise<void> {
    const text = records.map(lineOf).join('');
    const write = this.#writing.then(() => withFileErrors(this.#path, appendFile(this.#path, text, { mode: 0o600 })));
    this.#writing = write.catch(() => undefined);
    return write;
  }
}

function lineOf(line: LedgerRecord): string {
  return `${JSON.stringify(line)}\n`;
}

/** Applies a line; false if it is unreadable. */
function replay(line: string, entries: Map<string, LedgerEntry>): boolean {
  const parsed = parseRecord(line);
  if (parsed === null) return false;
  if (parsed.op === 'add') entries.set(parsed.entry.id, parsed.entry);
  else if (parsed.op === 'remove') entries.delete(parsed.id);
  else {
    const entry = entries.get(parsed.id);
    if (entry !== undefined) entries.set(parsed.id, patched(entry, parsed.patch));
  }
  return true;
}

/** The entry with a change applied. */
export function patched(entry: LedgerEntry, change: LedgerPatch): LedgerEntry {
  const { note = entry.note, recipient = entry.recipient, urlKept = entry.urlKept, goneAt = entry.goneAt } = change;
  return { ...entry, note, recipient, urlKept, goneAt };
}

function parseRecord(line: string): LedgerRecord | null {
  try {
    return record.parse(JSON.parse(line));
  } catch {
    return null;
  }
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return '';
    throw fileError(error, path);
  }
}
