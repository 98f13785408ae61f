/** Of several questions, only the newest one's answer counts: OSS may answer the older one last. */
export class Newest {
  #asked = 0;

  /** Starts a question. The returned function stays true until the next question, or drop(). */
  begin(): () => boolean {
    this.#asked += 1;
    const asked = this.#asked;
    return () => asked === this.#asked;
  }

  /** Discards the answer to the question under way. */
  drop(): void {
    this.#asked += 1;
  }

  /** Hands the answer to `take`, or the error to `fail`, unless a newer question was asked. Without `fail` it throws. */
  async ask<T>(
    work: () => Promise<T>,
    take: (answer: T) => void,
    fail: (error: unknown) => void = rethrow,
  ): Promise<void> {
    const isNewest = this.begin();
    let answer: T;
    try {
      answer = await work();
    } catch (error) {
      if (isNewest()) fail(error);
      return;
    }
    if (isNewest()) take(answer);
  }
}

function rethrow(error: unknown): never {
  throw error;
}
