import { z } from 'zod';
import { WaybillError } from '../../failure.ts';
import type { FileTrouble } from '../../local-files/file-trouble.ts';
import { readFile } from '../../local-files/line-file.ts';
import { JsonLines } from '../../local-files/json-lines.ts';
import type { LineFormat, LineReplay, UnknownLine } from '../../local-files/line-format.ts';
import { type LedgerEntry, ledgerEntrySchema } from './ledger-entry.ts';

/** The fields of an entry that can change. */
const patch = ledgerEntrySchema
  .pick({ note: true, recipient: true, urlKept: true, goneAt: true, endedAt: true, deniedAt: true, sweptAt: true })
  .partial();
/** A change of an entry. */
export type LedgerPatch = Readonly<z.infer<typeof patch>>;

const record = z.discriminatedUnion('op', [
  z.object({ op: z.literal('add'), entry: ledgerEntrySchema }),
  z.object({ op: z.literal('change'), id: z.uuid(), patch }),
  z.object({ op: z.literal('remove'), id: z.uuid() }),
]);
/** One line of the file. */
export type LedgerRecord = z.infer<typeof record>;

const format: LineFormat<LedgerRecord> = { name: 'waybill-ledger', version: 1, schema: record };

/** The ledger on disk, one record a line. */
export class LedgerFile {
  readonly #path: string;
  readonly #lines: JsonLines<LedgerRecord>;
  #isClosed = false;

  private constructor(path: string, lines: JsonLines<LedgerRecord>) {
    this.#path = path;
    this.#lines = lines;
  }

  /** Opens or creates the file, and gives its entries and what was wrong with it. */
  static open(path: string): {
    readonly file: LedgerFile;
    readonly entries: Map<string, LedgerEntry>;
    readonly troubles: readonly FileTrouble[];
  } {
    const { file, replay, troubles } = JsonLines.open(path, format, () => new Entries());
    return { file: new LedgerFile(path, file), entries: replay.entries, troubles };
  }

  /** Appends records and resolves once they survive a power cut. @throws WaybillError `file`, also after close() */
  async append(records: readonly LedgerRecord[]): Promise<void> {
    // The lines would be dropped without a word, and a link that nobody recorded would get out.
    if (this.#isClosed) throw new WaybillError({ kind: 'file', reason: 'denied', path: this.#path });
    this.#lines.append(records);
    await this.#lines.sync();
  }

  /** Removes all records. @throws WaybillError `file` */
  clear(): Promise<void> {
    return this.#lines.clear();
  }

  /** Closes the file. */
  close(): Promise<void> {
    this.#isClosed = true;
    return this.#lines.close();
  }
}

/** The entries of a ledger that another process has open. Changes nothing; what can't be read is left out. */
export function readLedgerFile(path: string): readonly LedgerEntry[] {
  const replay = new Entries();
  readFile(path, format, replay);
  return [...replay.entries.values()];
}

class Entries implements LineReplay<LedgerRecord> {
  readonly entries = new Map<string, LedgerEntry>();
  readonly #unknown: UnknownLine[] = [];

  apply(line: LedgerRecord): void {
    if (line.op === 'add') this.entries.set(line.entry.id, line.entry);
    else if (line.op === 'remove') this.entries.delete(line.id);
    else {
      const entry = this.entries.get(line.id);
      if (entry !== undefined) this.entries.set(line.id, patched(entry, line.patch));
    }
  }

  keep(line: UnknownLine): void {
    this.#unknown.push(line);
  }

  *lines(): Generator<LedgerRecord | UnknownLine> {
    for (const entry of this.entries.values()) yield { op: 'add', entry };
    yield* this.#unknown;
  }
}

/** The entry with a change applied. */
export function patched(entry: LedgerEntry, change: LedgerPatch): LedgerEntry {
  const { note = entry.note, recipient = entry.recipient, urlKept = entry.urlKept, goneAt = entry.goneAt } = change;
  const { endedAt: ended, deniedAt: denied, sweptAt: swept, ...kept } = entry;
  const { endedAt = ended ?? null, deniedAt = denied ?? null, sweptAt = swept ?? null } = change;
  return { ...kept, note, recipient, urlKept, goneAt, ...present({ endedAt, deniedAt, sweptAt }) };
}

/** The moments that have come. */
function present<K extends string>(moments: Readonly<Record<K, number | null>>): { readonly [name in K]?: number } {
  return Object.fromEntries(Object.entries(moments).filter(([, moment]) => moment !== null)) as Record<K, number>;
}
