/** The most that a cache holds. */
export interface CacheLimits {
  readonly bytes: number;
  readonly entries: number;
}

/** Bytes by name, within a bound: what wasn't read for the longest time is dropped first. */
export class ByteCache<V extends { readonly bytes: Uint8Array }> {
  readonly #limits: CacheLimits;
  /** The least recently read first. */
  readonly #entries = new Map<string, V>();
  #bytes = 0;

  constructor(limits: CacheLimits) {
    this.#limits = limits;
  }

  /** The bytes held now. */
  get bytes(): number {
    return this.#bytes;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(name: string): V | undefined {
    const found = this.#entries.get(name);
    if (found === undefined) return undefined;
    this.#entries.delete(name);
    this.#entries.set(name, found);
    return found;
  }

  /** Keeps a value. One that is larger than the whole cache is not kept. */
  set(name: string, value: V): void {
    this.#delete(name);
    if (value.bytes.byteLength > this.#limits.bytes) return;
    this.#entries.set(name, value);
    this.#bytes += value.bytes.byteLength;
    for (const oldest of this.#entries.keys()) {
      if (this.#bytes <= this.#limits.bytes && this.#entries.size <= this.#limits.entries) break;
      this.#delete(oldest);
    }
  }

  #delete(name: string): void {
    const held = this.#entries.get(name);
    if (held === undefined) return;
    this.#entries.delete(name);
    this.#bytes -= held.bytes.byteLength;
  }
}
