import { closeSync } from 'node:fs';
import { type Crc64, makeCrc64 } from '../../crc64/crc64.ts';
import { IdleConnections } from './idle-connections.ts';
import { type NextBytes, RawConnection, type RawOrigin } from './raw-connection.ts';
import type { ReplyHead } from './reply-parser.ts';
import type { FileSlice } from '../message.ts';
import { WaybillError } from '../../failure.ts';
import { tooLong } from '../store-body.ts';
import { lost } from './lost.ts';
import { type WorkerEvent, type WorkerCommand, toPlainError } from './worker-messages.ts';
import { assertUnchanged, type OpenSlice, openSlice, readBlock, writeBlock } from './file-bytes.ts';
import type { Bandwidth } from '../bandwidth.ts';
import { BLOCK_BYTES, MAX_SMALL_TEXT_BYTES, STALL_TIMEOUT_MS } from '../limits.ts';

/** Each pair of buffers takes a mebibyte: keep no more than the usual number of requests at once needs. */
const MAX_SPARE_BUFFERS = 4;

/** Longest delay of a progress report, in milliseconds. Each report wakes the other thread, so they are batched. */
const REPORT_INTERVAL_MS = 50;

/** Buffers reused across exchanges. */
interface Buffers {
  readonly crc: Crc64;
}

/** A request in flight. */
interface Exchange {
  readonly id: number;
  readonly origin: RawOrigin;
  readonly abort: AbortController;
  readonly buffers: Buffers;
  connection: RawConnection | null;
  /** Whether the slice was read to its end; a server may answer earlier. */
  isSent: boolean;
  /** Descriptor of a file opened for this request alone. */
  ownFd: number | null;
  /** Length of the response body in bytes, if its head tells. */
  bodyBytes: number | null;
  /** Bytes transferred but not reported yet. */
  pendingBytes: number;
  /** Set while `pendingBytes` waits to be reported. */
  reportTimer: NodeJS.Timeout | null;
}

type CommandOf<T extends WorkerCommand['type']> = Extract<WorkerCommand, { type: T }>;

