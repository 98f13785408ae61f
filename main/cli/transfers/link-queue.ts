import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { TransferQueue } from '../../transfers/queue/queue.ts';
import type { NewLinkDownload } from '../../transfers/tasks/requests.ts';
import type { Transfer } from '../../transfers/tasks/transfer.ts';

/**
 * Adds downloads through signed URLs. Those that an earlier process left get their link again, which no journal holds;
 * those that it finished, and whose files are still there, are not fetched again.
 */
export function fillWithLinks(requests: readonly NewLinkDownload[]) {
  return async (queue: TransferQueue, known: readonly Transfer[]): Promise<void> => {
    // A failed one is added anew, with its link.
    queue.cancel(known.flatMap(({ id, state }) => (state.at === 'failed' ? [id] : [])));
    const isThere = ({ localPath }: Transfer): boolean => localPath !== null && existsSync(localPath);
    const done = new Set(
      known
        .filter(({ state }) => state.at === 'done')
        .filter(isThere)
        .map(doneName),
    );
    await queue.addLinkDownloads(requests.filter((request) => !done.has(requestName(request))));
  };
}

/** A file may have got a number: it is known by its key and its folder. */
function doneName({ key, localPath }: Transfer): string {
  return JSON.stringify([key, dirname(localPath ?? '')]);
}

function requestName(request: NewLinkDownload): string {
  return JSON.stringify([request.parts.key, 'path' in request ? dirname(request.path) : request.folder]);
}
