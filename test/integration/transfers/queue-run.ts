import { join } from 'node:path';
import { readSignedUrl } from '../../../main/links/text/pasted-link.ts';
import type { QueueOptions } from '../../../main/transfers/tasks/requests.ts';
import { TransferQueue } from '../../../main/transfers/queue/queue.ts';
import type { Transfer, TransferBatch } from '../../../main/transfers/tasks/transfer.ts';
import type { PracticeBucket } from './practice-bucket.ts';

export const accountId = '6f9d3f5e-0000-4000-8000-000000000001';

/** A queue with all that it told. */
export interface QueueRun {
  readonly queue: TransferQueue;
  readonly batches: { readonly at: number; readonly batch: TransferBatch }[];
  readonly uploaded: string[];
  /** The transfer whose name or key ends like this. */
  find(ending: string): Transfer;
  /** Waits until all that was added satisfies this. */
  until(check: (transfers: readonly Transfer[]) => boolean, what: string): Promise<void>;
  /** Waits until nothing goes on by itself any more. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

export function makeQueue(practice: PracticeBucket, more: Partial<QueueOptions> & { journal?: string } = {}): QueueRun {
  const batches: { readonly at: number; readonly batch: TransferBatch }[] = [];
  const uploaded: string[] = [];
  const waiting = new Set<() => void>();
  const queue = new TransferQueue({
    connection: () => Promise.resolve(practice.connection),
    dispatcher: practice.connection.dispatcher,
    journalFile: more.journal === undefined ? null : join(practice.folder, more.journal),
    onUploaded: (_, __, key) => void uploaded.push(key),
    ...more,
    onBatch: (batch) => {
      batches.push({ at: performance.now(), batch });
      for (const check of waiting) check();
    },
  });
  const until = (check: (transfers: readonly Transfer[]) => boolean, what: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        waiting.delete(look);
        reject(
          new Error(
            `never: ${what}\n${queue
              .list()
              .map((t) => `${t.name} ${JSON.stringify(t.state)}`)
              .join('\n')}`,
          ),
        );
      }, 30_000);
      const look = (): void => {
        if (!check(queue.list())) return;
        clearTimeout(timer);
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      look();
    });
  return {
    queue,
    batches,
    uploaded,
    until,
    find(ending) {
      const found = queue.list().find(({ name, key }) => name.endsWith(ending) || key.endsWith(ending));
      if (found === undefined) throw new Error(`no transfer ${ending}`);
      return found;
    },
    settled: () =>
      until(
        (transfers) =>
          transfers.every(({ state }) => !['queued', 'running', 'verifying', 'waiting'].includes(state.at)),
        'settled',
      ),
    close: () => queue.close(),
  };
}

export function linkOf(url: string) {
  const reading = readSignedUrl(url);
  if (reading.kind !== 'link') throw new Error(reading.kind);
  return { url: reading.url, parts: reading.parts };
}
