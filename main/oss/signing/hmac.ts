import { hash } from 'node:crypto';

/** Both SHA-1 and SHA-256 hash blocks of this many bytes. */
const BLOCK_BYTES = 64;

/** Room for most texts that are signed; grows where one is longer. */
const USUAL_TEXT_BYTES = 1024;

/**
 * HMAC with one key for many texts. createHmac() sets up OpenSSL anew for each, which costs more than the hashing itself
 * where links are made by the thousand.
 * @see RFC 2104
 */
export class HmacKey {
  readonly #algorithm: 'sha1' | 'sha256';
  /** The key's inner pad, and behind it the text. */
  #inner: Buffer;
  /** The key's outer pad, and behind it the inner hash. */
  readonly #outer: Buffer;

  constructor(algorithm: 'sha1' | 'sha256', key: Uint8Array) {
    this.#algorithm = algorithm;
    const block = new Uint8Array(BLOCK_BYTES);
    block.set(key.length > BLOCK_BYTES ? hash(algorithm, key, 'buffer') : key);
    this.#inner = Buffer.alloc(BLOCK_BYTES + USUAL_TEXT_BYTES);
    this.#inner.set(block.map((byte) => byte ^ 0x36));
    this.#outer = Buffer.alloc(BLOCK_BYTES + (algorithm === 'sha1' ? 20 : 32));
    this.#outer.set(block.map((byte) => byte ^ 0x5c));
  }

  sign(text: string, encoding: 'hex' | 'base64'): string {
    this.#hashInner(text);
    return hash(this.#algorithm, this.#outer, encoding);
  }

  /** The bytes of the HMAC, as a key for another. */
  derive(text: string): Buffer {
    this.#hashInner(text);
    return hash(this.#algorithm, this.#outer, 'buffer');
  }

  #hashInner(text: string): void {
    // A UTF-16 unit has three bytes of UTF-8 at most.
    if (text.length * 3 > this.#inner.length - BLOCK_BYTES) {
      const larger = Buffer.alloc(BLOCK_BYTES + text.length * 3);
      this.#inner.copy(larger, 0, 0, BLOCK_BYTES);
      this.#inner = larger;
    }
    const end = BLOCK_BYTES + this.#inner.write(text, BLOCK_BYTES);
    this.#outer.write(hash(this.#algorithm, this.#inner.subarray(0, end), 'binary'), BLOCK_BYTES, 'latin1');
  }
}
