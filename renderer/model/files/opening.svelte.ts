import type { OpenedFile } from '../../../main/contract/contract.ts';
import { failureText } from '../../../main/words/failure-text.ts';
import { formatCount } from '../../../main/words/format.ts';
import type { call } from '../../lib/bridge.ts';
import { visibleSegment } from '../../lib/key-text.ts';
import type { Messages } from '../../lib/messages.svelte.ts';
import type { ObjectRef } from '../../lib/subjects.ts';
import type { Dialogs } from '../dialogs.svelte.ts';
import type { News } from '../news.ts';
import { reporting } from '../reporting.ts';
import type { Actions } from './actions.svelte.ts';
import type { FrozenObjects } from './frozen-objects.ts';
import type { OpenWish } from './open-wish.ts';

interface OpeningNeed {
  readonly actions: Pick<Actions, 'folder' | 'selectedKey'>;
  readonly dialogs: Dialogs;
  readonly frozen: Pick<FrozenObjects, 'among'>;
  readonly messages: Messages;
  readonly news: News;
  readonly call: typeof call;
}

/** States of a file whose changes aren't in OSS, and that somebody may have to do something about. */
const unsaved: readonly OpenedFile['state']['at'][] = ['waiting', 'failed', 'conflict', 'kept'];

/** Files that other programs show or edit. */
export class Opening {
  readonly #need: OpeningNeed;
  readonly #report: ReturnType<typeof reporting>;
  /** Said once, not with each attempt. */
  #toldUnsaved: readonly string[] = [];
  files = $state.raw<readonly OpenedFile[]>([]);
  readonly fetching = $derived(this.files.filter(({ state }) => state.at === 'fetching'));
  readonly edited = $derived(this.files.filter(({ state }) => state.at !== 'fetching' && state.at !== 'open'));
  readonly unsaved = $derived(this.files.filter(({ state }) => unsaved.includes(state.at)));

  constructor(need: OpeningNeed) {
    this.#need = need;
    this.#report = reporting(need.news);
  }

  /** Loads the list, and offers what an earlier run left unsaved. */
  async load(): Promise<void> {
    const { messages, news } = this.#need;
    this.files = await this.#need.call('editing.list', {});
    const kept = this.files.filter(({ state }) => state.at === 'kept').length;
    if (kept === 0) return;
    const title = messages.text('editing.kept', { count: kept, shown: formatCount(kept, messages.locale) });
    news.needed(title, messages.text('editing.kept.detail'), this.#show);
  }

  /** Takes the new list, and says what was saved and what wasn't. */
  apply(files: readonly OpenedFile[]): void {
    const before = this.files;
    this.files = files;
    for (const file of files) {
      const old = before.find(({ id }) => id === file.id)?.state;
      if (old !== undefined && old.at !== 'kept' && old.at !== file.state.at) this.#tell(file);
    }
  }

  /** Opens the only selected object. */
  async openSelected(wish: OpenWish = {}): Promise<void> {
    const { folder, selectedKey: key } = this.#need.actions;
    if (folder === null || key === null) return;
    await this.open({ accountId: folder.accountId, bucket: folder.bucket, key, versionId: null }, wish);
  }

  /** Opens an object or a version in another program, or asks what stands in the way. */
  async open(object: ObjectRef, wish: OpenWish = {}): Promise<void> {
    const { dialogs, frozen } = this.#need;
    const { accountId, bucket, key, versionId } = object;
    const { use = 'show', program = 'usual', isLargeFine = false } = wish;
    const before = dialogs.current;
    await this.#report(async () => {
      const archived = versionId === null ? await frozen.among(object, [key]) : [];
      if (archived.length > 0) {
        const subject = { accountId, bucket, keys: [key], prefixes: [] };
        dialogs.openLate(before, { name: 'frozen', subject, frozen: archived });
        return;
      }
      const request = { accountId, bucket, key, versionId, use, program, isLargeFine };
      const answer = await this.#need.call('editing.open', request);
      if (answer.kind !== 'opened') dialogs.openLate(before, { name: 'open-question', object, answer, wish });
    });
  }

  /** Shows a file in its program again. */
  show(id: string): Promise<void> {
    return this.#report(() => this.#need.call('editing.show', { id }));
  }

  save(id: string): Promise<void> {
    return this.#report(() => this.#need.call('editing.save', { id }));
  }

  resolve(id: string, choice: 'mine' | 'both' | 'theirs'): Promise<void> {
    return this.#report(() => this.#need.call('editing.resolve', { id, choice }));
  }

  /** Stops fetching a file, or ends editing it. */
  finish(id: string): Promise<void> {
    return this.#report(() => this.#need.call('editing.finish', { id }));
  }

  /** Tries again what waits for the network. */
  cameOnline(): void {
    for (const { id, state } of this.files) if (state.at === 'waiting') void this.save(id);
  }

  #tell({ id, name, state }: OpenedFile): void {
    const { dialogs, messages, news } = this.#need;
    const shown = visibleSegment(name);
    if (state.at === 'saved') this.#toldUnsaved = this.#toldUnsaved.filter((told) => told !== id);
    if (state.at === 'saved' && state.savedAt !== null) news.done(messages.text('editing.saved', { name: shown }));
    else if (state.at === 'conflict') dialogs.openLate(null, { name: 'edit-conflict', id });
    else if ((state.at === 'failed' || state.at === 'waiting') && !this.#toldUnsaved.includes(id)) {
      this.#toldUnsaved = [...this.#toldUnsaved, id];
      const why = failureText(state.because, messages).title;
      news.needed(messages.text('editing.unsaved', { name: shown }), why, this.#show);
    }
  }

  get #show(): { readonly label: string; readonly run: () => void } {
    const { dialogs, messages } = this.#need;
    return { label: messages.text('common.show'), run: () => dialogs.open({ name: 'edited-files' }) };
  }
}
