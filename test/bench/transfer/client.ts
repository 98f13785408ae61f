import { readFileSync } from 'node:fs';
import { inParallel } from '../../../main/transfers/parallel.ts';
import { AdaptiveConcurrency } from '../../../main/transfers/queue/adaptive-concurrency.ts';
import type { ClientOrders, ClientReport, Mover } from './orders.ts';
import { SIMPLE_UPLOAD_BYTES } from '../../../main/transfers/byte-work.ts';

/** Moves the files of one case with one client, in a process of its own, and prints what that cost. */
const orders = JSON.parse(process.argv[2] ?? '') as ClientOrders;
const names = Array.from({ length: orders.count }, (_, index) => String(index));

// Only the one that runs is loaded: the other's memory is not its own.
const move: Mover =
  orders.client === 'waybill'
    ? (await import('./waybill.ts')).makeWaybill(orders)
    : (await import('./ali-oss.ts')).makeAliOss(orders);

const cpu = process.cpuUsage();
const start = performance.now();
if (orders.client === 'waybill' && orders.sizeBytes <= SIMPLE_UPLOAD_BYTES) await moveSmall();
else await inParallel(names, () => orders.parallel, new AbortController().signal, move);
const { user, system } = process.cpuUsage(cpu);
const report: ClientReport = {
  seconds: (performance.now() - start) / 1000,
  cpuSeconds: (user + system) / 1e6,
  peakBytes: peakOfSelf(),
};
console.log(JSON.stringify(report));
process.exit(0);

/** Small files, as many at a time as the app's queue would let. */
async function moveSmall(): Promise<void> {
  const flow = new AdaptiveConcurrency();
  const running = new Set<Promise<void>>();
  for (const name of names) {
    while (running.size >= orders.parallel * flow.perSlot) await Promise.race(running);
    const one = move(name).then(() => {
      flow.onFinished(orders.sizeBytes, running.size, orders.parallel * flow.perSlot);
      running.delete(one);
    });
    running.add(one);
  }
  await Promise.all(running);
}

/** The largest resident set of this process. What resourceUsage() gives begins with that of the process that made it. */
function peakOfSelf(): number {
  const kib = /^VmHWM:\s*(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
  return Number(kib) * 1024;
}
