import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
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
    const done = new Set(
      known
        .filter(({ state }) => state.at === 'done')
        .filter(isThere)
        .map(doneName),
    );
    await queue.addLinkDownloads(requests.filter((request) => !done.has(requestName(request))));
  };
}

/** Identifies a download by bucket, key and folder: the file's name may have been numbered. */
function doneName({ bucket, key, localPath }: Transfer): string {
  return JSON.stringify([bucket, key, dirname(localPath ?? '')]);
}

function requestName(request: NewLinkDownload): string {
  const { bucket, key } = request.parts;
  return JSON.stringify([bucket, key, 'path' in request ? dirname(request.path) : request.folder]);
}
