import { closeSync } from 'node:fs';
import { type Crc64, makeCrc64 } from '../../oss/crc64/crc64.ts';
import { IdleConnections } from '../../http/idle-connections.ts';
import { type NextBytes, RawConnection, type RawOrigin } from '../../http/raw-connection.ts';
import type { ReplyHead } from '../../http/reply-head.ts';
import { type WorkerEvent, type WorkerCommand, type FileSlice, toPlainError } from './worker-messages.ts';
import { BLOCK_BYTES } from '../byte-work.ts';
import { assertUnchanged, type OpenPiece, openPiece, readBlock, writeBlock } from './file-bytes.ts';
import type { Bandwidth } from './rate-limit.ts';

/** An answer that is longer, and no object, is none of OSS's. */
const MAX_TEXT_BYTES = 64 * 1024;

/** How late progress may be told, in milliseconds: each message wakes the other thread. */
const REPORT_INTERVAL_MS = 50;

/** What an exchange needs and the next one uses again. */
interface Buffers {
  readonly crc: Crc64;
}

/** A request under way. */
interface Exchange {
  readonly id: number;
  readonly origin: RawOrigin;
  readonly abort: AbortController;
  readonly buffers: Buffers;
  connection: RawConnection | null;
  /** A file that was opened for this request alone. */
  ownFd: number | null;
  /** Length of the answer's body. */
  bodyBytes: number;
  /** Bytes that were moved and not told yet. */
  pendingBytes: number;
  /** Set while there are such. */
  reportTimer: NodeJS.Timeout | null;
}

type CommandOf<T extends WorkerCommand['type']> = Extract<WorkerCommand, { type: T }>;

/**
 * Carries bytes between open files and servers: HTTP, CRC-64, and blocking reads and writes, with buffers that are used
 * again. It knows no keys: requests come signed.
 */
export class TransferWorker {
  readonly #emit: (event: WorkerEvent) => void;
  readonly #bandwidth: Bandwidth;
  readonly #exchanges = new Map<number, Exchange>();
  readonly #idle = new IdleConnections();
  readonly #spareBuffers: Buffers[] = [];

  constructor(bandwidth: Bandwidth, emit: (event: WorkerEvent) => void) {
    this.#bandwidth = bandwidth;
    this.#emit = emit;
  }

  handle(command: WorkerCommand): void {
    if (command.type === 'send') void this.#send(command);
    else if (command.type === 'store') void this.#store(command);
    else this.#end(command.id, 'destroy');
  }

