import { setTimeout as sleep } from 'node:timers/promises';
import { WaybillError } from '../failure.ts';

/** Limits in bytes per second; null: unlimited. */
export interface BandwidthLimits {
  readonly up: number | null;
  readonly down: number | null;
}

/**
 * Bandwidth shared by all transfers of the process. Create one, pass it to the transfers, and call `set()` whenever the
 * settings change: transfers in progress obey at once. Its memory is shared: `new Bandwidth(other.memory)` in another
 * thread draws from the same allowance.
 */
export class Bandwidth {
  readonly memory: SharedArrayBuffer;
  readonly up: RateLimit;
  readonly down: RateLimit;

  constructor(memory = new SharedArrayBuffer(2 * BUCKET_BYTES)) {
    this.memory = memory;
    this.up = new RateLimit(new BigInt64Array(memory, 0, BUCKET_FIELDS));
    this.down = new RateLimit(new BigInt64Array(memory, BUCKET_BYTES, BUCKET_FIELDS));
  }

  set({ up, down }: BandwidthLimits): void {
    this.up.set(up);
    this.down.set(down);
  }
}

/** Longest unused time that may be caught up on, in nanoseconds: the burst of the token bucket. */
const BURST_NS = 100_000_000n;

/** Longest time until a waiting transfer notices a changed limit, in milliseconds. */
const POLL_MS = 50;

/** Blocks per second: enough for a steady flow, and to keep a slow connection from looking stalled. */
const BLOCKS_A_SECOND = 16;

const MIN_BLOCK_BYTES = 4 * 1024;

/**
 * Fields of a bucket in shared memory: bytes per second (0: unlimited), time at which the next byte may move, number of
 * changes.
 */
const RATE = 0;
const NEXT = 1;
const CHANGES = 2;
const BUCKET_FIELDS = 3;
const BUCKET_BYTES = BUCKET_FIELDS * BigInt64Array.BYTES_PER_ELEMENT;

/**
 * One direction: a token bucket that grants one block at a time in turn, so that all connections get an equal share.
 */
export class RateLimit {
  readonly #bucket: BigInt64Array;

  constructor(bucket: BigInt64Array) {
    this.#bucket = bucket;
  }

  /** Whether a limit is set. */
  get isLimited(): boolean {
    return Atomics.load(this.#bucket, RATE) !== 0n;
  }

  set(bytesPerSecond: number | null): void {
    const rate = bytesPerSecond === null ? 0n : BigInt(Math.max(1, Math.round(bytesPerSecond)));
    if (Atomics.exchange(this.#bucket, RATE, rate) === rate) return;
    Atomics.store(this.#bucket, NEXT, process.hrtime.bigint());
    Atomics.add(this.#bucket, CHANGES, 1n);
  }

  /** Returns how much to move at once, in bytes, at most `largest`. */
  blockBytes(largest: number): number {
    const rate = Number(Atomics.load(this.#bucket, RATE));
    if (rate === 0) return largest;
    return Math.min(largest, Math.max(MIN_BLOCK_BYTES, Math.floor(rate / BLOCKS_A_SECOND)));
  }

  /** Waits until `bytes` may move. @throws WaybillError `cancelled` */
  async take(bytes: number, signal: AbortSignal | undefined): Promise<void> {
    while (this.isLimited) {
      const changes = Atomics.load(this.#bucket, CHANGES);
      const turn = this.#reserve(bytes);
      if (await this.#waitUntil(turn, changes, signal)) return;
    }
  }

  /** Reserves the next turn, and returns when it comes, in nanoseconds of process.hrtime. */
  #reserve(bytes: number): bigint {
    for (;;) {
      const rate = Atomics.load(this.#bucket, RATE);
      const next = Atomics.load(this.#bucket, NEXT);
      const earliest = process.hrtime.bigint() - BURST_NS;
      const turn = next > earliest ? next : earliest;
      const after = turn + (rate === 0n ? 0n : (BigInt(bytes) * 1_000_000_000n) / rate);
      if (Atomics.compareExchange(this.#bucket, NEXT, next, after) === next) return turn;
    }
  }

  /** Returns false if the limit changed meanwhile, which voids the turn. */
  async #waitUntil(turn: bigint, changes: bigint, signal: AbortSignal | undefined): Promise<boolean> {
    for (;;) {
      if (Atomics.load(this.#bucket, CHANGES) !== changes) return false;
      const leftMs = Number(turn - process.hrtime.bigint()) / 1e6;
      if (leftMs <= 0) return true;
      await sleep(Math.min(leftMs, POLL_MS), undefined, signal && { signal }).catch((error: unknown) => {
        throw new WaybillError({ kind: 'cancelled' }, { cause: error });
      });
    }
  }
}
