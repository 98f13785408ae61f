import type { Priority } from './transfer.ts';
import type { Task } from './task.ts';

const precedence: Readonly<Record<Priority, number>> = { high: 0, normal: 1, low: 2 };

/** Tasks in the order in which they get their turn: by priority, then by rank. */
export class TaskOrder {
  readonly #tasks: Task[] = [];

  add(task: Task): void {
    const at = this.#placeOf(task);
    if (this.#tasks[at] !== task) this.#tasks.splice(at, 0, task);
  }

  /** Must come before a change of the task's rank or priority: it is found by them. */
  delete(task: Task): void {
    const at = this.#placeOf(task);
    if (this.#tasks[at] === task) this.#tasks.splice(at, 1);
  }

  /** The one right before or after `task`, if it has the same priority. */
  neighbour(task: Task, step: -1 | 1): Task | undefined {
    const other = this.#tasks[this.#placeOf(task) + step];
    return other?.record.priority === task.record.priority ? other : undefined;
  }

  [Symbol.iterator](): Iterator<Task> {
    return this.#tasks[Symbol.iterator]();
  }

  /** Where the task is, or belongs. */
  #placeOf(task: Task): number {
    let low = 0;
    let high = this.#tasks.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = this.#tasks[middle];
      if (other !== undefined && compare(other, task) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function compare({ record: a }: Task, { record: b }: Task): number {
  return precedence[a.priority] - precedence[b.priority] || a.rank - b.rank;
}
