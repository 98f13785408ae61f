import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { FaultEffect } from './faults.ts';
import { securityTokenExpired } from '../signatures/key-ring.ts';
import { Refusal } from '../protocol/refusal.ts';
import { throttled } from './throttle.ts';

/** Thrown after a fault has cut the connection, so that no reply is sent. */
export class ConnectionCut extends Error {
  override readonly name = 'ConnectionCut';
}

type EffectOf<K extends FaultEffect['kind']> = Extract<FaultEffect, { kind: K }>;

/** Applies the faults of one request at each stage. */
export class FaultEffects {
  readonly #effects: readonly FaultEffect[];
  readonly #socket: Socket;

  constructor(effects: readonly FaultEffect[], socket: Socket) {
    this.#effects = effects;
    this.#socket = socket;
  }

  /** Applies the faults that precede the operation: latency, resets and error replies. */
  async before(): Promise<void> {
    for (const { ms } of this.#of('latency')) await delay(ms);
    if (this.#of('reset').some(({ at }) => at === 'before-headers')) this.#cut();
    const error = this.#of('error')[0];
    if (error) throw new Refusal(error.status, { code: error.code, message: error.message ?? 'An injected fault.' });
    if (this.#of('expired-token').length > 0) throw securityTokenExpired();
  }

  /** Applies the faults between the operation and its reply. */
  afterWork(): void {
    if (this.#of('reset').some(({ at }) => at === 'after-work')) this.#cut();
  }

  /** Applies the faults of the request body. */
  upload(source: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
    const reset = this.#of('reset').find(({ at }) => at === 'mid-upload');
    return this.#slow(reset ? this.#resetAfter(source, reset.afterBytes ?? 0) : source);
  }

  /** Applies the faults of the reply body. */
  download(source: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
    let bytes = source;
    for (const { atByte } of this.#of('corrupt')) bytes = corrupted(bytes, atByte ?? 0);
    for (const { afterBytes } of this.#of('truncate')) bytes = this.#truncateAfter(bytes, afterBytes);
    const reset = this.#of('reset').find(({ at }) => at === 'mid-body');
    return this.#slow(reset ? this.#resetAfter(bytes, reset.afterBytes ?? 0) : bytes);
  }

  #of<K extends FaultEffect['kind']>(kind: K): readonly EffectOf<K>[] {
    return this.#effects.filter((effect): effect is EffectOf<K> => effect.kind === kind);
  }

  #slow(source: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
    const slow = this.#of('slow')[0];
    return slow ? throttled(source, slow.bytesPerSecond) : source;
  }

  async *#resetAfter(source: AsyncIterable<Uint8Array>, afterBytes: number): AsyncGenerator<Uint8Array> {
    yield* head(source, afterBytes);
    await this.#flush();
    this.#cut();
  }

  async *#truncateAfter(source: AsyncIterable<Uint8Array>, afterBytes: number): AsyncGenerator<Uint8Array> {
    yield* head(source, afterBytes);
    await this.#flush();
    this.#socket.end();
    throw new ConnectionCut();
  }

  #cut(): never {
    this.#socket.resetAndDestroy();
    throw new ConnectionCut();
  }

  /** Waits until the yielded bytes have been sent, so that a cut doesn't drop them. */
  async #flush(): Promise<void> {
    while (this.#socket.writableLength > 0 && !this.#socket.destroyed) await delay(5);
  }
}

async function* head(source: AsyncIterable<Uint8Array>, length: number): AsyncGenerator<Uint8Array> {
  let remaining = length;
  if (remaining === 0) return;
  for await (const chunk of source) {
    yield chunk.subarray(0, remaining);
    remaining -= chunk.length;
    if (remaining <= 0) return;
  }
}

async function* corrupted(source: AsyncIterable<Uint8Array>, atByte: number): AsyncGenerator<Uint8Array> {
  let offset = 0;
  for await (const chunk of source) {
    const index = atByte - offset;
    offset += chunk.length;
    if (index < 0 || index >= chunk.length) {
      yield chunk;
      continue;
    }
    const flipped = Uint8Array.from(chunk);
    flipped[index] = (flipped[index] ?? 0) ^ 0xff;
    yield flipped;
  }
}
