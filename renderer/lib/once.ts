/** A value that is read once and then forgotten here, such as a link that works for anyone who has it. */
export class Once<T> {
  #value: T | null;

  constructor(value: T) {
    this.#value = value;
  }

  /** Null from the second time on. */
  take(): T | null {
    const value = this.#value;
    this.#value = null;
    return value;
  }
}
