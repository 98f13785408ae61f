import type { JournalLine } from '../tasks/journal.ts';
import type { Task, TaskRecord } from '../tasks/task.ts';
import type { Command, QueueEvent } from './events.ts';
import type { QueueState } from './queue-state.ts';

/** What a turn can't know by itself. */
export interface TurnInputs {
  /** Unix milliseconds. */
  readonly now: () => number;
  /** Milliseconds of a clock that never jumps. */
  readonly monotonicNow: () => number;
  /** 0 to 1. */
  readonly random: () => number;
  readonly newId: () => string;
}

/** One turn of the queue. All changes of tasks and all commands go through it, so that journal and windows see each. */
export class Turn {
  readonly queue: QueueState;
  readonly inputs: TurnInputs;
  readonly commands: Command[] = [];
  #startsReady = false;
  readonly #rollUps = new Set<Task>();
  #raised: QueueEvent[] = [];

  constructor(queue: QueueState, inputs: TurnInputs) {
    this.queue = queue;
    this.inputs = inputs;
  }

  do(command: Command): void {
    this.commands.push(command);
  }

  /** Has an event handled in this turn, after the current one. */
  raise(event: QueueEvent): void {
    this.#raised.push(event);
  }

  /** Completes the folder, if no child can make progress, at the end of this turn: once, however many children changed. */
  rollUp(folder: Task): void {
    this.#rollUps.add(folder);
  }

  /** Starts what is ready at the end of this turn, once all that it resumed is in its place. */
  startReady(): void {
    this.#startsReady = true;
  }

  /** Returns the events to handle next; none if the turn is over. */
  takeRaised(): readonly QueueEvent[] {
    const raised = this.#raised;
    this.#raised = [];
    if (raised.length > 0) return raised;
    const folders = [...this.#rollUps];
    this.#rollUps.clear();
    if (folders.length === 0 && this.#startsReady) {
      this.#startsReady = false;
      return [{ type: 'start-ready' }];
    }
    return folders.map((folder) => ({ type: 'roll-up', folder }));
  }

  /** Changes a task in memory only. */
  set(task: Task, fields: Parameters<Task['change']>[0]): void {
    task.change(fields);
  }

  /** Changes what is written down of a task. */
  record(task: Task, fields: Partial<TaskRecord>): void {
    task.change({ record: { ...task.record, ...fields } });
    if (this.queue.has(task)) this.#writeTask(task);
  }

  /** Adds a task. A child of a folder is written down only once it has more to record than its folder does. */
  add(task: Task): void {
    this.queue.tasks.set(task.id, task);
    if (task.parent === null) this.#writeTask(task);
    else this.queue.unwritten.add(task);
    this.report(task);
  }

  remove(task: Task): void {
    if (!this.queue.has(task)) return;
    this.queue.tasks.delete(task.id);
    if (!this.queue.unwritten.delete(task)) this.do({ do: 'write', line: { type: 'gone', id: task.id } });
    this.do({ do: 'report-gone', task });
  }

  /** Writes a line about a task to the journal. */
  write(task: Task, line: Exclude<JournalLine, { type: 'task' | 'gone' }>): void {
    if (!this.queue.has(task)) return;
    if (this.queue.unwritten.has(task)) this.#writeTask(task);
    this.do({ do: 'write', line });
  }

  report(task: Task): void {
    if (this.queue.has(task)) this.do({ do: 'report', task });
  }

  #writeTask(task: Task): void {
    this.queue.unwritten.delete(task);
    this.do({ do: 'write', line: { type: 'task', task: task.record, sizeBytes: task.sizeBytes } });
  }
}
