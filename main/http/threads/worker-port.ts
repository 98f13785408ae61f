import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { TransferWorker } from './transfer-worker.ts';
import type { WorkerCommand } from './worker-messages.ts';
import { Bandwidth } from '../bandwidth.ts';

/** Start-up data of a worker thread. */
export interface WorkerSettings {
  /** Shared memory of the Bandwidth. */
  readonly bandwidth: SharedArrayBuffer;
  /** Certificate authorities to trust, as PEM; null for Node's own. */
  readonly certificates: readonly string[] | null;
}

/** Runs a TransferWorker that takes its commands from `port`. */
export function serveWorker(port: MessagePort, bandwidth: Bandwidth): void {
  const worker = new TransferWorker(bandwidth, (event) => port.postMessage(event));
  port.on('message', (command: WorkerCommand) => worker.handle(command));
}

/**
 * Runs a TransferWorker on this thread, for processes without a worker script (sources run unbundled). Returns its
 * port.
 */
export function startInlineWorker(bandwidth: Bandwidth): MessagePort {
  const { port1, port2 } = new MessageChannel();
  serveWorker(port2, new Bandwidth(bandwidth.memory));
  port2.unref();
  return port1;
}
