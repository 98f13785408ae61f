import { constants, setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { trust } from '../../http/trust.ts';
import { serveWorker, type WorkerSettings } from './worker-port.ts';
import { Bandwidth } from './rate-limit.ts';

// The program of a thread that moves bytes: built as a file of its own, beside the bundles that start it.
if (parentPort !== null) {
  const { bandwidth, certificates } = workerData as WorkerSettings;
  giveWay();
  trust(certificates);
  serveWorker(parentPort, new Bandwidth(bandwidth));
}

/** Lets the window's threads go first. Only Linux knows a priority of a single thread; elsewhere it is the whole process's. */
function giveWay(): void {
  if (process.platform !== 'linux') return;
  try {
    setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // A container may forbid it: then all are equal.
  }
}
