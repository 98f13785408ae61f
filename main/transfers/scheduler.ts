import type { QueueOptions } from './requests.ts';
import { hasEnded, next, type TransferEvent } from './state.ts';
import type { TaskBook } from './task-book.ts';
import { TaskOrder } from './task-order.ts';
import { TaskRunner } from './task-runner.ts';
import type { Task, TaskRecord } from './task.ts';

/** How often a running transfer shows its speed although no byte came through. */
const SPEED_TICK_MS = 500;

const DEFAULT_SLOTS = 3;

/** Small transfers that share one slot: each is one request, where a large one has as many under way at once. */
const SMALL_A_SLOT = 4;

/** Gives tasks their turn, as many at once as there are slots, and carries out what happens to them. */
export class Scheduler {
  readonly #book: TaskBook;
  readonly #runner: TaskRunner;
  /** All that have not ended, for moving them about. */
  readonly #going = new TaskOrder();
  /** Those that wait for their turn. */
  readonly #ready = new TaskOrder();
  readonly #timers = new Map<Task, NodeJS.Timeout>();
  readonly #ticker: NodeJS.Timeout;
  #slots = DEFAULT_SLOTS;
  #willFill = false;
  #isClosed = false;

  constructor(book: TaskBook, options: QueueOptions) {
    this.#book = book;
    this.#runner = new TaskRunner({
      options,
      book,
      apply: (task, event) => this.apply(task, event),
      freed: () => this.#fillSoon(),
    });
    this.#ticker = setInterval(() => {
      for (const task of this.#runner.running) book.changed(task);
    }, SPEED_TICK_MS);
    for (const task of book.tasks) this.#place(task);
    this.#fillSoon();
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** How many large transfers run at once; what runs is not stopped. */
  setSlots(slots: number): void {
    this.#slots = slots;
    this.#fillSoon();
  }

  add(task: Task): void {
    this.#place(task);
    this.#fillSoon();
  }

  remove(task: Task): void {
    this.#runner.cleanUp(task);
    this.#going.delete(task);
    this.#ready.delete(task);
    this.#book.remove(task);
  }

  /** The only caller of next(). */
  apply(task: Task, event: TransferEvent): void {
    const before = task.state;
    const after = next(before, event);
    if (after === before) return;
    task.state = after;
    clearTimeout(this.#timers.get(task));
    this.#timers.delete(task);
    this.#place(task);
    if (after.at === 'waiting') {
      const timer = setTimeout(() => this.apply(task, { type: 'due' }), Math.max(0, after.retryAt - Date.now()));
      this.#timers.set(task, timer);
    }
    // A transfer at work is queued again after a restart, as it was before.
    if (!['running', 'verifying', 'waiting'].includes(after.at)) {
      this.#book.write({ type: 'state', id: task.id, state: after });
    }
    this.#book.changed(task);
    this.#fillSoon();
  }

  /** Stops the work of a task that is to stand still. */
  stop(task: Task, event: TransferEvent): void {
    this.apply(task, event);
    if (task.state.at !== 'running' && task.state.at !== 'verifying') task.run?.abort.abort();
    if (task.state.at === 'cancelled' && task.run === null) this.#runner.cleanUp(task);
  }

  /** Changes ranks or priorities, all at once: two tasks may change places. */
  rank(changes: ReadonlyMap<Task, Partial<Pick<TaskRecord, 'rank' | 'priority'>>>): void {
    for (const task of changes.keys()) {
      this.#going.delete(task);
      this.#ready.delete(task);
    }
    for (const [task, change] of changes) {
      task.record = { ...task.record, ...change };
      this.#book.record(task);
      this.#place(task);
      this.#book.changed(task);
    }
    this.#fillSoon();
  }

  /** Changes places with the one before or after, among those of the same priority. */
  swap(task: Task, step: -1 | 1): void {
    const other = this.#going.neighbour(task, step);
    if (other === undefined) return;
    this.rank(
      new Map([
        [task, { rank: other.record.rank }],
        [other, { rank: task.record.rank }],
      ]),
    );
  }

  /** Stops all work. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#ticker);
    for (const timer of this.#timers.values()) clearTimeout(timer);
    await this.#runner.stop();
    if (!this.#book.isKept) for (const task of this.#book.tasks) this.#runner.cleanUp(task);
    await this.#runner.cleaned();
  }

  #place(task: Task): void {
    if (hasEnded(task.state)) this.#going.delete(task);
    else this.#going.add(task);
    if (task.state.at === 'queued') this.#ready.add(task);
    else this.#ready.delete(task);
  }

  /** Once for all that happens now: of many that are resumed, the first in order begin. */
  #fillSoon(): void {
    if (this.#willFill) return;
    this.#willFill = true;
    setImmediate(() => {
      this.#willFill = false;
      this.#fill();
    });
  }

  #fill(): void {
    if (this.#isClosed) return;
    let taken = 0;
    for (const task of this.#runner.running) taken += shareOf(task);
    // Starting takes a task out of what is walked here.
    for (const task of [...this.#startable(taken)]) this.#runner.start(task);
  }

  *#startable(taken: number): Generator<Task> {
    let share = taken;
    for (const task of this.#ready) {
      if (share >= this.#slots) return;
      // Its work was told to stop and has not heard of it yet.
      if (task.run !== null) continue;
      share += shareOf(task);
      yield task;
    }
  }
}

function shareOf(task: Task): number {
  return task.isSmall ? 1 / SMALL_A_SLOT : 1;
}
