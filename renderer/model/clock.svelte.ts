import { createSubscriber } from 'svelte/reactivity';

/** The current time. It ticks at this interval (milliseconds) while something on the screen shows it. */
export class Clock {
  readonly #subscribe: () => void;

  constructor(everyMs: number) {
    this.#subscribe = createSubscriber((update) => {
      const timer = setInterval(update, everyMs);
      return () => clearInterval(timer);
    });
  }

  /** Unix milliseconds. */
  get now(): number {
    this.#subscribe();
    return Date.now();
  }
}
