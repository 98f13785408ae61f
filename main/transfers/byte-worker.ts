import { parentPort, workerData } from 'node:worker_threads';
import { serveBytes } from './byte-thread.ts';
import { Bandwidth } from './rate-limit.ts';

// The program of a thread that moves bytes: built as a file of its own, beside the bundles that start it.
if (parentPort !== null) serveBytes(parentPort, new Bandwidth(workerData as SharedArrayBuffer));
