import type { call } from '../lib/bridge.ts';
import { Newest } from '../lib/newest.ts';

/** How many links, pages and sessions that were handed out still work. */
export class LiveLinks {
  readonly #call: typeof call;
  readonly #asked = new Newest();
  /** Null until it was counted. */
  count = $state.raw<number | null>(null);

  constructor(callMain: typeof call) {
    this.#call = callMain;
  }

  /** Counts again: when the ledger changed, and as time passes. A count that fails leaves the last one. */
  async load(): Promise<void> {
    const all = { text: '', accountId: null, bucket: null, key: null };
    await this.#asked.ask(
      () => this.#call('ledger.list', { ...all, states: ['live', 'ending-soon', 'denied'], offset: 0, limit: 1 }),
      ({ total }) => {
        this.count = total;
      },
      () => undefined,
    );
  }
}
