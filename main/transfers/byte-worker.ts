import { parentPort, workerData } from 'node:worker_threads';
import { trust } from '../oss/trust.ts';
import { serveBytes, type ThreadSettings } from './byte-thread.ts';
import { Bandwidth } from './rate-limit.ts';

// The program of a thread that moves bytes: built as a file of its own, beside the bundles that start it.
if (parentPort !== null) {
  const { bandwidth, certificates } = workerData as ThreadSettings;
  trust(certificates);
  serveBytes(parentPort, new Bandwidth(bandwidth));
}