/**
 * Transfers bytes between files and servers: HTTP/1.1, CRC-64, and blocking reads and writes into reused buffers. It
 * holds no keys; requests arrive signed.
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
    const { id, origin, slice } = command;
    const abort = new AbortController();
    const buffers = this.#spareBuffers.pop() ?? { crc: makeCrc64('0', BLOCK_BYTES) };
    buffers.crc.reset();
    const exchange: Exchange = {
      id,
      origin,
      abort,
      buffers,
      connection: null,
      isSent: false,
      ownFd: null,
      bodyBytes: null,
      pendingBytes: 0,
      reportTimer: null,
    };
    this.#exchanges.set(id, exchange);
    try {
      const head = await this.#ask({ ...command, slice: open(slice, exchange) }, exchange);
      exchange.bodyBytes = head.lengthBytes;
      const isObject = slice === null && head.status < 300;
      const text = isObject ? null : await readText(exchange);
      const { status, headers } = head;
      this.#emit({
        type: 'head',
        id,
        count: takePending(exchange),
        status,
        headers,
        text,
        crc64: exchange.isSent ? buffers.crc.digest() : null,
      });
      if (text !== null) this.#end(id, 'keep');
    } catch (error) {
      this.#emit({ type: 'failed', id, count: takePending(exchange), error: toPlainError(error) });
      this.#end(id, 'destroy');
    }
  }

  async #ask(
    { origin, head, slice, answerTimeoutMs }: CommandOf<'send'> & { readonly slice: OpenSlice | null },
    exchange: Exchange,
  ): Promise<ReplyHead> {
    const send = (connection: RawConnection): Promise<ReplyHead> => {
      exchange.connection = connection;
      return connection.send({ head, answerTimeoutMs, body: slice === null ? null : this.#bodyOf(slice, exchange) });
    };
    const idle = await this.#idle.acquire(origin);
    if (exchange.abort.signal.aborted) {
      idle?.destroy();
      throw new WaybillError({ kind: 'cancelled' });
    }
    if (idle !== null) {
      try {
        return await send(idle);
      } catch (error) {
        // The server may have closed an idle connection. Retry only without a body: a body may have arrived all the
        // same, and its sender has to check first.
        const isStale = slice === null && idle.isLost && !idle.hasAnswered && !exchange.abort.signal.aborted;
        if (!isStale) throw error;
        idle.destroy();
      }
    }
    return send(new RawConnection(origin, (largest) => this.#bandwidth.down.blockBytes(largest)));
  }

  /** Reads the request body block by block, counting it and adding it to the CRC-64. */
  #bodyOf(slice: OpenSlice, exchange: Exchange): NextBytes {
    const { abort, buffers } = exchange;
    const { up } = this.#bandwidth;
    let sent = 0;
    return async () => {
      if (exchange.isSent) return null;
      const block = buffers.crc.block.subarray(0, Math.min(up.blockBytes(BLOCK_BYTES), slice.sizeBytes - sent));
      if (up.isLimited) await up.take(block.length, abort.signal);
      // After the wait the exchange may be over, its file closed, and the descriptor reused.
      if (!this.#exchanges.has(exchange.id)) return null;
      readBlock(slice, block, slice.start + sent);
      buffers.crc.update(block);
      sent += block.length;
      exchange.isSent = sent === slice.sizeBytes;
      // Check before the last bytes leave: OSS stores nothing for an incomplete request.
      if (exchange.isSent) assertUnchanged(slice);
      this.#count(exchange, block.length);
      return block;
    };
  }

  async #store({ id, fd, path, position, maxBytes }: CommandOf<'store'>): Promise<void> {
    const exchange = this.#exchanges.get(id);
    if (exchange === undefined) return;
    const { bodyBytes, buffers, abort } = exchange;
    const { down } = this.#bandwidth;
    let failed: unknown = null;
    try {
      const mostBytes = maxBytes ?? Number.POSITIVE_INFINITY;
      if (bodyBytes !== null && bodyBytes > mostBytes) throw tooLong();
      let written = 0;
      for (let bytes = await next(exchange); bytes !== null; bytes = await next(exchange)) {
        if (written + bytes.length > mostBytes) throw tooLong();
        if (down.isLimited) await down.take(bytes.length, abort.signal);
        writeBlock({ fd, path }, bytes, position + written);
        buffers.crc.update(bytes);
        written += bytes.length;
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
    if (this.#spareBuffers.length < MAX_SPARE_BUFFERS) this.#spareBuffers.push(exchange.buffers);
  }
}

function open(slice: FileSlice | null, exchange: Exchange): OpenSlice | null {
  if (slice === null) return null;
  const opened = openSlice(slice);
  if (slice.fd === null) exchange.ownFd = opened.fd;
  return opened;
}

/** Returns and resets the unreported byte count. */
function takePending(exchange: Exchange): number {
  const { pendingBytes } = exchange;
  exchange.pendingBytes = 0;
  if (exchange.reportTimer !== null) clearTimeout(exchange.reportTimer);
  exchange.reportTimer = null;
  return pendingBytes;
}

async function next({ connection }: Exchange): Promise<Buffer | null> {
  return connection === null ? null : connection.next();
}

/**
 * Reads a body up to a size (OSS never sends a longer one unless it is object data), and within the time that the server may be silent: a trickle of bytes is never silent.
 * @throws Error `ETIMEDOUT`, and what the connection throws
 */
async function readText(exchange: Exchange): Promise<Uint8Array<ArrayBuffer>> {
  const text = new Uint8Array(MAX_SMALL_TEXT_BYTES);
  let length = 0;
  const { stallTimeoutMs = STALL_TIMEOUT_MS } = exchange.origin;
  const timer = setTimeout(() => exchange.connection?.destroy(lost('ETIMEDOUT')), stallTimeoutMs);
  try {
    for (let bytes = await next(exchange); bytes !== null; bytes = await next(exchange)) {
      const piece = bytes.subarray(0, MAX_SMALL_TEXT_BYTES - length);
      text.set(piece, length);
      length += piece.length;
      if (piece.length === bytes.length) continue;
      exchange.connection?.destroy();
      break;
    }
    return text.slice(0, length);
  } finally {
    clearTimeout(timer);
  }
}
