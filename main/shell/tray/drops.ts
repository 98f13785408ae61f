import { toFailure } from '../../failure.ts';
import type { DropFolder, Settings } from '../../settings.ts';
import type { NewUploads, OverwriteChoice } from '../../transfers/tasks/requests.ts';
import type { Transfer, TransferBatch } from '../../transfers/tasks/transfer.ts';
import type { Core } from '../core.ts';
import type { DropNews } from './drop-news.ts';
import { Endings } from './endings.ts';
import type { CopiedLinks } from './links.ts';

/** Dependencies of Drops. */
export interface DropParts {
  readonly queue: Pick<Core['queue'], 'add' | 'addUploads' | 'list'>;
  readonly pastedFiles: Pick<Core['pastedFiles'], 'save'>;
  readonly isLocked: () => boolean;
  readonly settings: () => Pick<Settings, 'dropFolder' | 'overwrite'>;
  /** Creates a link to each object and puts them on the clipboard. */
  readonly copyLinks: (folder: DropFolder, keys: readonly string[]) => Promise<CopiedLinks>;
  readonly announce: (news: DropNews, folder: DropFolder | null) => void;
  /** The name of a file for a text. */
  readonly textName: () => string;
  readonly onBug: (logId: string, error: unknown) => void;
}

/** Uploads what is dropped on the tray item, and copies its links once it is there. */
export class Drops {
  readonly #parts: DropParts;
  readonly #endings: Endings;

  constructor(parts: DropParts) {
    this.#parts = parts;
    this.#endings = new Endings(parts.queue);
  }

  /** Takes each batch of the queue. */
  follow(batch: TransferBatch): void {
    this.#endings.follow(batch);
  }

  /** Uploads files and folders. Resolves once they are there, or failed. */
  async files(paths: readonly string[]): Promise<void> {
    if (paths.length === 0) return;
    await this.#upload((folder, choice) => this.#parts.queue.addUploads({ ...folder, paths }, choice));
  }

  /** Uploads a text as a file. Resolves once it is there, or failed. */
  async text(text: string): Promise<void> {
    if (text === '') return;
    const { queue, pastedFiles, textName } = this.#parts;
    await this.#upload(async ({ prefix, ...target }, choice) => {
      const bytes = new TextEncoder().encode(text);
      const name = textName();
      const path = await pastedFiles.save(bytes);
      const work = { kind: 'upload', what: 'file', ...target, key: prefix + name, path } as const;
      return queue.add([{ work, name, sizeBytes: bytes.length, failure: null }], choice);
    });
  }

  async #upload(
    add: (folder: Omit<NewUploads, 'paths'>, choice: OverwriteChoice | null) => Promise<readonly string[]>,
  ): Promise<void> {
    const { announce, isLocked, settings, onBug } = this.#parts;
    const { dropFolder: folder, overwrite } = settings();
    if (isLocked()) {
      announce({ kind: 'locked' }, null);
      return;
    }
    if (folder === null) {
      announce({ kind: 'no-folder' }, null);
      return;
    }
    try {
      // Nobody is there to answer, and nothing must be replaced unasked.
      const ids = await add(folder, overwrite === 'ask' ? 'keep-both' : null);
      await this.#report(await this.#endings.all(ids), folder);
    } catch (error) {
      announce({ kind: 'refused', failure: toFailure(error, onBug) }, folder);
    }
  }

  async #report(ends: readonly (Transfer | null)[], folder: DropFolder): Promise<void> {
    const { announce, copyLinks, isLocked, onBug } = this.#parts;
    const done = ends.filter((one) => one?.state.at === 'done').filter((one) => one !== null);
    const failed = ends.filter((one) => one?.state.at === 'failed').filter((one) => one !== null);
    if (failed.length > 0)
      announce(isLocked() ? { kind: 'failed-locked' } : { kind: 'failed', ...summaryOf(failed) }, folder);
    if (done.length === 0) return;
    const uploaded = summaryOf(done);
    const files = done.filter((one) => one.folder === null);
    if (isLocked()) announce({ kind: 'uploaded-locked' }, null);
    // What else is in a folder, nobody has seen: it is shared in the window.
    else if (files.length < done.length) announce({ kind: 'uploaded-folder', ...uploaded }, folder);
    else {
      const keys = files.map(({ key }) => key);
      const news = await copyLinks(folder, keys).then(
        (links) => ({ kind: 'link-copied', ...uploaded, links }) as const,
        (error: unknown) => ({ kind: 'no-link', ...uploaded, failure: toFailure(error, onBug) }) as const,
      );
      // It may have locked meanwhile.
      if (isLocked()) announce({ kind: 'uploaded-locked' }, null);
      else announce(news, folder);
    }
  }
}

function summaryOf(transfers: readonly Transfer[]): { readonly name: string; readonly count: number } {
  return { name: transfers[0]?.name ?? '', count: transfers.length };
}
