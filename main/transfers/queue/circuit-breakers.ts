import { backoffMs, PROBE_PATIENCE } from '../retry-policy.ts';
import type { Task } from '../tasks/task.ts';

/** What outages need from the scheduler. */
interface OutagesHost {
  /** Takes a task out of its wait. */
  readonly goOn: (task: Task) => void;
  /** Others may begin than before. */
  readonly moved: () => void;
}

interface Outage {
  /** Failed in a row. */
  attempts: number;
  /** Whether it is time for one transfer to try. */
  isDue: boolean;
  timer: NodeJS.Timeout | undefined;
  /** Those that failed, longest ago first. */
  readonly waiting: Set<Task>;
}

/** Routes on which nothing gets through: one transfer at a time tries, and all go on once one succeeds. */
export class Outages {
  readonly #host: OutagesHost;
  readonly #outages = new Map<string, Outage>();

  constructor(host: OutagesHost) {
    this.#host = host;
  }

  /** A transfer met a network failure: it waits until another one gets through, or it is its turn to try. */
  add(task: Task): void {
    const known = this.#outages.get(task.route);
    const outage = known ?? { attempts: 0, isDue: true, timer: undefined, waiting: new Set() };
    this.#outages.set(task.route, outage);
    outage.waiting.delete(task);
    outage.waiting.add(task);
    // Those that were under way together fail together: that is one attempt.
    if (!outage.isDue) return;
    outage.attempts += 1;
    outage.isDue = false;
    clearTimeout(outage.timer);
    outage.timer = setTimeout(() => this.hurry(task), backoffMs(outage.attempts, PROBE_PATIENCE));
  }

  /** Whether a transfer may begin. `busy`: routes on which one is under way. */
  admits({ route }: Task, busy: ReadonlySet<string>): boolean {
    const outage = this.#outages.get(route);
    return outage === undefined || (outage.isDue && !busy.has(route));
  }

  /** Lets the first that waits on each route try, where it is time to. */
  probe(busy: ReadonlySet<string>): void {
    for (const [route, { isDue, waiting }] of [...this.#outages]) {
      if (!isDue || busy.has(route)) continue;
      for (const task of waiting) {
        waiting.delete(task);
        if (task.state.at !== 'waiting') continue;
        this.#host.goOn(task);
        break;
      }
    }
  }

  /** It is time to try, on the route of this transfer. */
  hurry({ route }: Task): void {
    const outage = this.#outages.get(route);
    if (outage === undefined) return;
    outage.isDue = true;
    this.#host.moved();
  }

  /** An answer came to this transfer: the network is back. */
  over({ route }: Task): void {
    const outage = this.#outages.get(route);
    if (outage === undefined) return;
    this.#outages.delete(route);
    clearTimeout(outage.timer);
    for (const task of outage.waiting) if (task.state.at === 'waiting') this.#host.goOn(task);
    this.#host.moved();
  }

  close(): void {
    for (const { timer } of this.#outages.values()) clearTimeout(timer);
  }
}
