import { constants } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { WaybillError } from '../failure.ts';
import { onFile } from '../local-files/file-failure.ts';
import { makeCrc64 } from '../oss/crc64.ts';
import type { OssRequest } from '../oss/request.ts';
import type { ByteAgent } from './byte-agent.ts';
import type { FilePiece } from './byte-orders.ts';
import { BLOCK_BYTES, type ByteWatch } from './byte-work.ts';

/** A piece of a file on its way up. It can be sent again: then it is read again. */
export interface PieceReader {
  /** A fresh stream of the piece. */
  readonly body: () => Readable;
  /** Sends it from another thread, where there is one. */
  readonly carry: OssRequest['carry'];
  /** CRC-64 of the bytes as they were read last; null before a stream has ended. */
  crc64(): string | null;
  /** Takes back what it counted as done. */
  takeBack(): void;
}

/** A local file that is read in pieces, and must stay as it was when it was opened. */
export class LocalSource {
  readonly path: string;
  readonly sizeBytes: number;
  /** Unix milliseconds. */
  readonly modifiedAt: number;
  readonly #handle: FileHandle;

  private constructor(path: string, handle: FileHandle, found: { readonly size: number; readonly mtimeMs: number }) {
    this.path = path;
    this.#handle = handle;
    this.sizeBytes = found.size;
    this.modifiedAt = found.mtimeMs;
  }

  /** @throws WaybillError `file` for anything but a readable file */
  static async open(path: string): Promise<LocalSource> {
    // Opening a pipe would wait for somebody to write into it. (Windows has no such flag, and no such files.)
    const handle = await onFile(path, open(path, constants.O_RDONLY | constants.O_NONBLOCK));
    const found = await onFile(path, handle.stat());
    if (found.isFile()) return new LocalSource(path, handle, found);
    await handle.close();
    throw new WaybillError({ kind: 'file', reason: 'not-a-file', path });
  }

  /** `sizeBytes` bytes from `start`, counted by `watch` as they are read. */
  piece(
    { start, sizeBytes }: { readonly start: number; readonly sizeBytes: number },
    watch: Pick<ByteWatch, 'onBytes'>,
    agent: ByteAgent | null,
  ): PieceReader {
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
    const carry: OssRequest['carry'] = async (request) => {
      takeBack();
      const answer = await agent?.sendPiece(request, this.#piece(start, sizeBytes), count);
      crc64 = answer?.crc64 ?? null;
      return answer?.reply ?? null;
    };
    return { body, takeBack, crc64: () => crc64, carry: agent === null ? undefined : carry };
  }

  /** CRC-64 of so many bytes from `start`. */
  async crc64Of({ start, sizeBytes }: { readonly start: number; readonly sizeBytes: number }): Promise<string> {
    let crc64 = '0';
    const tell = { count: () => undefined, done: (value: string) => void (crc64 = value) };
    const blocks = this.#read(start, sizeBytes, tell);
    while ((await blocks.next()).done !== true);
    return crc64;
  }

  #piece(start: number, sizeBytes: number): FilePiece {
    const { path, modifiedAt } = this;
    return { fd: this.#handle.fd, path, start, sizeBytes, file: { sizeBytes: this.sizeBytes, modifiedAt } };
  }

  /** @throws WaybillError `file` `changed` if the file is not the one that was opened, in that state */
  async assertUnchanged(): Promise<void> {
    const handle = await onFile(this.path, this.#handle.stat());
    // Editors write a new file and rename it: then the path leads to another file than the one that is open.
    const path = await onFile(this.path, stat(this.path));
    const changed = (found: typeof path): boolean => found.size !== this.sizeBytes || found.mtimeMs !== this.modifiedAt;
    if (changed(handle) || changed(path)) throw this.#changed();
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }

  async *#read(
    start: number,
    sizeBytes: number,
    tell: { readonly count: (bytes: number) => void; readonly done: (crc64: string) => void },
  ): AsyncGenerator<Uint8Array> {
    const crc = makeCrc64();
    const end = start + sizeBytes;
    let at = start;
    while (at < end) {
      const block = Buffer.allocUnsafe(Math.min(BLOCK_BYTES, end - at));
      const { bytesRead } = await onFile(this.path, this.#handle.read(block, 0, block.length, at));
      if (bytesRead === 0) throw this.#changed();
      const bytes = block.subarray(0, bytesRead);
      crc.update(bytes);
      at += bytesRead;
      if (at === end) {
        // Before the last bytes leave: a request that stays incomplete stores nothing.
        await this.assertUnchanged();
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
