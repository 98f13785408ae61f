import { createHash, randomBytes } from 'node:crypto';
import { constants, copyFile, link, mkdir, open, rename, rm, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createCRC64 } from 'hash-wasm';
import { errorCode } from '../../local-files/file-failure.ts';
import type { Piece } from './object-version.ts';

/** Received bytes in a temporary file. */
export interface ReceivedBlob {
  readonly temporaryPath: string;
  readonly sizeBytes: number;
  /** Unsigned decimal. */
  readonly crc64: string;
  readonly md5: Buffer;
}

const READ_BYTES = 256 * 1024;

/** The bytes of all objects, as one write-once file per piece. */
export class Blobs {
  readonly #directory: string;
  readonly #temporary: string;
  readonly #readers = new Map<string, number>();
  readonly #doomed = new Set<string>();

  constructor(dataDir: string) {
    this.#directory = join(dataDir, 'blobs');
    this.#temporary = join(dataDir, 'incoming');
  }

  /** Deletes the temporary files of a previous run. */
  async prepare(): Promise<void> {
    await rm(this.#temporary, { recursive: true, force: true });
    await mkdir(this.#temporary, { recursive: true });
  }

  /** Streams bytes into a temporary file and hashes them. Removes the file if the source fails. */
  async receive(source: AsyncIterable<Uint8Array>): Promise<ReceivedBlob> {
    const temporaryPath = join(this.#temporary, randomBytes(12).toString('hex'));
    const crc = await createCRC64();
    const md5 = createHash('md5');
    let sizeBytes = 0;
    const file = await open(temporaryPath, 'wx');
    try {
      for await (const chunk of source) {
        crc.update(chunk);
        md5.update(chunk);
        await writeAll(file, chunk);
        sizeBytes += chunk.length;
      }
      await file.close();
    } catch (error) {
      await file.close();
      await unlink(temporaryPath);
      throw error;
    }
    return { temporaryPath, sizeBytes, crc64: BigInt(`0x${crc.digest('hex')}`).toString(), md5: md5.digest() };
  }

  /** Moves a received file to its permanent place. */
  async keep(received: ReceivedBlob): Promise<Piece> {
    const blob = await this.#newBlob();
    await rename(received.temporaryPath, this.#pathOf(blob));
    return { blob, sizeBytes: received.sizeBytes };
  }

  async discard(received: ReceivedBlob): Promise<void> {
    await rm(received.temporaryPath, { force: true });
  }

  /** Links the same bytes under a second name, or copies them if the file system has no hard links. */
  async duplicate(piece: Piece): Promise<Piece> {
    const blob = await this.#newBlob();
    await link(this.#pathOf(piece.blob), this.#pathOf(blob)).catch(() =>
      copyFile(this.#pathOf(piece.blob), this.#pathOf(blob), constants.COPYFILE_EXCL),
    );
    return { blob, sizeBytes: piece.sizeBytes };
  }

  /** Removes files. A file being read is removed after its last reader finishes. */
  async remove(pieces: readonly Piece[]): Promise<void> {
    for (const { blob } of pieces) {
      if (this.#readers.has(blob)) this.#doomed.add(blob);
      else await unlink(this.#pathOf(blob)).catch(ignoreMissing);
    }
  }

  /** Bytes from `start` to `end` (exclusive) of the concatenated pieces. */
  async *read(pieces: readonly Piece[], start: number, end: number): AsyncGenerator<Buffer> {
    for (const { blob } of pieces) this.#readers.set(blob, (this.#readers.get(blob) ?? 0) + 1);
    try {
      let offset = 0;
      for (const piece of pieces) {
        const from = Math.max(0, start - offset);
        const to = Math.min(piece.sizeBytes, end - offset);
        if (from < to) yield* this.#readOne(piece.blob, from, to);
        offset += piece.sizeBytes;
      }
    } finally {
      for (const { blob } of pieces) await this.#release(blob);
    }
  }

  async *#readOne(blob: string, start: number, end: number): AsyncGenerator<Buffer> {
    const file = await open(this.#pathOf(blob), 'r');
    try {
      for (let position = start; position < end;) {
        const { bytesRead, buffer } = await file.read({
          buffer: Buffer.allocUnsafeSlow(Math.min(READ_BYTES, end - position)),
          position,
        });
        if (bytesRead === 0) throw new Error(`Blob ${blob} is shorter than its recorded size.`);
        position += bytesRead;
        yield buffer.subarray(0, bytesRead);
      }
    } finally {
      await file.close();
    }
  }

  async #release(blob: string): Promise<void> {
    const readers = (this.#readers.get(blob) ?? 1) - 1;
    if (readers > 0) {
      this.#readers.set(blob, readers);
      return;
    }
    this.#readers.delete(blob);
    if (this.#doomed.delete(blob)) await unlink(this.#pathOf(blob)).catch(ignoreMissing);
  }

  async #newBlob(): Promise<string> {
    const blob = randomBytes(12).toString('hex');
    await mkdir(dirname(this.#pathOf(blob)), { recursive: true });
    return blob;
  }

  #pathOf(blob: string): string {
    return join(this.#directory, blob.slice(0, 2), blob);
  }
}

async function writeAll(file: Awaited<ReturnType<typeof open>>, chunk: Uint8Array): Promise<void> {
  for (let done = 0; done < chunk.length;) {
    const { bytesWritten } = await file.write(chunk, done);
    done += bytesWritten;
  }
}

function ignoreMissing(error: unknown): void {
  if (errorCode(error) !== 'ENOENT') throw error;
}