  async #send(command: CommandOf<'send'>): Promise<void> {
    const { id, origin, piece } = command;
    const abort = new AbortController();
    const buffers = this.#spareBuffers.pop() ?? { crc: makeCrc64('0', BLOCK_BYTES) };
    buffers.crc.reset();
    const exchange: Exchange = {
      id,
      origin,
      abort,
      buffers,
      connection: null,
      ownFd: null,
      bodyBytes: 0,
      pendingBytes: 0,
      reportTimer: null,
    };
    this.#exchanges.set(id, exchange);
    try {
      const head = await this.#ask({ ...command, piece: open(piece, exchange) }, exchange);
      exchange.bodyBytes = head.lengthBytes ?? Number.POSITIVE_INFINITY;
      const isObject = piece === null && head.status < 300;
      const text = !isObject && exchange.bodyBytes <= MAX_TEXT_BYTES ? await readText(exchange) : null;
      this.#emit({ type: 'head', id, count: takePending(exchange), head, text, crc64: buffers.crc.digest() });
      if (text !== null) this.#end(id, 'keep');
    } catch (error) {
      this.#emit({ type: 'failed', id, count: takePending(exchange), error: toPlainError(error) });
      this.#end(id, 'destroy');
    }
  }

  async #ask(
    { origin, head, piece }: CommandOf<'send'> & { readonly piece: OpenPiece | null },
    exchange: Exchange,
  ): Promise<ReplyHead> {
    const send = (connection: RawConnection): Promise<ReplyHead> => {
      exchange.connection = connection;
      return connection.send(head, piece === null ? null : this.#bodyOf(piece, exchange));
    };
    const waiting = this.#idle.acquire(origin);
    if (waiting !== null) {
      try {
        return await send(waiting);
      } catch (error) {
        // The server may have closed it meanwhile. A body may have arrived all the same: its sender has to look first.
        const isStale = piece === null && waiting.isLost && !waiting.hasAnswered && !exchange.abort.signal.aborted;
        if (!isStale) throw error;
      }
    }
    return send(new RawConnection(origin));
  }

  /** The request's body, counted and added to the CRC-64. */
  #bodyOf(piece: OpenPiece, exchange: Exchange): NextBytes {
    const { abort, buffers } = exchange;
    const { up } = this.#bandwidth;
    let at = 0;
    return async () => {
      if (at === piece.sizeBytes) return null;
      const block = buffers.crc.block.subarray(0, Math.min(up.blockBytes(BLOCK_BYTES), piece.sizeBytes - at));
      if (up.isLimited) await up.take(block.length, abort.signal);
      // Its file may be closed by now, and the descriptor another's.
      if (!this.#exchanges.has(exchange.id)) return null;
      readBlock(piece, block, piece.start + at);
      buffers.crc.update(block);
      at += block.length;
      // Before the last bytes leave: a request that stays incomplete stores nothing.
      if (at === piece.sizeBytes) assertUnchanged(piece);
      this.#count(exchange, block.length);
      return block;
    };
  }

  async #store({ id, fd, path, position }: CommandOf<'store'>): Promise<void> {
    const exchange = this.#exchanges.get(id);
    if (exchange === undefined) return;
    const { connection, bodyBytes, buffers, abort } = exchange;
    const { down } = this.#bandwidth;
    let failed: unknown = null;
    try {
      for (let at = 0; at < bodyBytes && connection !== null;) {
        const bytes = (await connection.next()).subarray(0, bodyBytes - at);
        if (down.isLimited) await down.take(bytes.length, abort.signal);
        writeBlock({ fd, path }, bytes, position + at);
        buffers.crc.update(bytes);
        at += bytes.length;
        this.#count(exchange, bytes.length);
      }
    } catch (error) {
      failed = error;
    }
    const error = failed === null ? null : toPlainError(failed);
    this.#emit({ type: 'stored', id, count: takePending(exchange), crc64: buffers.crc.digest(), error });
    this.#end(id, failed === null ? 'keep' : 'destroy');
  }

  #count(exchange: Exchange, bytes: number): void {
    exchange.pendingBytes += bytes;
    exchange.reportTimer ??= setTimeout(() => {
      this.#emit({ type: 'bytes', id: exchange.id, count: takePending(exchange) });
    }, REPORT_INTERVAL_MS);
  }

  #end(id: number, connection: 'keep' | 'destroy'): void {
    const exchange = this.#exchanges.get(id);
    if (exchange === undefined) return;
    this.#exchanges.delete(id);
    if (exchange.ownFd !== null) closeSync(exchange.ownFd);
    if (connection === 'destroy') {
      exchange.abort.abort();
      exchange.connection?.destroy();
      return;
    }
    if (exchange.connection !== null) this.#idle.release(exchange.origin, exchange.connection);
    this.#spareBuffers.push(exchange.buffers);
  }
}

function open(piece: FileSlice | null, exchange: Exchange): OpenPiece | null {
  if (piece === null) return null;
  const opened = openPiece(piece);
  if (piece.fd === null) exchange.ownFd = opened.fd;
  return opened;
}

/** Bytes that are told now. */
function takePending(exchange: Exchange): number {
  const { pendingBytes } = exchange;
  exchange.pendingBytes = 0;
  if (exchange.reportTimer !== null) clearTimeout(exchange.reportTimer);
  exchange.reportTimer = null;
  return pendingBytes;
}

async function readText({ connection, bodyBytes }: Exchange): Promise<string> {
  let text = '';
  while (text.length < bodyBytes && connection !== null) text += (await connection.next()).toString('latin1');
  return Buffer.from(text.slice(0, bodyBytes), 'latin1').toString('utf8');
}
