import type { Transfer } from '../../../main/contract/contract.ts';
import { formatCount } from '../../../main/words/format.ts';
import type { call } from '../../lib/bridge.ts';
import type { Messages } from '../../lib/messages.svelte.ts';
import { toAddress } from '../../lib/place.ts';
import { idOfKey } from '../../lib/rows.ts';
import type { FolderRef, ObjectsRef } from '../../lib/subjects.ts';
import type { Browser } from '../browsing/browser.svelte.ts';
import type { News } from '../news.ts';
import type { SettingsState } from '../settings.svelte.ts';
import type { TransferEndings } from '../transfers/endings.ts';
import { whyFailed } from '../transfers/why-failed.ts';
import type { LinkCopies } from './link-copies.ts';

interface UploadsNeed {
  readonly browser: Pick<Browser, 'showIn'>;
  readonly linkCopies: LinkCopies;
  readonly messages: Messages;
  readonly news: News;
  readonly settings: SettingsState;
  readonly endings: TransferEndings;
  readonly call: typeof call;
}

/** Files and folders that were given together, and are over. */
interface Ended {
  readonly folder: FolderRef;
  /** The notification that it began. */
  readonly begun: number;
  readonly done: readonly Transfer[];
  readonly failed: readonly Transfer[];
}

/** Starts uploads and reports how they end: with links, which are copied at once or on a click. */
export class Uploads {
  readonly #need: UploadsNeed;

  constructor(need: UploadsNeed) {
    this.#need = need;
  }

  /** Returns once the uploads are in the queue. `copiesLinks`: when everything is there. */
  async start(paths: readonly string[], folder: FolderRef, { copiesLinks = false } = {}): Promise<void> {
    if (paths.length === 0) return;
    const { accountId, bucket, prefix } = folder;
    const { ids } = await this.#need.call('transfers.upload', { accountId, bucket, prefix, paths: [...paths] });
    this.#follow(ids, folder, copiesLinks);
  }

  /** Uploads a picture of the clipboard under this name, as start() does files. */
  async startPicture(picture: Blob, name: string, folder: FolderRef, { copiesLinks = false } = {}): Promise<void> {
    const { accountId, bucket, prefix } = folder;
    const bytes = new Uint8Array(await picture.arrayBuffer());
    const key = prefix + name;
    const { ids } = await this.#need.call('transfers.uploadPicture', { accountId, bucket, key, bytes });
    this.#follow(ids, folder, copiesLinks);
  }

  #follow(ids: readonly string[], folder: FolderRef, copiesLinks: boolean): void {
    const { messages, news } = this.#need;
    const counted = this.#counted(ids.length);
    const begun = news.begun(
      messages.text('browse.upload-added', { ...counted, folder: toAddress(folder) }),
      copiesLinks ? messages.text('upload.link-follows', counted) : undefined,
    );
    void this.#finish(ids, { folder, begun, copiesLinks });
  }

  async #finish(
    ids: readonly string[],
    { folder, begun, copiesLinks }: Pick<Ended, 'folder' | 'begun'> & { readonly copiesLinks: boolean },
  ): Promise<void> {
    const transfers = await this.#need.endings.all(ids);
    const done = transfers.filter((one) => one?.state.at === 'done').filter((one) => one !== null);
    const failed = transfers.filter((one) => one?.state.at === 'failed').filter((one) => one !== null);
    const ended = { folder, begun, done, failed };
    if (failed.length > 0) this.#reportFailed(ended);
    else if (done.length > 0 && !copiesLinks) this.#reportDone(ended);
    else this.#need.news.board.dismissBegun(begun);
    if (done.length > 0 && copiesLinks) await this.#copyLinks(ended);
  }

  #reportDone(ended: Ended): void {
    const { browser, messages, news } = this.#need;
    const { done, folder, begun } = ended;
    const counted = this.#counted(done.length);
    const title = messages.text('upload.done', { ...counted, name: done[0]?.name ?? '' });
    const label = messages.text(done.some(isFolder) ? 'share.many' : 'browse.copy-links', counted);
    const show = (): void => browser.showIn(folder, rowsOf(ended));
    const actions = [
      { label, run: () => void this.#copyLinks(ended) },
      { label: messages.text('common.show'), run: show, stays: true } as const,
    ];
    news.ended(begun, { tone: 'done', title, description: toAddress(folder), actions });
  }

  #reportFailed({ begun, done, failed }: Ended): void {
    const { messages, news, settings } = this.#need;
    const [first] = failed;
    const title = messages.text('upload.failed', { ...this.#counted(failed.length), name: first?.name ?? '' });
    const others = messages.text('upload.failed.others', this.#counted(done.length));
    const description = done.length === 0 ? whyFailed(failed, messages) : others;
    const action = { label: messages.text('common.show'), run: () => void settings.set({ transfersOpen: true }) };
    news.ended(begun, { tone: 'failed', title, description, actions: [action] });
  }

  async #copyLinks({ folder, done }: Ended): Promise<void> {
    await this.#need.linkCopies.copyMany(linkedBy(folder, done));
  }

  #counted(count: number): { readonly count: number; readonly shown: string } {
    return { count, shown: formatCount(count, this.#need.messages.locale) };
  }
}

function isFolder({ folder }: Transfer): boolean {
  return folder !== null;
}

/** The rows of what was stored directly in the folder. */
function rowsOf({ done }: Ended): readonly string[] {
  return done.map((one) => (isFolder(one) ? one.key : idOfKey(one.key)));
}

/** What was stored, under the names it has in OSS: one that was taken may have become another. */
function linkedBy({ accountId, bucket }: FolderRef, done: readonly Transfer[]): ObjectsRef {
  const keysOf = (some: readonly Transfer[]): readonly string[] => some.map(({ key }) => key);
  return {
    accountId,
    bucket,
    keys: keysOf(done.filter((one) => !isFolder(one))),
    prefixes: keysOf(done.filter(isFolder)),
  };
}
