import type { Transfer, TransferBatch } from './transfer.ts';

/** Ten batches per second, independent of the number of transfers. */
const INTERVAL_MS = 100;

/** Merges changes into batches: the latest state of each transfer, at most ten batches per second. */
export class ProgressBatches {
  readonly #read: (id: string) => Transfer | null;
  readonly #send: (batch: TransferBatch) => void;
  readonly #changed = new Set<string>();
  readonly #removed = new Set<string>();
  #timer: NodeJS.Timeout | null = null;
  #sentAt = 0;

  constructor(read: (id: string) => Transfer | null, send: (batch: TransferBatch) => void) {
    this.#read = read;
    this.#send = send;
  }

  changed(id: string): void {
    this.#changed.add(id);
    this.#schedule();
  }

  removed(id: string): void {
    this.#changed.delete(id);
    this.#removed.add(id);
    this.#schedule();
  }

  /** Sends the last batch. */
  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#flush();
  }

  #schedule(): void {
    if (this.#timer !== null) return;
    const waitMs = Math.max(0, this.#sentAt + INTERVAL_MS - performance.now());
    this.#timer = setTimeout(() => this.#flush(), waitMs);
  }

  #flush(): void {
    this.#timer = null;
    if (this.#changed.size === 0 && this.#removed.size === 0) return;
    const changed = [...this.#changed].map((id) => this.#read(id)).filter((transfer) => transfer !== null);
    const removed = [...this.#removed];
    this.#changed.clear();
    this.#removed.clear();
    this.#sentAt = performance.now();
    this.#send({ changed, removed });
  }
}
