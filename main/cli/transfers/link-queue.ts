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
    const finished = known.flatMap((transfer) => {
      const path = transfer.state.at === 'done' && isThere(transfer) ? transfer.localPath : null;
      const name = path === null ? null : queue.downloadNameOf(transfer.id);
      return path === null || name === null ? [] : [{ name, path }];
    });
    await queue.addLinkDownloads(openOf(requests, finished));
  };
}

/**
 * The requests that no file stands for. `finished` holds what was downloaded, as downloadName() has it, and its file. A
 * list may hold an object more than once: each file stands for the request of its own name, or else for any other.
 */
export function openOf(
  requests: readonly NewLinkDownload[],
  finished: readonly { readonly name: string; readonly path: string }[],
): readonly NewLinkDownload[] {
  const files = new Map<string, Set<string>>();
  for (const { name, path } of finished) files.set(name, (files.get(name) ?? new Set()).add(path));
  const planned = requests.map((request) => {
    const { work } = planLinkTask({ ...request, kind: 'download' });
    return { request, path: work.path, same: files.get(downloadName(work) ?? '') ?? new Set<string>() };
  });
  const others = planned.filter(({ path, same }) => !same.delete(path));
  const open = others.filter(({ same }) => {
    const [path] = same;
    return path === undefined || !same.delete(path);
  });
  return open.map(({ request }) => request);
}
