import type { Failure, ReceivedKind, Recognised } from '../../main/contract/contract.ts';
import type { call } from '../lib/bridge.ts';
import { formatCount } from '../../main/words/format.ts';
import { fileNameOf } from '../lib/dropped-files.ts';
import type { Messages } from '../lib/messages.svelte.ts';
import { toLocalInput } from '../lib/expiry.ts';
import { Once } from '../lib/once.ts';
import { isAddress } from '../lib/place.ts';
import type { FolderRef } from '../lib/subjects.ts';
import type { AccountList } from './accounts.svelte.ts';
import type { AskedKind, Dialogs, OpenDialog, SentText } from './dialogs.svelte.ts';
import type { Browser } from './browsing/browser.svelte.ts';
import type { Actions } from './files/actions.svelte.ts';
import type { News } from './news.ts';
import { reporting } from './reporting.ts';

interface IncomingNeed {
  readonly accounts: AccountList;
  readonly actions: Actions;
  readonly browser: Browser;
  readonly dialogs: Dialogs;
  readonly messages: Messages;
  readonly news: News;
  readonly call: typeof call;
}

/** Files of one drop whose content is looked at. Whoever drops more means to upload them. */
const mostLookedAt = 20;

/** What a person brings from outside the window: dropped files, and text that is dropped or pasted. */
export class Incoming {
  readonly #need: IncomingNeed;
  readonly #report: ReturnType<typeof reporting>;

  constructor(need: IncomingNeed) {
    this.#need = need;
    this.#report = reporting(need.news);
  }

  /** Uploads files into the folder they were dropped on, unless Waybill could open one of them: then it asks. */
  async intoFolder(paths: readonly string[], folder: FolderRef, { copiesLinks = false } = {}): Promise<void> {
    if (paths.length === 0) return;
    await this.#report(async () => {
      const { actions, dialogs } = this.#need;
      const before = dialogs.current;
      const kinds = await this.#kindsOf(paths);
      const opened = firstOf(paths, kinds, isForWaybill);
      if (opened === null) await actions.upload(paths, folder, { copiesLinks });
      else dialogs.openLate(before, { name: 'open-or-upload', drop: { paths, folder, copiesLinks, opened } });
    });
  }

  /** Opens the first of the files that Waybill can open, and says so of the others: no folder is there to take them. */
  async outsideFolders(paths: readonly string[]): Promise<void> {
    if (paths.length === 0) return;
    await this.#report(async () => {
      const { dialogs, news } = this.#need;
      const before = dialogs.current;
      const kinds = await this.#kindsOf(paths);
      const opened = firstOf(paths, kinds, (kind) => typeof kind === 'string');
      for (const kind of kinds) if (isFailure(kind)) news.failed(kind);
      const others = paths.filter((path, index) => path !== opened?.path && !isFailure(kinds[index]));
      if (others.length > 0) this.#refuse(others, opened !== null);
      if (opened !== null) dialogs.openLate(before, dialogFor({ path: opened.path }, opened.kind));
    });
  }

  /**
   * Opens a text: an address of OSS in the list, credentials in the account form, anything else in the receive card, which
   * says what it is.
   */
  async text(text: string): Promise<void> {
    await this.#report(async () => {
      const { browser, dialogs } = this.#need;
      const before = dialogs.current;
      if (isAddress(text) && (await browser.goTo(text))) return;
      const [kind = null] = await this.#need.call('links.recognise', { text });
      dialogs.openLate(before, dialogFor({ text }, typeof kind === 'string' ? kind : 'link'));
    });
  }

  /**
   * Takes what is pasted outside fields. Files of the file manager are uploaded as dropped ones are. A picture that no file
   * and no text comes with is asked about; spreadsheets copy a picture beside their text, which counts then.
   */
  async pasted(text: string, files: readonly File[], paths: readonly string[]): Promise<void> {
    const { folder } = this.#need.actions;
    const picture = files.find(({ type }) => type.startsWith('image/'));
    if (paths.length > 0) await (folder === null ? this.outsideFolders(paths) : this.intoFolder(paths, folder));
    else if (text !== '') await this.text(text);
    else if (picture !== undefined && folder !== null) this.#askAboutPicture(picture, folder);
  }

  #askAboutPicture(picture: File, folder: FolderRef): void {
    const { dialogs, messages } = this.#need;
    const moment = toLocalInput(Date.now()).replace('T', ' ').replaceAll(':', '.');
    const extension = /^image\/(\w+)/.exec(picture.type)?.[1] ?? 'png';
    dialogs.open({
      name: 'paste-picture',
      picture,
      folder,
      suggestion: messages.text('paste.name', { moment, extension }),
    });
  }

  open(sent: SentText, kind: ReceivedKind): void {
    this.#need.dialogs.open(dialogFor(sent, kind));
  }

  #kindsOf(paths: readonly string[]): Promise<readonly Recognised[]> {
    return this.#need.call('links.recognise', { paths: paths.slice(0, mostLookedAt) });
  }

  #refuse(paths: readonly string[], isOneOpened: boolean): void {
    const { accounts, messages, news } = this.#need;
    const { length: count } = paths;
    const counted = { count, shown: formatCount(count, messages.locale), name: fileNameOf(paths[0] ?? '') };
    const hasAccount = accounts.all.length > 0;
    const title = messages.text(hasAccount || isOneOpened ? 'drop.not-uploaded' : 'drop.nothing', counted);
    news.partly(title, messages.text(hasAccount ? 'drop.no-bucket' : 'drop.no-account', { count }));
  }
}

function dialogFor(sent: SentText, kind: ReceivedKind): OpenDialog {
  const given = new Once(sent);
  if (kind === 'grant-code' || kind === 'credentials') return { name: 'account', account: null, given };
  return { name: 'receive', given };
}

function isFailure(kind: Recognised | undefined): kind is Failure {
  return typeof kind === 'object' && kind !== null;
}

/** What a folder's drop asks about. A text with a link or credentials is uploaded like any other. */
function isForWaybill(kind: Recognised): kind is AskedKind {
  return kind === 'manifest' || kind === 'upload-request' || kind === 'upload-ticket' || kind === 'grant-code';
}

/** The first file whose kind counts. */
function firstOf<K extends ReceivedKind>(
  paths: readonly string[],
  kinds: readonly Recognised[],
  counts: (kind: Recognised) => kind is K,
): { readonly path: string; readonly kind: K } | null {
  for (const [index, path] of paths.entries()) {
    const kind = kinds[index] ?? null;
    if (counts(kind)) return { path, kind };
  }
  return null;
}
