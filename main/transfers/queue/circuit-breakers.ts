import { backoffMs, PROBE_RETRY } from '../retry-policy.ts';
import type { Task } from '../tasks/task.ts';

/** What outages need from the scheduler. */
interface BreakerHost {
  /** Takes a task out of its wait. */
  readonly resume: (task: Task) => void;
  /** Others may begin than before. */
  readonly onChange: () => void;
}

interface Breaker {
  /** Failed in a row. */
  attempts: number;
  /** Whether it is time for one transfer to try. */
  isDue: boolean;
  timer: NodeJS.Timeout | undefined;
  /** Those that failed, longest ago first. */
  readonly waiting: Set<Task>;
}

/** Routes on which nothing gets through: one transfer at a time tries, and all go on once one succeeds. */
export class CircuitBreakers {
  readonly #host: BreakerHost;
  readonly #breakers = new Map<string, Breaker>();

  constructor(host: BreakerHost) {
    this.#host = host;
  }

  /** A transfer met a network failure: it waits until another one gets through, or it is its turn to try. */
  trip(task: Task): void {
    const known = this.#breakers.get(task.route);
    const breaker = known ?? { attempts: 0, isDue: true, timer: undefined, waiting: new Set() };
    this.#breakers.set(task.route, breaker);
    breaker.waiting.delete(task);
    breaker.waiting.add(task);
    // Those that were under way together fail together: that is one attempt.
    if (!breaker.isDue) return;
    breaker.attempts += 1;
    breaker.isDue = false;
    clearTimeout(breaker.timer);
    breaker.timer = setTimeout(() => this.allowProbe(task), backoffMs(breaker.attempts, PROBE_RETRY));
  }

  /** Whether a transfer may begin. `busy`: routes on which one is under way. */
  allows({ route }: Task, busy: ReadonlySet<string>): boolean {
    const breaker = this.#breakers.get(route);
    return breaker === undefined || (breaker.isDue && !busy.has(route));
  }

  /** Lets the first that waits on each route try, where it is time to. */
  probe(busy: ReadonlySet<string>): void {
    for (const [route, { isDue, waiting }] of [...this.#breakers]) {
      if (!isDue || busy.has(route)) continue;
      for (const task of waiting) {
        waiting.delete(task);
        if (task.state.at !== 'waiting') continue;
        this.#host.resume(task);
        break;
      }
    }
  }

  /** It is time to try, on the route of this transfer. */
  allowProbe({ route }: Task): void {
    const breaker = this.#breakers.get(route);
    if (breaker === undefined) return;
    breaker.isDue = true;
    this.#host.onChange();
  }

  /** An answer came to this transfer: the network is back. */
  reset({ route }: Task): void {
    const breaker = this.#breakers.get(route);
    if (breaker === undefined) return;
    this.#breakers.delete(route);
    clearTimeout(breaker.timer);
    for (const task of breaker.waiting) if (task.state.at === 'waiting') this.#host.resume(task);
    this.#host.onChange();
  }

  close(): void {
    for (const { timer } of this.#breakers.values()) clearTimeout(timer);
  }
}
