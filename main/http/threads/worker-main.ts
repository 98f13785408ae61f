import { constants, setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { trust } from '../trust.ts';
import { serveWorker, type WorkerSettings } from './worker-port.ts';
import { Bandwidth } from '../bandwidth.ts';

// Entry point of a worker thread, bundled into a file of its own next to the bundles that start it.
if (parentPort !== null) {
  const { bandwidth, certificates } = workerData as WorkerSettings;
  lowerPriority();
  trust(certificates);
  serveWorker(parentPort, new Bandwidth(bandwidth));
}

/**
 * Gives the window's threads precedence. Only Linux has per-thread priorities; elsewhere this would slow the whole
 * process.
 */
function lowerPriority(): void {
  if (process.platform !== 'linux') return;
  try {
    setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // A container may forbid it; then all threads have the same priority.
  }
}
