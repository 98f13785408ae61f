/** Announces one kind of event. State would miss those that leave a value as it was. */
export class Emitter<T = void> {
  readonly #listeners = new Set<(event: T) => void>();

  /** Listens until the returned function is called. */
  on(listener: (event: T) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  emit(event: T): void {
    for (const listener of this.#listeners) listener(event);
  }
}
