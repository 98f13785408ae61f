export type Listener = (...args: never[]) => void;

interface Entry {
  readonly listener: Listener;
  readonly once: boolean;
}

/** The part of Node's EventEmitter that a sandboxed preload gets to see. */
export class Emitter {
  readonly #entries = new Map<string, Entry[]>();

  on(name: string, listener: Listener): this {
    return this.#add(name, { listener, once: false });
  }

  once(name: string, listener: Listener): this {
    return this.#add(name, { listener, once: true });
  }

  off(name: string, listener: Listener): this {
    const entries = this.#entries.get(name) ?? [];
    const at = entries.findLastIndex((entry) => entry.listener === listener);
    this.#entries.set(
      name,
      entries.filter((_, index) => index !== at),
    );
    return this;
  }

  addListener(name: string, listener: Listener): this {
    return this.on(name, listener);
  }

  removeListener(name: string, listener: Listener): this {
    return this.off(name, listener);
  }

  removeAllListeners(name?: string): this {
    if (name === undefined) this.#entries.clear();
    else this.#entries.delete(name);
    return this;
  }

  listenerCount(name: string): number {
    return this.#entries.get(name)?.length ?? 0;
  }

  emit(name: string, ...args: unknown[]): boolean {
    const entries = this.#entries.get(name) ?? [];
    for (const { listener, once } of entries) {
      if (once) this.off(name, listener);
      (listener as (...values: unknown[]) => void).apply(this, args);
    }
    return entries.length > 0;
  }

  #add(name: string, entry: Entry): this {
    this.#entries.set(name, [...(this.#entries.get(name) ?? []), entry]);
    return this;
  }
}
