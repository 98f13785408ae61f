import { backoffMs, PROBE_RETRY } from '../retry-policy.ts';
import type { Task } from '../tasks/task.ts';
import type { QueueState } from './queue-state.ts';
import type { Turn } from './turn.ts';

/*
 * Unreachable routes ("circuit breaker"): one transfer at a time probes; when it succeeds, the others resume.
 * https://learn.microsoft.com/en-us/azure/architecture/patterns/circuit-breaker
 */

/** Handles a network failure: the transfer waits until another one gets through, or until it may probe. */
export function trip(turn: Turn, task: Task): void {
  const { route } = task;
  const { breakers } = turn.queue;
  const breaker = breakers.get(route) ?? { attempts: 0, isDue: true, waiting: new Set() };
  breakers.set(route, breaker);
  breaker.waiting.delete(task);
  breaker.waiting.add(task);
  // Transfers in flight together fail together: count that as one attempt.
  if (!breaker.isDue) return;
  breaker.attempts += 1;
  breaker.isDue = false;
  const afterMs = backoffMs(breaker.attempts, PROBE_RETRY, turn.inputs.random);
  turn.do({ do: 'wait', timer: timerOf(route), afterMs, then: { type: 'probe-due', route } });
}

/** Returns whether a transfer may start. `busy`: routes with a transfer in flight. */
export function allows({ breakers }: QueueState, { route }: Task, busy: ReadonlySet<string>): boolean {
  const breaker = breakers.get(route);
  return breaker === undefined || (breaker.isDue && !busy.has(route));
}

/** Lets the first waiting transfer of each route probe, if its delay is over. */
export function probe(turn: Turn, busy: ReadonlySet<string>): void {
  for (const [route, { isDue, waiting }] of turn.queue.breakers) {
    if (!isDue || busy.has(route)) continue;
    for (const task of waiting) {
      if (task.state.at !== 'waiting') continue;
      turn.raise({ type: 'apply', task, event: { type: 'due' } });
      break;
    }
  }
}

/** Lets a route be probed now. */
export function allowProbe(turn: Turn, route: string): void {
  const breaker = turn.queue.breakers.get(route);
  if (breaker === undefined) return;
  breaker.isDue = true;
  turn.do({ do: 'fill' });
}

/** Closes the breaker of a route after a server answered: all waiting transfers resume. */
export function reset(turn: Turn, route: string): void {
  const breaker = turn.queue.breakers.get(route);
  if (breaker === undefined) return;
  turn.queue.breakers.delete(route);
  turn.do({ do: 'stop-waiting', timer: timerOf(route) });
  for (const task of breaker.waiting) {
    if (task.state.at === 'waiting') turn.raise({ type: 'apply', task, event: { type: 'due' } });
  }
  turn.do({ do: 'fill' });
}

function timerOf(route: string): string {
  return `route ${route}`;
}
