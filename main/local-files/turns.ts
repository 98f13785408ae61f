/** Runs pieces of work one after the other, in the order in which they came. One that fails doesn't stop the next. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  /** Runs `work` once all that came before it has ended. Settles as it does. */
  run<T>(work: () => Promise<T> | T): Promise<T> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}
