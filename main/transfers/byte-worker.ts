import { parentPort, workerData } from 'node:worker_threads';
import { serveBytes, type ThreadSettings } from './byte-thread.ts';
import { Bandwidth } from './rate-limit.ts';
import { trustCertificates } from './trusted-certificates.ts';

// The program of a thread that moves bytes: built as a file of its own, beside the bundles that start it.
if (parentPort !== null) {
  const { bandwidth, certificates } = workerData as ThreadSettings;
  trustCertificates(certificates);
  serveBytes(parentPort, new Bandwidth(bandwidth));
}
