import type { LinkPreset, LinkTextFormat, MenuCommand } from '../../../main/contract/contract.ts';
import type { call } from '../../lib/bridge.ts';
import { editText } from '../../lib/edit-text.ts';
import { Emitter } from '../../lib/emitter.ts';
import type { Messages } from '../../lib/messages.svelte.ts';
import type { Place } from '../../lib/place.ts';
import { isPrefixId, isVersionId, pathOf } from '../../lib/rows.ts';
import { textSizes } from '../../lib/text-sizes.ts';
import type { BucketRef, FolderRef, ObjectRef, ObjectsRef } from '../../lib/subjects.ts';
import type { Browser } from '../browsing/browser.svelte.ts';
import type { Dialogs } from '../dialogs.svelte.ts';
import type { Downloads } from './downloads.ts';
import type { FrozenObjects } from './frozen-objects.ts';
import type { LinkCopies } from './link-copies.ts';
import type { Uploads } from './uploads.ts';
import type { LinkLedger } from '../ledger.svelte.ts';
import type { SettingsState } from '../settings.svelte.ts';
import type { UndoStack } from '../undo.ts';
import type { News } from '../news.ts';
import { reporting } from '../reporting.ts';

interface ActionsNeed {
  readonly browser: Browser;
  readonly dialogs: Dialogs;
  readonly downloads: Downloads;
  readonly frozen: FrozenObjects;
  readonly ledger: LinkLedger;
  readonly linkCopies: LinkCopies;
  readonly uploads: Uploads;
  readonly settings: SettingsState;
  readonly undo: UndoStack;
  readonly news: News;
  readonly messages: Messages;
  readonly call: typeof call;
}

/** The actions on the folder shown and on its selection. */
export class Actions {
  readonly #need: ActionsNeed;
  readonly #report: ReturnType<typeof reporting>;
  /** Emitted to move the focus to the filter field. */
  readonly filterAsked = new Emitter();

  constructor(need: ActionsNeed) {
    this.#need = need;
    this.#report = reporting(need.news);
  }

