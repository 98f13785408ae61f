import type { Failure } from '../../../main/contract/contract.ts';

/** Pauses before the next try, in milliseconds; the last one repeats. */
const pauses = [2_000, 5_000, 15_000, 60_000] as const;

/**
 * Tries again by itself what failed because the network, or the service, was away: after a growing pause, and at once when
 * the system says that it is online again.
 */
export class Reconnecting {
  readonly #retry: () => void;
  #tries = 0;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(retry: () => void) {
    this.#retry = retry;
  }

  /** Call it with the outcome of each try; null: it worked. */
  note(failure: Failure | null): void {
    this.stop();
    if (failure === null || !passesByItself(failure)) {
      this.#tries = 0;
      return;
    }
    this.#timer = setTimeout(() => this.tryNow(), pauses[Math.min(this.#tries, pauses.length - 1)]);
    this.#tries += 1;
  }

  /** Stops trying: what failed isn't shown any more. */
  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  /** Ends the pause, if there is one. */
  tryNow(): void {
    if (this.#timer === null) return;
    this.stop();
    this.#retry();
  }
}

/** Whether the same request may work later, though nobody changes anything. */
export function passesByItself(failure: Failure): boolean {
  if (failure.kind === 'network') return failure.reason !== 'tls' && failure.reason !== 'proxy-password';
  return failure.kind === 'oss' && failure.status >= 500;
}
