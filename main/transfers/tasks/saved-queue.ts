import type { LineReplay, UnknownLine } from '../../local-files/line-format.ts';
import type { Checkpoints, DownloadCheckpoint } from './checkpoints.ts';
import { FolderContent } from './folder-content.ts';
import type { JournalLine, SavedLine } from './journal-lines.ts';
import type { Task, TaskRecord } from './task.ts';
import type { TransferState } from './transfer.ts';

/** Spans in one line; each takes about 90 bytes. */
const SPANS_PER_LINE = 50_000;

/** Checkpoints while lines are read. */
type SavedCheckpoints = { -readonly [K in keyof Checkpoints]: Checkpoints[K] };

/** A task as the journal holds it. */
export interface SavedTask {
  record: TaskRecord;
  sizeBytes: number | null;
  state: TransferState;
  readonly checkpoints: SavedCheckpoints;
  /** What has been settled of a folder. */
  readonly settled: FolderContent<Task>;
}

/** The queue that the lines of a journal describe. */
export class SavedQueue implements LineReplay<SavedLine> {
  readonly tasks = new Map<string, SavedTask>();
  /** Lines of newer versions by the task that they belong to: they go when it goes. */
  readonly #unknown = new Map<unknown, UnknownLine[]>();

  apply(line: SavedLine): void {
    if (line.type === 'task') this.#add(line);
    else if (line.type === 'gone') this.#remove(line.id);
    else {
      const task = this.tasks.get(line.id);
      if (task !== undefined) applyTo(task, line);
      // The lines of a task of a newer version are kept with it.
      else this.#unknown.get(line.id)?.push(line);
    }
  }

  keep(line: UnknownLine): void {
    const owner = idOf(line);
    const lines = this.#unknown.get(owner);
    if (lines === undefined) this.#unknown.set(owner, [line]);
    else lines.push(line);
  }

  *lines(): Generator<SavedLine | UnknownLine> {
    for (const [id, task] of this.tasks) if (this.#isReachable(task)) yield* linesOf(id, task);
    for (const lines of this.#unknown.values()) yield* lines;
  }

  #add({ task, sizeBytes }: Extract<SavedLine, { type: 'task' }>): void {
    const record = { ...task, rank: task.rank ?? this.tasks.size };
    const known = this.tasks.get(task.id);
    if (known === undefined) {
      const checkpoints = { upload: null, download: null };
      const settled = new FolderContent<Task>();
      this.tasks.set(task.id, { record, sizeBytes, state: { at: 'queued' }, checkpoints, settled });
    } else {
      known.record = record;
      known.sizeBytes = sizeBytes;
    }
  }

  /** False for what is left of a folder that is gone. */
  #isReachable({ record: { folder } }: SavedTask): boolean {
    return folder === null || this.tasks.has(folder.id) || this.#unknown.has(folder.id);
  }

  #remove(id: string): void {
    this.tasks.delete(id);
    this.#unknown.delete(id);
  }
}

/** The ID of the task that a line of a newer version belongs to, if it names one. */
function idOf({ id, task }: UnknownLine): unknown {
  return id ?? (typeof task === 'object' && task !== null && 'id' in task ? task.id : null);
}

function applyTo(task: SavedTask, line: Exclude<SavedLine, { type: 'task' | 'gone' }>): void {
  const { checkpoints } = task;
  switch (line.type) {
    case 'state':
      task.state = line.state;
      break;
    case 'settled':
      task.settled.settle(line);
      break;
    case 'upload':
      checkpoints.upload = line.checkpoint;
      break;
    case 'part':
      addPart(checkpoints, line.part);
      break;
    case 'download':
      checkpoints.download = line.checkpoint;
      break;
    case 'spans': {
      const { download } = checkpoints;
      if (download !== null) checkpoints.download = { ...download, spans: [...download.spans, ...line.spans] };
      break;
    }
    case 'span':
      // Bytes were written since the file was last known to be whole.
      if (checkpoints.download !== null) checkpoints.download = { ...checkpoints.download, keptAs: null };
      finishSpan(checkpoints.download, line.index, line.crc64);
      break;
    default:
      line satisfies never;
  }
}

/** A part that was sent again replaces the one with its number. */
function addPart({ upload }: SavedCheckpoints, part: Extract<SavedLine, { type: 'part' }>['part']): void {
  if (upload === null) return;
  const index = upload.parts.findIndex(({ partNumber }) => partNumber === part.partNumber);
  if (index < 0) upload.parts.push(part);
  else upload.parts[index] = part;
}

function finishSpan(download: DownloadCheckpoint | null, index: number, crc64: string): void {
  const span = download?.spans[index];
  if (span === undefined) return;
  span.doneBytes = span.sizeBytes ?? 0;
  span.crc64 = crc64;
}

function* linesOf(id: string, task: SavedTask): Generator<SavedLine> {
  const { record, sizeBytes, state, checkpoints, settled } = task;
  yield { type: 'task', task: record, sizeBytes };
  yield { type: 'state', id, state };
  if (record.work.kind.endsWith('-folder')) yield* settled.lines(id, state.at === 'done');
  if (checkpoints.upload !== null) yield { type: 'upload', id, checkpoint: checkpoints.upload };
  if (checkpoints.download !== null) yield* splitSpans({ type: 'download', id, checkpoint: checkpoints.download });
}

/** Divides the line of a download of very many spans. */
export function* splitSpans(line: JournalLine): Generator<JournalLine> {
  if (line.type !== 'download' || line.checkpoint === null || line.checkpoint.spans.length <= SPANS_PER_LINE) {
    yield line;
    return;
  }
  const { id, checkpoint } = line;
  const { spans } = checkpoint;
  yield { type: 'download', id, checkpoint: { ...checkpoint, spans: spans.slice(0, SPANS_PER_LINE) } };
  for (let start = SPANS_PER_LINE; start < spans.length; start += SPANS_PER_LINE) {
    yield { type: 'spans', id, spans: spans.slice(start, start + SPANS_PER_LINE) };
  }
}

/** Whether the spans cover the object without gaps, none of them further than it goes. */
export function isWhole({ sizeBytes, spans }: DownloadCheckpoint): boolean {
  let end: number | null = 0;
  for (const span of spans) {
    if (end === null || span.start !== end || (span.sizeBytes !== null && span.doneBytes > span.sizeBytes))
      return false;
    end = span.sizeBytes === null ? null : end + span.sizeBytes;
  }
  return spans.length > 0 && (sizeBytes === null || end === null || end === sizeBytes);
}
