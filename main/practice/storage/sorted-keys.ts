import { compareBytes } from '../protocol/percent.ts';

const BLOCK = 512;

/** A set of keys in UTF-8 byte order. Insertion and removal take O(√n), lookup takes O(log n). */
export class SortedKeys {
  readonly #blocks: string[][] = [];

  add(key: string): void {
    const blockAt = Math.max(0, this.#blockOf(key));
    const block = this.#blocks[blockAt];
    if (!block) {
      this.#blocks.push([key]);
      return;
    }
    const index = lowerBound(block, (item) => item, key);
    if (block[index] === key) return;
    block.splice(index, 0, key);
    if (block.length > BLOCK * 2) this.#blocks.splice(blockAt + 1, 0, block.splice(BLOCK));
  }

  remove(key: string): void {
    const blockAt = this.#blockOf(key);
    const block = this.#blocks[blockAt];
    if (!block) return;
    const index = lowerBound(block, (item) => item, key);
    if (block[index] !== key) return;
    block.splice(index, 1);
    if (block.length === 0) this.#blocks.splice(blockAt, 1);
  }

  /** All keys from `from` on, in order. The set must not change during the iteration. */
  *from(from: string): Generator<string> {
    const first = Math.max(0, this.#blockOf(from));
    for (let blockAt = first; blockAt < this.#blocks.length; blockAt += 1) {
      const block = this.#blocks[blockAt] ?? [];
      yield* blockAt === first ? block.slice(lowerBound(block, (item) => item, from)) : block;
    }
  }

  /** Index of the block that holds or would hold `key`: the last that doesn't begin after it, or -1. */
  #blockOf(key: string): number {
    const index = lowerBound(this.#blocks, (block) => block[0] ?? '', key);
    return this.#blocks[index]?.[0] === key ? index : index - 1;
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
