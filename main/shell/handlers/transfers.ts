import type { BrowserWindow } from 'electron';
import type { Settings } from '../../settings.ts';
import type { TransferLimits } from '../../transfers/tasks/requests.ts';
import type { Selection, TransferQueue } from '../../transfers/queue/queue.ts';
import type { Handlers } from '../ipc.ts';
import { ensureTargetFolder } from './target-folder.ts';

type TransferCalls = Exclude<Extract<keyof Handlers, `transfers.${string}`>, 'transfers.show'>;

/** The queue, as the renderer may use it. */
export function transferHandlers(queue: TransferQueue): Pick<Handlers, TransferCalls> {
  const each = (act: (chosen: Selection) => void) => (args: { readonly ids: Selection }) => {
    act(args.ids);
    return null;
  };
  const open = openFolders();
  return {
    'transfers.list': () => queue.list(),
    'transfers.open': ({ ids }, window) => queue.openFolders(open.of(window, ids)),
    'transfers.upload': async (request) => ({ added: await queue.addUploads(request) }),
    'transfers.download': async (request) => {
      await ensureTargetFolder(request.folder);
      return { added: await queue.addDownloads(request) };
    },
    'transfers.pause': each((ids) => queue.pause(ids)),
    'transfers.resume': each((ids) => queue.resume(ids)),
    'transfers.cancel': each((ids) => queue.cancel(ids)),
    'transfers.retry': each((ids) => queue.retry(ids)),
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
    'transfers.clear': () => {
      queue.clear();
      return null;
    },
  };
}

/** Which folders of the queue are open in any window: what is in them is told to all. */
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

/** What the settings let transfers take. */
export function transferLimits(settings: Settings): TransferLimits {
  const {
    parallelTransfers: slots,
    connectionsEach: connections,
    uploadBytesPerSecond,
    downloadBytesPerSecond,
  } = settings;
  return { slots, connections, up: uploadBytesPerSecond, down: downloadBytesPerSecond };
}
