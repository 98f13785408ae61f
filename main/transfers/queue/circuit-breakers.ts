import { backoffMs, PROBE_RETRY } from '../retry-policy.ts';
import type { Task } from '../tasks/task.ts';

/** What the breakers need from the scheduler. */
interface BreakerHost {
  /** Ends a task's wait. */
  readonly resume: (task: Task) => void;
  /** The set of tasks that may start has changed. */
  readonly onChange: () => void;
}

interface Breaker {
  /** Failed probes in a row. */
  attempts: number;
  /** Whether the delay is over, so that one transfer may probe. */
  isDue: boolean;
  timer: NodeJS.Timeout | undefined;
  /** Transfers waiting for the route, the one that failed first in front. */
  readonly waiting: Set<Task>;
}

/**
 * Tracks unreachable routes ("circuit breaker"): one transfer at a time probes; when it succeeds, the others resume.
 * @see https://learn.microsoft.com/en-us/azure/architecture/patterns/circuit-breaker
 */
export class CircuitBreakers {
  readonly #host: BreakerHost;
  readonly #breakers = new Map<string, Breaker>();

  constructor(host: BreakerHost) {
    this.#host = host;
  }

  /** Records a network failure: the transfer waits until another one gets through, or until it may probe. */
  trip(task: Task): void {
    const known = this.#breakers.get(task.route);
    const breaker = known ?? { attempts: 0, isDue: true, timer: undefined, waiting: new Set() };
    this.#breakers.set(task.route, breaker);
    breaker.waiting.delete(task);
    breaker.waiting.add(task);
    // Transfers in flight together fail together: count that as one attempt.
    if (!breaker.isDue) return;
    breaker.attempts += 1;
    breaker.isDue = false;
    clearTimeout(breaker.timer);
    breaker.timer = setTimeout(() => this.allowProbe(task), backoffMs(breaker.attempts, PROBE_RETRY));
  }

  /** Returns whether a transfer may start. `busy`: routes with a transfer in flight. */
  allows({ route }: Task, busy: ReadonlySet<string>): boolean {
    const breaker = this.#breakers.get(route);
    return breaker === undefined || (breaker.isDue && !busy.has(route));
  }

  /** Lets the first waiting transfer of each route probe, if its delay is over. */
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

  /** Lets the transfer's route be probed now. */
  allowProbe({ route }: Task): void {
    const breaker = this.#breakers.get(route);
    if (breaker === undefined) return;
    breaker.isDue = true;
    this.#host.onChange();
  }

  /** Closes the transfer's breaker after a server answered: all waiting transfers resume. */
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
