import type { HeldObjects } from '../../../main/contract/contract.ts';
import type { call } from '../../lib/bridge.ts';
import { formatCount } from '../../../main/words/format.ts';
import { lastSegment } from '../../lib/key-text.ts';
import type { Messages } from '../../lib/messages.svelte.ts';
import { toAddress } from '../../lib/place.ts';
import type { FolderRef, ObjectsRef } from '../../lib/subjects.ts';
import type { Actions } from './actions.svelte.ts';
import type { Dialogs } from '../dialogs.svelte.ts';
import type { News } from '../news.ts';
import { reporting } from '../reporting.ts';

interface MovingNeed {
  readonly actions: Actions;
  readonly dialogs: Dialogs;
  readonly news: News;
  readonly messages: Messages;
  readonly call: typeof call;
}

/** Copies, moves and renames objects and folders. */
export class Moving {
  readonly #need: MovingNeed;
  readonly #report: ReturnType<typeof reporting>;
  #held = $state.raw<HeldObjects | null>(null);

  constructor(need: MovingNeed) {
    this.#need = need;
    this.#report = reporting(need.news);
  }

  /** What was copied or cut, in any window. */
  get held(): HeldObjects | null {
    return this.#held;
  }

  /** Loads what other windows copied or cut before this one opened. */
  async load(): Promise<void> {
    this.#held = await this.#need.call('objects.held', {});
  }

  /** Called when any window copied, cut or pasted something. */
  apply(held: HeldObjects | null): void {
    this.#held = held;
  }

  /** The selection; null if nothing is selected. */
  get subject(): ObjectsRef | null {
    const { folder, selectedKeys: keys, selectedPrefixes: prefixes } = this.#need.actions;
    if (folder === null || keys.length + prefixes.length === 0) return null;
    return { accountId: folder.accountId, bucket: folder.bucket, keys, prefixes };
  }

  /** Remembers the selection for pasting, and returns its addresses as text for the clipboard. */
  hold(move: boolean): string | null {
    const { subject } = this;
    if (subject === null) return null;
    this.#hold({ subject: { ...subject, keys: [...subject.keys], prefixes: [...subject.prefixes] }, move });
    return addressesOf(subject);
  }

  /** True if this clipboard text stands for what was copied or cut here. */
  isHeld(text: string): boolean {
    return this.held !== null && addressesOf(this.held.subject).trim() === text.trim();
  }

  /** Copies or moves what is held into the current folder. What was cut can be pasted once. */
  async paste(): Promise<void> {
    const { held } = this;
    const { folder } = this.#need.actions;
    if (held === null || folder === null) return;
    await this.#report(async () => {
      await this.copyTo(held.subject, folder, held.move);
      // Something else may have been cut meanwhile.
      if (held.move && this.held === held) this.#hold(null);
    });
  }

  /** Opens the rename dialog for the only selected object or folder. */
  askForName(): void {
    const { subject } = this;
    if (subject !== null && subject.keys.length + subject.prefixes.length === 1)
      this.#need.dialogs.open({ name: 'rename', subject });
  }

  /** Opens the dialog that asks where to copy or move the selection. */
  askForTarget(move: boolean): void {
    const { subject } = this;
    if (subject !== null) this.#need.dialogs.open({ name: 'copy-to', subject, move });
  }

  /** Renames the one key or prefix of `subject` within its folder. Throws if main refuses. */
  async rename(subject: ObjectsRef, name: string): Promise<void> {
    const [id = ''] = [...subject.keys, ...subject.prefixes];
    const old = lastSegment(id);
    const prefix = id.slice(0, (id.endsWith('/') ? id.length - 1 : id.length) - old.length);
    await this.#start(subject, { ...subject, prefix }, true, name);
  }

  /** Copies or moves into a folder. Throws if main refuses. */
  async copyTo(subject: ObjectsRef, to: FolderRef, move: boolean): Promise<void> {
    const added = await this.#start(subject, to, move, null);
    const { messages, news } = this.#need;
    const folder = toAddress(to);
    const count = { count: added, shown: formatCount(added, messages.locale), folder };
    news.begun(messages.text(move ? 'browse.move-added' : 'browse.copy-added', count));
  }

  #hold(held: HeldObjects | null): void {
    this.#held = held;
    void this.#report(() => this.#need.call('objects.hold', { held }));
  }

  async #start(subject: ObjectsRef, to: FolderRef, move: boolean, name: string | null): Promise<number> {
    const { accountId, bucket, keys, prefixes } = subject;
    const { added } = await this.#need.call('objects.copy', {
      from: { accountId, bucket, keys: [...keys], prefixes: [...prefixes], versionId: null },
      to: { accountId: to.accountId, bucket: to.bucket, prefix: to.prefix },
      move,
      name,
    });
    return added;
  }
}

/** The text for the clipboard: one address per line. */
function addressesOf({ bucket, keys, prefixes }: ObjectsRef): string {
  return [...prefixes, ...keys].map((prefix) => toAddress({ bucket, prefix })).join('\n');
}
