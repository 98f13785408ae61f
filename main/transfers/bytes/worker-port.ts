import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { TransferWorker } from './transfer-worker.ts';
import type { WorkerCommand } from './worker-messages.ts';
import { Bandwidth } from './rate-limit.ts';

/** What a thread is started with. */
export interface WorkerSettings {
  /** Memory of the Bandwidth. */
  readonly bandwidth: SharedArrayBuffer;
  /** Certificate authorities (PEM) to trust; null for Node's own. */
  readonly certificates: readonly string[] | null;
}

/** Carries bytes as the other end of `port` orders. */
export function serveWorker(port: MessagePort, bandwidth: Bandwidth): void {
  const worker = new TransferWorker(bandwidth, (event) => port.postMessage(event));
  port.on('message', (command: WorkerCommand) => worker.handle(command));
}

/** The same in this thread, for where there is no other. */
export function startInlineWorker(bandwidth: Bandwidth): MessagePort {
  const { port1, port2 } = new MessageChannel();
  serveWorker(port2, new Bandwidth(bandwidth.memory));
  port2.unref();
  return port1;
}
