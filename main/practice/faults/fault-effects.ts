import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { FaultEffect } from './faults.ts';
import { securityTokenExpired } from '../signatures/key-ring.ts';
import { Refusal } from '../protocol/refusal.ts';
import { throttled } from './throttle.ts';

/** Thrown when a fault has cut the connection: there is nobody to answer any more. */
export class ConnectionCut extends Error {
  override readonly name = 'ConnectionCut';
}

type EffectOf<K extends FaultEffect['kind']> = Extract<FaultEffect, { kind: K }>;

/** Plays the effects of one request at the moments they belong to. */
export class FaultEffects {
  readonly #effects: readonly FaultEffect[];
  readonly #socket: Socket;

  constructor(effects: readonly FaultEffect[], socket: Socket) {
    this.#effects = effects;
    this.#socket = socket;
  }

  /** Before the operation: waits, resets, refuses. */
  async before(): Promise<void> {
    for (const { ms } of this.#of('latency')) await delay(ms);
    if (this.#of('reset').some(({ at }) => at === 'before-headers')) this.#cut();
    const error = this.#of('error')[0];
    if (error) throw new Refusal(error.status, { code: error.code, message: error.message ?? 'An injected fault.' });
    if (this.#of('expired-token').length > 0) throw securityTokenExpired();
  }

  /** When the operation is done and its reply not sent yet. */
  afterWork(): void {
    if (this.#of('reset').some(({ at }) => at === 'after-work')) this.#cut();
  }

  /** The request's body as the operation gets it. */
  upload(source: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
    const reset = this.#of('reset').find(({ at }) => at === 'mid-upload');
    return this.#slow(reset ? this.#resetAfter(source, reset.afterBytes ?? 0) : source);
  }

  /** The reply's body as it goes out. */
  download(source: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
    let bytes = source;
    for (const { atByte } of this.#of('corrupt')) bytes = corrupted(bytes, atByte ?? 0);
    for (const { afterBytes } of this.#of('truncate')) bytes = this.#endAfter(bytes, afterBytes);
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
    await this.#flushed();
    this.#cut();
  }

  async *#endAfter(source: AsyncIterable<Uint8Array>, afterBytes: number): AsyncGenerator<Uint8Array> {
    yield* head(source, afterBytes);
    await this.#flushed();
    this.#socket.end();
    throw new ConnectionCut();
  }

  #cut(): never {
    this.#socket.resetAndDestroy();
    throw new ConnectionCut();
  }

  /** What was yielded must have left before the connection goes. */
  async #flushed(): Promise<void> {
    while (this.#socket.writableLength > 0 && !this.#socket.destroyed) await delay(5);
  }
}

async function* head(source: AsyncIterable<Uint8Array>, length: number): AsyncGenerator<Uint8Array> {
  let rest = length;
  if (rest === 0) return;
  for await (const chunk of source) {
    yield chunk.subarray(0, rest);
    rest -= chunk.length;
    if (rest <= 0) return;
  }
}

async function* corrupted(source: AsyncIterable<Uint8Array>, atByte: number): AsyncGenerator<Uint8Array> {
  let offset = 0;
  for await (const chunk of source) {
    const at = atByte - offset;
    offset += chunk.length;
    if (at < 0 || at >= chunk.length) {
      yield chunk;
      continue;
    }
    const wrong = Uint8Array.from(chunk);
    wrong[at] = (wrong[at] ?? 0) ^ 0xff;
    yield wrong;
  }
}
