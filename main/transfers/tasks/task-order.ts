import type { Priority } from './transfer.ts';
import type { Task } from './task.ts';

const precedence: Readonly<Record<Priority, number>> = { high: 0, normal: 1, low: 2 };

/**
 * Tasks in the order in which they start: by priority, then by rank. A sorted array with binary search: finding a
 * position takes O(log n), inserting moves the entries behind it.
 */
export class TaskOrder {
  readonly #tasks: Task[] = [];

  add(task: Task): void {
    const index = this.#indexOf(task);
    if (this.#tasks[index] !== task) this.#tasks.splice(index, 0, task);
  }

  /** Removes a task. Call it before changing the task's rank or priority, by which it is found. */
  delete(task: Task): void {
    const index = this.#indexOf(task);
    if (this.#tasks[index] === task) this.#tasks.splice(index, 1);
  }

  /** Returns the neighbour directly before or after `task` if it has the same priority. */
  neighbour(task: Task, step: -1 | 1): Task | undefined {
    const other = this.#tasks[this.#indexOf(task) + step];
    return other?.record.priority === task.record.priority ? other : undefined;
  }

  [Symbol.iterator](): Iterator<Task> {
    return this.#tasks[Symbol.iterator]();
  }

  /** Index at which the task is, or would be inserted. */
  #indexOf(task: Task): number {
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
