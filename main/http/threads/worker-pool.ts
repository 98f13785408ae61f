import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { type MessagePort, Worker } from 'node:worker_threads';
import type { RawOrigin } from './raw-connection.ts';
import { trustedAuthorities } from '../trust.ts';
import type { FileSlice } from '../message.ts';
import type { WorkerEvent } from './worker-messages.ts';
import { startInlineWorker, type WorkerSettings } from './worker-port.ts';
import { WorkerExchange } from './worker-exchange.ts';
import type { Bandwidth } from '../bandwidth.ts';

/** A request for a worker to send. */
export interface WorkerRequest {
  readonly origin: RawOrigin;
  /** Request line and headers, signed. */
  readonly head: string;
  readonly slice: FileSlice | null;
  readonly answerTimeoutMs?: number | undefined;
}

interface Thread {
  readonly port: Worker | MessagePort;
  readonly exchanges: Map<number, WorkerExchange>;
}

/** With more threads, the disk or the network becomes the limit. */
const MAX_THREADS = Math.min(4, Math.max(1, availableParallelism()));

/** Requests a thread handles before another thread is started. */
const BUSY_REQUESTS = 2;

/** The worker's script next to the bundle; it doesn't exist when the sources run unbundled. */
const program = fileURLToPath(new URL('./byte-worker.cjs', import.meta.url));

/** A few worker threads that transfer file bytes, started on demand. */
export class WorkerPool {
  readonly #bandwidth: Bandwidth;
  readonly #threads = new Set<Thread>();
  readonly #retired = new Set<Thread>();
  readonly #hasProgram = existsSync(program);
  #lastId = 0;

  constructor(bandwidth: Bandwidth) {
    this.#bandwidth = bandwidth;
  }

  /** Whether a thread has been started and not retired. */
  get isRunning(): boolean {
    return this.#threads.size > 0;
  }

  /** Sends a request. `onBytes` counts the bytes of its slice, negative when they are read again. */
  send(request: WorkerRequest, onBytes: (count: number) => void): WorkerExchange {
    const thread = this.#pick();
    const { port, exchanges } = thread;
    this.#lastId += 1;
    const exchange = new WorkerExchange(this.#lastId, onBytes, {
      send: (command) => port.postMessage(command),
      onClosed: (id) => {
        exchanges.delete(id);
        if (exchanges.size > 0) return;
        port.unref();
        if (this.#retired.delete(thread)) terminate(thread);
      },
    });
    exchanges.set(exchange.id, exchange);
    port.ref();
    port.postMessage({ type: 'send', id: exchange.id, ...request });
    return exchange;
  }

  /**
   * Retires all threads: requests in flight finish, and new ones get threads that trust what this thread trusts now.
   */
  retire(): void {
    for (const thread of this.#threads) {
      this.#threads.delete(thread);
      if (thread.exchanges.size === 0) terminate(thread);
      else this.#retired.add(thread);
    }
  }

  close(): void {
    for (const thread of [...this.#threads, ...this.#retired]) terminate(thread);
  }

  #settings(): WorkerSettings {
    return { bandwidth: this.#bandwidth.memory, certificates: trustedAuthorities() };
  }

  /** Picks the least busy thread, or starts one. */
  #pick(): Thread {
    const [least] = [...this.#threads].sort((a, b) => a.exchanges.size - b.exchanges.size);
    const limit = this.#hasProgram ? MAX_THREADS : 1;
    const isBusy = least === undefined || least.exchanges.size >= BUSY_REQUESTS;
    return isBusy && this.#threads.size < limit ? this.#start() : (least ?? this.#start());
  }

  #start(): Thread {
    const port = this.#hasProgram
      ? new Worker(program, { workerData: this.#settings(), name: 'bytes' })
      : startInlineWorker(this.#bandwidth);
    const thread: Thread = { port, exchanges: new Map() };
    this.#threads.add(thread);
    port.on('message', (event: WorkerEvent) => thread.exchanges.get(event.id)?.onEvent(event));
    const fail = (error: Error): void => {
      this.#threads.delete(thread);
      this.#retired.delete(thread);
      for (const exchange of [...thread.exchanges.values()]) exchange.fail(error);
    };
    if (port instanceof Worker) port.on('error', fail);
    // Report it as a reset connection, so that its requests are retried.
    port.on(port instanceof Worker ? 'exit' : 'close', () => {
      fail(Object.assign(new Error('a worker thread exited'), { code: 'ECONNRESET' }));
    });
    return thread;
  }
}

function terminate({ port }: Thread): void {
  if (port instanceof Worker) void port.terminate();
  else port.close();
}