  /** The folder that uploads go to; null in the list of buckets and in the ledger. */
  get folder(): FolderRef | null {
    if (this.#need.browser.showsLinks) return null;
    return this.#need.browser.list?.folder ?? null;
  }

  get selectedKeys(): readonly string[] {
    return this.#selectedIds.filter((id) => !isPrefixId(id)).map(pathOf);
  }

  get selectedPrefixes(): readonly string[] {
    return this.#selectedIds.filter(isPrefixId);
  }

  /** Empty if the selection includes versions: an action must not apply to only a part of the selection. */
  get #selectedIds(): readonly string[] {
    const ids = [...this.#need.browser.selection.ids];
    return ids.some(isVersionId) ? [] : ids;
  }

  /** The only selected object; null for none, several, or a folder. */
  get selectedKey(): string | null {
    const [key] = this.selectedKeys;
    return this.#need.browser.selection.size === 1 ? (key ?? null) : null;
  }

  /** Copies a link of an object in this folder, with the account's default expiry. */
  async copyLink(key: string): Promise<void> {
    if (this.folder !== null) await this.#need.linkCopies.copyOne(this.folder, key);
  }

  /** Copies a link of the only selected object, made by a preset. */
  async copyByPreset(preset: LinkPreset): Promise<void> {
    const { folder, selectedKey: key } = this;
    if (folder !== null && key !== null) await this.#need.linkCopies.copyOne(folder, key, { preset });
  }

  /** Copies a link of each selected object. */
  async copyLinks(as: LinkTextFormat = 'url'): Promise<void> {
    const { folder, selectedKeys: keys, selectedPrefixes: prefixes } = this;
    if (folder === null || keys.length + prefixes.length === 0) return;
    const { accountId, bucket } = folder;
    await this.#need.linkCopies.copyMany({ accountId, bucket, keys, prefixes }, as);
  }

  preview(key: string, versionId: string | null = null): void {
    const { folder } = this;
    if (folder === null) return;
    const { accountId, bucket } = folder;
    this.#need.dialogs.open({ name: 'preview', object: { accountId, bucket, key, versionId } });
  }

  share(key: string, versionId: string | null = null): void {
    const { folder } = this;
    if (folder === null) return;
    const { accountId, bucket } = folder;
    this.#need.dialogs.open({ name: 'share', object: { accountId, bucket, key, versionId } });
  }

  /** Opens the dialog for temporary access to the selection, or to the whole folder if nothing is selected. */
  giveAccess(): void {
    const { folder } = this;
    if (folder === null) return;
    const { accountId, bucket, prefix } = folder;
    const [keys, selected] = [this.selectedKeys, this.selectedPrefixes];
    const prefixes = keys.length + selected.length === 0 ? [prefix] : selected;
    this.#need.dialogs.open({ name: 'grant', target: { accountId, bucket, keys, prefixes } });
  }

  /** Opens the dialog for links to the selected objects and to everything in the selected folders. */
  shareSelection(): void {
    const { folder } = this;
    if (folder === null || this.#need.browser.selection.size === 0) return;
    const { accountId, bucket } = folder;
    const [keys, prefixes] = [this.selectedKeys, this.selectedPrefixes];
    this.#need.dialogs.open({ name: 'share-many', subject: { accountId, bucket, keys, prefixes } });
  }

  /** Opens the dialog for an upload request, into the only selected folder or else into the current one. */
  requestUploads(): void {
    const { folder } = this;
    if (folder === null) return;
    const [selected, ...others] = this.selectedPrefixes;
    const prefix = selected !== undefined && others.length === 0 ? selected : folder.prefix;
    this.#need.dialogs.open({ name: 'request-uploads', folder: { ...folder, prefix } });
  }

  /** The keys that can't be read until they are restored. */
  async archivedAmong(place: BucketRef, keys: readonly string[]): Promise<readonly string[]> {
    return (await this.#need.frozen.among(place, keys)).map(({ key }) => key);
  }

  /** Whether the bucket lets people read Archive objects without a restore; null where OSS doesn't say. */
  readsArchive(place: BucketRef): Promise<boolean | null> {
    return this.#need.frozen.readsArchive(place);
  }

  /** Downloads the selection into the download folder. */
  async downloadSelection(): Promise<void> {
    const { folder, selectedKeys: keys, selectedPrefixes: prefixes } = this;
    if (folder === null) return;
    const { accountId, bucket } = folder;
    await this.#downloadReadable({ accountId, bucket, keys, prefixes });
  }

  /** Downloads without asking about archived objects. */
  async download(subject: ObjectsRef): Promise<void> {
    await this.#download(subject, null);
  }

  /** Downloads one object or one of its versions, regardless of the selection. */
  async downloadObject({ accountId, bucket, key, versionId }: ObjectRef): Promise<void> {
    const subject = { accountId, bucket, keys: [key], prefixes: [] };
    await (versionId === null ? this.#downloadReadable(subject) : this.#download(subject, versionId));
  }

  async pickAndUpload(what: 'files' | 'folders', { copiesLinks = false } = {}): Promise<void> {
    const { folder } = this;
    await this.#report(async () => {
      const paths = await this.#need.call('dialogs.pickFiles', { what });
      await this.upload(paths, folder, { copiesLinks });
    });
  }

  /** Uploads into a folder, by default the current one. `copiesLinks`: as soon as everything is there. */
  async upload(paths: readonly string[], folder = this.folder, { copiesLinks = false } = {}): Promise<void> {
    if (folder !== null) await this.#report(() => this.#need.uploads.start(paths, folder, { copiesLinks }));
  }

  askToDelete(): void {
    const { folder } = this;
    const [keys, prefixes] = [this.selectedKeys, this.selectedPrefixes];
    if (folder === null || keys.length + prefixes.length === 0) return;
    const { accountId, bucket } = folder;
    this.#need.dialogs.open({ name: 'delete', subject: { accountId, bucket, keys, prefixes } });
  }

  /** Creates a folder here, or several nested ones, and selects the outermost. */
  async createFolder(name: string): Promise<void> {
    const { folder } = this;
    const { browser } = this.#need;
    if (folder === null) return;
    const prefix = `${folder.prefix}${name}/`;
    await this.#need.call('objects.createFolder', { accountId: folder.accountId, bucket: folder.bucket, prefix });
    const { list } = browser;
    if (list?.folder !== folder) return;
    await list.refresh();
    if (browser.list === list) browser.selection.select(`${folder.prefix}${name.slice(0, `${name}/`.indexOf('/'))}/`);
  }

  /** Opens a new window at this place, by default the current one. */
  async openWindow(place: Place | null): Promise<void> {
    await this.#report(() => this.#need.call('windows.open', { place }));
  }

  /** Runs a command of the application menu. */
  run(command: MenuCommand): void {
    const { browser, dialogs, ledger, settings, undo } = this.#need;
    const commands: Readonly<Record<MenuCommand, () => void>> = {
      'new-window': () => void this.openWindow(null),
      // A card that shows a link already stays as it is.
      'open-link': () => {
        if (dialogs.current?.name !== 'receive') dialogs.open({ name: 'receive', given: null });
      },
      'add-account': () => dialogs.open({ name: 'account', account: null }),
      'upload-files': () => void this.pickAndUpload('files'),
      'upload-folder': () => void this.pickAndUpload('folders'),
      'new-folder': () => {
        if (this.folder !== null) dialogs.open({ name: 'new-folder' });
      },
      undo: () => {
        if (!editText('undo') && dialogs.current === null) undo.undo();
      },
      redo: () => void editText('redo'),
      'select-all': () => {
        if (!editText('selectAll') && dialogs.current === null) this.#selectAll();
      },
      refresh: () => (browser.showsLinks ? void ledger.load() : browser.refresh()),
      'go-to-address': () => {
        browser.leaveLinks();
        browser.editingAddress = browser.place !== null;
      },
      filter: () => this.filterAsked.emit(),
      'toggle-transfers': () => void settings.set({ transfersOpen: !settings.current.transfersOpen }),
      settings: () => dialogs.open({ name: 'settings', tab: 'general' }),
      'larger-text': () => this.#stepTextSize(1),
      'smaller-text': () => this.#stepTextSize(-1),
      'usual-text': () => void settings.set({ textSize: 100 }),
      lock: () => {
        if (settings.current.lockAfterMinutes === null) dialogs.open({ name: 'settings', tab: 'general' });
        else void this.#need.call('lock.now', {});
      },
      'keyboard-help': () => dialogs.open({ name: 'keys' }),
      'copy-diagnostics': () => void this.#copyDiagnostics(),
    };
    commands[command]();
  }

  #selectAll(): void {
    const { browser, ledger } = this.#need;
    if (browser.showsLinks) ledger.selection.all();
    else browser.selection.all(browser.list?.rows ?? []);
  }

  #stepTextSize(step: 1 | -1): void {
    const { settings } = this.#need;
    const { textSize } = settings.current;
    const next = step === 1 ? textSizes.find((size) => size > textSize) : textSizes.findLast((size) => size < textSize);
    if (next !== undefined) void settings.set({ textSize: next });
  }

  async #copyDiagnostics(): Promise<void> {
    const { messages, news } = this.#need;
    await this.#report(async () => {
      await this.#need.call('app.copyDiagnostics', {});
      news.done(messages.text('settings.help.copied'));
    });
  }

  /** Asks first if some of the objects can't be read until they are restored. */
  async #downloadReadable(subject: ObjectsRef): Promise<void> {
    const frozen = await this.#need.frozen.among(subject, subject.keys);
    if (frozen.length === 0) await this.download(subject);
    else this.#need.dialogs.open({ name: 'frozen', subject, frozen });
  }

  async #download({ accountId, bucket, keys, prefixes }: ObjectsRef, versionId: string | null): Promise<void> {
    if (keys.length + prefixes.length === 0) return;
    const wanted = { accountId, bucket, keys: [...keys], prefixes: [...prefixes], versionId };
    await this.#report(() => this.#need.downloads.start(wanted));
  }
}
