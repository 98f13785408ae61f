import { hash } from 'node:crypto';

/** Block size of SHA-1 and of SHA-256, in bytes. */
const BLOCK_BYTES = 64;

/** Initial room for the text; the buffer grows for a longer one. */
const INITIAL_TEXT_BYTES = 1024;

/**
 * HMAC (RFC 2104) with one key over many texts: H((key ⊕ opad) ‖ H((key ⊕ ipad) ‖ text)). Node's createHmac() sets up
 * an OpenSSL context for every text, which costs more than the hashing when thousands of links are signed. The unit
 * test compares the results with OpenSSL's.
 */
export class HmacKey {
  readonly #algorithm: 'sha1' | 'sha256';
  /** The key ⊕ ipad, followed by the text. */
  #inner: Buffer;
  /** The key ⊕ opad, followed by the inner hash. */
  readonly #outer: Buffer;

  constructor(algorithm: 'sha1' | 'sha256', key: Uint8Array) {
    this.#algorithm = algorithm;
    const block = new Uint8Array(BLOCK_BYTES);
    // RFC 2104: a key longer than a block is replaced by its hash.
    block.set(key.length > BLOCK_BYTES ? hash(algorithm, key, 'buffer') : key);
    this.#inner = Buffer.alloc(BLOCK_BYTES + INITIAL_TEXT_BYTES);
    this.#inner.set(block.map((byte) => byte ^ 0x36));
    this.#outer = Buffer.alloc(BLOCK_BYTES + (algorithm === 'sha1' ? 20 : 32));
    this.#outer.set(block.map((byte) => byte ^ 0x5c));
  }

  sign(text: string | Buffer, encoding: 'hex' | 'base64'): string {
    this.#hashInner(text);
    return hash(this.#algorithm, this.#outer, encoding);
  }

  /** The raw HMAC, to be used as the key of another one. */
  derive(text: string): Buffer {
    this.#hashInner(text);
    return hash(this.#algorithm, this.#outer, 'buffer');
  }

  #hashInner(text: string | Buffer): void {
    // A UTF-16 code unit takes at most three bytes of UTF-8.
    if (text.length * 3 > this.#inner.length - BLOCK_BYTES) {
      const larger = Buffer.alloc(BLOCK_BYTES + text.length * 3);
      this.#inner.copy(larger, 0, 0, BLOCK_BYTES);
      this.#inner = larger;
    }
    const length =
      typeof text === 'string' ? this.#inner.write(text, BLOCK_BYTES) : text.copy(this.#inner, BLOCK_BYTES);
    const end = BLOCK_BYTES + length;
    this.#outer.write(hash(this.#algorithm, this.#inner.subarray(0, end), 'binary'), BLOCK_BYTES, 'latin1');
  }
}
