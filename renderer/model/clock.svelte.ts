import { createSubscriber } from 'svelte/reactivity';

/** The current time. It ticks once a second while something on the screen shows it. */
export class SecondClock {
  readonly #subscribe = createSubscriber((update) => {
    const timer = setInterval(update, 1000);
    return () => clearInterval(timer);
  });

  /** Unix milliseconds. */
  get now(): number {
    this.#subscribe();
    return Date.now();
  }
}
