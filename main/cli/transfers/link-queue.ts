import { existsSync } from 'node:fs';
import { downloadName, planLinkTask } from '../../transfers/queue/link-task.ts';
import type { TransferQueue } from '../../transfers/queue/queue.ts';
import type { NewLinkDownload } from '../../transfers/tasks/requests.ts';
import type { Transfer } from '../../transfers/tasks/transfer.ts';

/**
 * Adds downloads through signed URLs. Downloads left by an earlier process get their link again, since no journal holds
 * it; those that it finished, and whose files still exist, are skipped.
 */
export function fillWithLinks(requests: readonly NewLinkDownload[]) {
  return async (queue: TransferQueue, known: readonly Transfer[]): Promise<void> => {
    // Failed downloads are added again, with their links.
    queue.cancel(known.flatMap(({ id, state }) => (state.at === 'failed' ? [id] : [])));
    const isThere = ({ localPath }: Transfer): boolean => localPath !== null && existsSync(localPath);
    const done = new Map<string, number>();
    for (const transfer of known) {
      const name = transfer.state.at === 'done' && isThere(transfer) ? queue.downloadNameOf(transfer.id) : null;
      if (name !== null) done.set(name, (done.get(name) ?? 0) + 1);
    }
    // A list may hold a link twice: each file that is there stands for one of them.
    const isOpen = (request: NewLinkDownload): boolean => {
      const name = downloadName(planLinkTask({ ...request, kind: 'download' }).work) ?? '';
      const count = done.get(name) ?? 0;
      if (count > 0) done.set(name, count - 1);
      return count === 0;
    };
    await queue.addLinkDownloads(requests.filter(isOpen));
  };
}
