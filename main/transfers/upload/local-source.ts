import type { Stats } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { WaybillError } from '../../failure.ts';
import { withFileErrors } from '../../local-files/file-failure.ts';
import { makeCrc64 } from '../../oss/crc64/crc64.ts';
import type { OssRequest } from '../../oss/exchange/request.ts';
import type { TransferAgent } from '../bytes/transfer-agent.ts';
import type { FileSlice } from '../bytes/worker-messages.ts';
import { BLOCK_BYTES, type ByteWatch } from '../byte-work.ts';
import { READ_FLAGS } from '../bytes/file-bytes.ts';

/** A slice of a file to upload. Sending it again reads it again. */
export interface SliceReader {
  /** Returns a new stream of the slice. */
  readonly body: () => Readable;
  /** Sends the slice from a worker thread; undefined if there is none. */
  readonly sendVia: OssRequest['sendVia'];
  /** CRC-64 of the bytes as last read; null until they were read to the end. */
  crc64(): string | null;
  /** Subtracts the bytes counted so far from the progress. */
  uncount(): void;
}

/** A local file read in slices. It must stay in the state in which at() found it. */
export class LocalSource {
  readonly path: string;
  readonly sizeBytes: number;
  /** Unix milliseconds. */
  readonly modifiedAt: number;
  #opening: Promise<FileHandle> | null = null;

  private constructor(path: string, { size, mtimeMs }: Stats) {
    this.path = path;
    this.sizeBytes = size;
    this.modifiedAt = mtimeMs;
  }

  /** Looks at the file without opening it. @throws WaybillError `file` if it isn't a regular file or can't be read */
  static async at(path: string): Promise<LocalSource> {
    const found = await withFileErrors(path, stat(path));
    if (!found.isFile()) throw new WaybillError({ kind: 'file', reason: 'not-a-file', path });
    return new LocalSource(path, found);
  }

  /**
   * Opens the file once. A whole file sent by a worker doesn't need it: the worker opens it.
   * @throws WaybillError `file` if it can't be read or has changed
   */
  open(): Promise<FileHandle> {
    return (this.#opening ??= this.#open());
  }

  /** Returns the slice of `sizeBytes` bytes from `start`. Bytes are reported to `watch` as they are read. */
  slice(
    { start, sizeBytes }: { readonly start: number; readonly sizeBytes: number },
    watch: Pick<ByteWatch, 'onBytes'>,
    agent: TransferAgent | null,
  ): SliceReader {
    let crc64: string | null = null;
    let counted = 0;
    // An abandoned stream may have one read in flight, which no longer counts.
    let generation = 0;
    const count = (bytes: number): void => {
      counted += bytes;
      watch.onBytes(bytes);
    };
    const uncount = (): void => {
      generation += 1;
      if (counted > 0) count(-counted);
    };
    const body = (): Readable => {
      uncount();
      const startedAs = generation;
      const blocks = this.#read(start, sizeBytes, {
        count: (bytes) => {
          if (startedAs === generation) count(bytes);
        },
        done: (value) => void (crc64 = value),
      });
      return Readable.from(blocks, { objectMode: false });
    };
    const sendVia: OssRequest['sendVia'] = async (request) => {
      uncount();
      const sent = await agent?.sendSlice(request, await this.#sliceOf(start, sizeBytes), count);
      crc64 = sent?.crc64 ?? null;
      return sent?.reply ?? null;
    };
    return { body, uncount, crc64: () => crc64, sendVia: agent === null ? undefined : sendVia };
  }

  /** Computes the CRC-64 of a slice. Reads it to the end. */
  async crc64Of({ start, sizeBytes }: { readonly start: number; readonly sizeBytes: number }): Promise<string> {
    let crc64 = '0';
    const callbacks = { count: () => undefined, done: (value: string) => void (crc64 = value) };
    const blocks = this.#read(start, sizeBytes, callbacks);
    while ((await blocks.next()).done !== true);
    return crc64;
  }

  /** A whole file is opened by its reader: one call instead of three for each of many small files. */
  async #sliceOf(start: number, sizeBytes: number): Promise<FileSlice> {
    const { path, modifiedAt } = this;
    const isWhole = this.#opening === null && sizeBytes === this.sizeBytes;
    const fd = isWhole ? null : (await this.open()).fd;
    return { fd, path, start, sizeBytes, file: { sizeBytes: this.sizeBytes, modifiedAt } };
  }

  /**
   * Throws unless path and open file are still in the state in which the file was found.
   * @throws WaybillError `file` `changed`
   */
  async assertUnchanged(): Promise<void> {
    await this.#assertSame(await this.open());
  }

  async close(): Promise<void> {
    const handle = await this.#opening?.catch(() => null);
    await handle?.close();
  }

  async #open(): Promise<FileHandle> {
    const handle = await withFileErrors(this.path, open(this.path, READ_FLAGS));
    try {
      await this.#assertSame(handle);
      return handle;
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  async #assertSame(handle: FileHandle): Promise<void> {
    const opened = await withFileErrors(this.path, handle.stat());
    // Editors write a new file and rename it: then the path names a different file from the open one.
    const named = await withFileErrors(this.path, stat(this.path));
    const changed = (found: Stats): boolean => found.size !== this.sizeBytes || found.mtimeMs !== this.modifiedAt;
    if (changed(opened) || changed(named)) throw this.#changed();
  }

  async *#read(
    start: number,
    sizeBytes: number,
    callbacks: { readonly count: (bytes: number) => void; readonly done: (crc64: string) => void },
  ): AsyncGenerator<Uint8Array> {
    const handle = await this.open();
    const crc = makeCrc64();
    const end = start + sizeBytes;
    let position = start;
    while (position < end) {
      const block = Buffer.allocUnsafe(Math.min(BLOCK_BYTES, end - position));
      const { bytesRead } = await withFileErrors(this.path, handle.read(block, 0, block.length, position));
      if (bytesRead === 0) throw this.#changed();
      const bytes = block.subarray(0, bytesRead);
      crc.update(bytes);
      position += bytesRead;
      if (position === end) {
        // Check before the last bytes leave: OSS stores nothing for an incomplete request.
        await this.#assertSame(handle);
        callbacks.done(crc.digest());
      }
      callbacks.count(bytesRead);
      yield bytes;
    }
  }

  #changed(): WaybillError {
    return new WaybillError({ kind: 'file', reason: 'changed', path: this.path });
  }
}
