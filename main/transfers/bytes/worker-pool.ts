import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { type MessagePort, Worker } from 'node:worker_threads';
import type { RawOrigin } from '../../http/raw-connection.ts';
import { trustedAuthorities } from '../../http/trust.ts';
import type { WorkerEvent, FileSlice } from './worker-messages.ts';
import { startInlineWorker, type WorkerSettings } from './worker-port.ts';
import { WorkerExchange } from './worker-exchange.ts';
import type { Bandwidth } from './rate-limit.ts';

/** What a thread shall send. */
export interface WorkerRequest {
  readonly origin: RawOrigin;
  /** Request line and headers. */
  readonly head: string;
  readonly piece: FileSlice | null;
}

interface Thread {
  readonly port: Worker | MessagePort;
  readonly exchanges: Map<number, WorkerExchange>;
}

/** Beyond this the disk or the network is the limit. */
const MAX_THREADS = Math.min(4, Math.max(1, availableParallelism()));

/** Requests that a thread carries before another is started. */
const BUSY_REQUESTS = 2;

/** The thread's program, beside the bundle; there is none where the sources run as they are. */
const program = fileURLToPath(new URL('./byte-worker.cjs', import.meta.url));

/** A few threads that carry bytes, started when there is work for them. */
export class WorkerPool {
  readonly #bandwidth: Bandwidth;
  readonly #threads = new Set<Thread>();
  readonly #retired = new Set<Thread>();
  readonly #hasProgram = existsSync(program);
  #lastId = 0;

  constructor(bandwidth: Bandwidth) {
    this.#bandwidth = bandwidth;
  }

  /** Sends a request; `onBytes` counts the bytes of its piece, negative where they are read again. */
  begin(request: WorkerRequest, onBytes: (count: number) => void): WorkerExchange {
    const thread = this.#pick();
    const { port, exchanges } = thread;
    this.#lastId += 1;
    const exchange = new WorkerExchange(this.#lastId, onBytes, {
      send: (command) => port.postMessage(command),
      onClosed: (id) => {
        exchanges.delete(id);
        if (exchanges.size > 0) return;
        port.unref();
        if (this.#retired.delete(thread)) end(thread);
      },
    });
    exchanges.set(exchange.id, exchange);
    port.ref();
    port.postMessage({ type: 'send', id: exchange.id, ...request });
    return exchange;
  }

  /** What runs goes on; what begins from now on gets threads that trust what this one trusts now. */
  retire(): void {
    for (const thread of this.#threads) {
      this.#threads.delete(thread);
      if (thread.exchanges.size === 0) end(thread);
      else this.#retired.add(thread);
    }
  }

  close(): void {
    for (const thread of [...this.#threads, ...this.#retired]) end(thread);
  }

  #settings(): WorkerSettings {
    return { bandwidth: this.#bandwidth.memory, certificates: trustedAuthorities() };
  }

  /** The one that has least to do, or a new one. */
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
    const lose = (error: Error): void => {
      this.#threads.delete(thread);
      this.#retired.delete(thread);
      for (const exchange of [...thread.exchanges.values()]) exchange.lose(error);
    };
    if (port instanceof Worker) port.on('error', lose);
    // As a connection that broke: its requests are sent again.
    port.on(port instanceof Worker ? 'exit' : 'close', () => {
      lose(Object.assign(new Error('a thread ended'), { code: 'ECONNRESET' }));
    });
    return thread;
  }
}

function end({ port }: Thread): void {
  if (port instanceof Worker) void port.terminate();
  else port.close();
}
