import type { BrowserWindow } from 'electron';
import { limitsAt } from '../../limit-hours.ts';
import type { Settings } from '../../settings.ts';
import type { TransferLimits } from '../../transfers/tasks/requests.ts';
import type { Selection, TransferQueue } from '../../transfers/queue/queue.ts';
import { lastSegment } from '../../links/making/content-disposition.ts';
import type { Core } from '../core.ts';
import type { Handlers } from '../ipc.ts';
import type { GrantedPaths } from '../security/granted-paths.ts';
import { ensureTargetFolder } from './target-folder.ts';

type TransferCalls = Exclude<Extract<keyof Handlers, `transfers.${string}`>, 'transfers.show'>;

/** Answers the calls about the transfer queue. */
export function transferHandlers(
  { queue, pastedFiles: pasted }: Pick<Core, 'queue' | 'pastedFiles'>,
  paths: GrantedPaths,
): Pick<Handlers, TransferCalls> {
  const withSelection = (action: (ids: Selection) => void) => (args: { readonly ids: Selection }) => {
    action(args.ids);
    return null;
  };
  const open = openFolders();
  return {
    'transfers.list': () => queue.list(),
    'transfers.open': ({ ids }, window) => queue.openFolders(open.of(window, ids)),
    'transfers.upload': async (request) => {
      paths.checkReadable(request.paths);
      return { ids: await queue.addUploads(request) };
    },
    'transfers.uploadPicture': async ({ bytes, ...target }) => {
      const path = await pasted.save(bytes);
      const name = lastSegment(target.key);
      const work = { kind: 'upload', what: 'file', ...target, path } as const;
      return { ids: await queue.add([{ work, name, sizeBytes: bytes.length, failure: null }]) };
    },
    'transfers.download': async (request) => {
      paths.checkTarget(request.folder);
      await ensureTargetFolder(request.folder);
      return { ids: await queue.addDownloads(request) };
    },
    'transfers.pause': withSelection((ids) => queue.pause(ids)),
    'transfers.resume': withSelection((ids) => queue.resume(ids)),
    'transfers.cancel': withSelection((ids) => queue.cancel(ids)),
    'transfers.retry': withSelection((ids) => queue.retry(ids)),
    'transfers.move': ({ ids, where }) => {
      queue.move(ids, where);
      return null;
    },
    'transfers.prioritise': ({ ids, priority }) => {
      queue.prioritise(ids, priority);
      return null;
    },
    'transfers.choose': ({ id, choice, applyToAll }) => {
      queue.choose(id, choice, applyToAll);
      return null;
    },
    'transfers.clear': ({ what }) => {
      queue.clear(what);
      return null;
    },
  };
}

/** Tracks the queue folders open in any window; every window receives updates for all of them. */
function openFolders(): { of(window: BrowserWindow, ids: readonly string[]): readonly string[] } {
  const byWindow = new Map<BrowserWindow, readonly string[]>();
  return {
    of(window, ids) {
      if (!byWindow.has(window)) window.once('closed', () => byWindow.delete(window));
      byWindow.set(window, ids);
      return [...new Set([...byWindow.values()].flat())];
    },
  };
}

/** How often the limits of the hour are looked at, in milliseconds: a timer for the hour itself would sleep with the computer. */
const HOURS_CHECK_MS = 20_000;

/**
 * Applies the transfer limits of the settings, and goes on applying those of the hour. Returns a function that applies
 * them at once, after the settings have changed.
 */
export function followLimits(queue: Pick<TransferQueue, 'setLimits'>, settings: () => Settings): () => void {
  let last = '';
  const apply = (): void => {
    const { parallelTransfers: slots, connectionsEach: connections } = settings();
    const { uploadBytesPerSecond: up, downloadBytesPerSecond: down } = limitsAt(settings(), new Date());
    const limits: TransferLimits = { slots, connections, up, down };
    if (JSON.stringify(limits) === last) return;
    last = JSON.stringify(limits);
    queue.setLimits(limits);
  };
  setInterval(apply, HOURS_CHECK_MS).unref();
  return apply;
}
