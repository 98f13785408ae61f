import { compareBytes } from '../protocol/percent.ts';

const BLOCK = 512;

/** A set of keys in the order of their UTF-8 bytes. Adding and removing cost O(√n), finding O(log n). */
export class SortedKeys {
  readonly #blocks: string[][] = [];

  add(key: string): void {
    const blockAt = Math.max(0, this.#blockOf(key));
    const block = this.#blocks[blockAt];
    if (!block) {
      this.#blocks.push([key]);
      return;
    }
    const at = lowerBound(block, (one) => one, key);
    if (block[at] === key) return;
    block.splice(at, 0, key);
    if (block.length > BLOCK * 2) this.#blocks.splice(blockAt + 1, 0, block.splice(BLOCK));
  }

  remove(key: string): void {
    const blockAt = this.#blockOf(key);
    const block = this.#blocks[blockAt];
    if (!block) return;
    const at = lowerBound(block, (one) => one, key);
    if (block[at] !== key) return;
    block.splice(at, 1);
    if (block.length === 0) this.#blocks.splice(blockAt, 1);
  }

  /** All keys from `from` on, in order. The set must not change meanwhile. */
  *from(from: string): Generator<string> {
    const first = Math.max(0, this.#blockOf(from));
    for (let blockAt = first; blockAt < this.#blocks.length; blockAt += 1) {
      const block = this.#blocks[blockAt] ?? [];
      yield* blockAt === first ? block.slice(lowerBound(block, (one) => one, from)) : block;
    }
  }

  /** The block that holds `key`, or would: the last one that does not begin after it; -1 before the first. */
  #blockOf(key: string): number {
    const at = lowerBound(this.#blocks, (block) => block[0] ?? '', key);
    return this.#blocks[at]?.[0] === key ? at : at - 1;
  }
}

function lowerBound<T>(list: readonly T[], keyOf: (item: T) => string, key: string): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const item = list[middle];
    if (item !== undefined && compareBytes(keyOf(item), key) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
