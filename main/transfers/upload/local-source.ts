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

/** A piece of a file on its way up. It can be sent again: then it is read again. */
export interface SliceReader {
  /** A fresh stream of the piece. */
  readonly body: () => Readable;
  /** Sends it from another thread, where there is one. */
  readonly sendVia: OssRequest['sendVia'];
  /** CRC-64 of the bytes as they were read last; null before a stream has ended. */
  crc64(): string | null;
  /** Takes back what it counted as done. */
  takeBack(): void;
}

/** A local file that is read in pieces, and must stay as it was when it was looked at first. */
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

  /** @throws WaybillError `file` for anything but a file */
  static async at(path: string): Promise<LocalSource> {
    const found = await withFileErrors(path, stat(path));
    if (!found.isFile()) throw new WaybillError({ kind: 'file', reason: 'not-a-file', path });
    return new LocalSource(path, found);
  }

  /**
   * Opens it, once: for what is read in one piece by another thread that is not needed.
   * @throws WaybillError `file` if it cannot be read, or is not what it was
   */
  open(): Promise<FileHandle> {
    return (this.#opening ??= this.#open());
  }

  /** `sizeBytes` bytes from `start`, counted by `watch` as they are read. */
  slice(
    { start, sizeBytes }: { readonly start: number; readonly sizeBytes: number },
    watch: Pick<ByteWatch, 'onBytes'>,
    agent: TransferAgent | null,
  ): SliceReader {
    let crc64: string | null = null;
    let counted = 0;
    // A stream that was given up may have one more read under way: that counts no more.
    let current = 0;
    const count = (bytes: number): void => {
      counted += bytes;
      watch.onBytes(bytes);
    };
    const takeBack = (): void => {
      current += 1;
      if (counted > 0) count(-counted);
    };
    const body = (): Readable => {
      takeBack();
      const own = current;
      const blocks = this.#read(start, sizeBytes, {
        count: (bytes) => {
          if (own === current) count(bytes);
        },
        done: (value) => void (crc64 = value),
      });
      return Readable.from(blocks, { objectMode: false });
    };
    const sendVia: OssRequest['sendVia'] = async (request) => {
      takeBack();
      const answer = await agent?.sendSlice(request, await this.#piece(start, sizeBytes), count);
      crc64 = answer?.crc64 ?? null;
      return answer?.reply ?? null;
    };
    return { body, takeBack, crc64: () => crc64, sendVia: agent === null ? undefined : sendVia };
  }

  /** CRC-64 of so many bytes from `start`. */
  async crc64Of({ start, sizeBytes }: { readonly start: number; readonly sizeBytes: number }): Promise<string> {
    let crc64 = '0';
    const tell = { count: () => undefined, done: (value: string) => void (crc64 = value) };
    const blocks = this.#read(start, sizeBytes, tell);
    while ((await blocks.next()).done !== true);
    return crc64;
  }

  /** What is read whole is opened by whoever reads it: one step instead of three for each of many small files. */
  async #piece(start: number, sizeBytes: number): Promise<FileSlice> {
    const { path, modifiedAt } = this;
    const isWhole = this.#opening === null && sizeBytes === this.sizeBytes;
    const fd = isWhole ? null : (await this.open()).fd;
    return { fd, path, start, sizeBytes, file: { sizeBytes: this.sizeBytes, modifiedAt } };
  }

  /** @throws WaybillError `file` `changed` if the file is not the one that was looked at, in that state */
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
    // Editors write a new file and rename it: then the path leads to another file than the one that is open.
    const named = await withFileErrors(this.path, stat(this.path));
    const changed = (found: Stats): boolean => found.size !== this.sizeBytes || found.mtimeMs !== this.modifiedAt;
    if (changed(opened) || changed(named)) throw this.#changed();
  }

  async *#read(
    start: number,
    sizeBytes: number,
    tell: { readonly count: (bytes: number) => void; readonly done: (crc64: string) => void },
  ): AsyncGenerator<Uint8Array> {
    const handle = await this.open();
    const crc = makeCrc64();
    const end = start + sizeBytes;
    let at = start;
    while (at < end) {
      const block = Buffer.allocUnsafe(Math.min(BLOCK_BYTES, end - at));
      const { bytesRead } = await withFileErrors(this.path, handle.read(block, 0, block.length, at));
      if (bytesRead === 0) throw this.#changed();
      const bytes = block.subarray(0, bytesRead);
      crc.update(bytes);
      at += bytesRead;
      if (at === end) {
        // Before the last bytes leave: a request that stays incomplete stores nothing.
        await this.#assertSame(handle);
        tell.done(crc.digest());
      }
      tell.count(bytesRead);
      yield bytes;
    }
  }

  #changed(): WaybillError {
    return new WaybillError({ kind: 'file', reason: 'changed', path: this.path });
  }
}
