import { setTimeout as sleep } from 'node:timers/promises';
import { WaybillError } from '../../failure.ts';
import type { BandwidthLimits } from '../tasks/requests.ts';

/**
 * What all transfers of this process together may take of the network. Make one, give it to the byte work, and call
 * `set()` whenever a person changes the settings: what is on its way obeys at once. Its memory is shared, so that
 * threads made with `new Bandwidth(other.memory)` draw from the same allowance.
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

/** Nanoseconds that were not used and may be made up for. */
const BURST_NS = 100_000_000n;

/** How long a change of the limit may go unnoticed by those that wait, in milliseconds. */
const LOOK_MS = 50;

/** How many blocks a second make a limited flow smooth, and keep a slow connection from looking dead. */
const BLOCKS_A_SECOND = 16;

const LEAST_BLOCK_BYTES = 4 * 1024;

/** Fields of a bucket in shared memory: bytes per second (0: no limit), when the next byte may move, number of changes. */
const RATE = 0;
const NEXT = 1;
const CHANGES = 2;
const BUCKET_FIELDS = 3;
const BUCKET_BYTES = BUCKET_FIELDS * BigInt64Array.BYTES_PER_ELEMENT;

/** One direction: a token bucket whose users queue up one block at a time, so that all connections get the same. */
export class RateLimit {
  readonly #bucket: BigInt64Array;

  constructor(bucket: BigInt64Array) {
    this.#bucket = bucket;
  }

  /** Whether there is a limit at all. */
  get isLimited(): boolean {
    return Atomics.load(this.#bucket, RATE) !== 0n;
  }

  set(bytesPerSecond: number | null): void {
    const rate = bytesPerSecond === null ? 0n : BigInt(Math.max(1, Math.round(bytesPerSecond)));
    if (Atomics.exchange(this.#bucket, RATE, rate) === rate) return;
    Atomics.store(this.#bucket, NEXT, process.hrtime.bigint());
    Atomics.add(this.#bucket, CHANGES, 1n);
  }

  /** How much to move at once, at most `largest`, in bytes. */
  blockBytes(largest: number): number {
    const rate = Number(Atomics.load(this.#bucket, RATE));
    if (rate === 0) return largest;
    return Math.min(largest, Math.max(LEAST_BLOCK_BYTES, Math.floor(rate / BLOCKS_A_SECOND)));
  }

  /**
   * Waits until so many bytes may move.
   * @throws WaybillError `cancelled`
   */
  async take(bytes: number, signal: AbortSignal): Promise<void> {
    while (this.isLimited) {
      const changes = Atomics.load(this.#bucket, CHANGES);
      const turn = this.#reserve(bytes);
      if (await this.#waitUntil(turn, changes, signal)) return;
    }
  }

  /** The moment at which these bytes may move, in nanoseconds of the process's clock. */
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

  /** False where the limit was changed meanwhile, so that the turn is void. */
  async #waitUntil(turn: bigint, changes: bigint, signal: AbortSignal): Promise<boolean> {
    for (;;) {
      if (Atomics.load(this.#bucket, CHANGES) !== changes) return false;
      const leftMs = Number(turn - process.hrtime.bigint()) / 1e6;
      if (leftMs <= 0) return true;
      await sleep(Math.min(leftMs, LOOK_MS), undefined, { signal }).catch((error: unknown) => {
        throw new WaybillError({ kind: 'cancelled' }, { cause: error });
      });
    }
  }
}
