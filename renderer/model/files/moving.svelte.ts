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

/** Objects and folders that are copied, moved or renamed. */
export class Moving {
  readonly #need: MovingNeed;
  readonly #report: ReturnType<typeof reporting>;
  #held = $state.raw<HeldObjects | null>(null);

  constructor(need: MovingNeed) {
    this.#need = need;
    this.#report = reporting(need.news);
  }

  /** What was copied or cut in a list of any window. */
  get held(): HeldObjects | null {
    return this.#held;
  }

  /** What was held before this window came. */
  async load(): Promise<void> {
    this.#held = await this.#need.call('objects.held', {});
  }

  /** Something was copied or cut, or pasted, in whichever window. */
  apply(held: HeldObjects | null): void {
    this.#held = held;
  }

  /** What is selected; null where nothing is. */
  get subject(): ObjectsRef | null {
    const { folder, selectedKeys: keys, selectedPrefixes: prefixes } = this.#need.actions;
    if (folder === null || keys.length + prefixes.length === 0) return null;
    return { accountId: folder.accountId, bucket: folder.bucket, keys, prefixes };
  }

  /** Remembers what is selected, to be pasted elsewhere, and gives the text for the clipboard: the addresses. */
  hold(move: boolean): string | null {
    const { subject } = this;
    if (subject === null) return null;
    this.#hold({ subject: { ...subject, keys: [...subject.keys], prefixes: [...subject.prefixes] }, move });
    return addressesOf(subject);
  }

  /** Whether this text on the clipboard is what was copied or cut here. */
  isHeld(text: string): boolean {
    return this.held !== null && addressesOf(this.held.subject).trim() === text.trim();
  }

  /** Copies or moves what is held into the folder that is shown. What was cut can be pasted once. */
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

  /** Asks for a new name for the one object or folder that is selected. */
  askForName(): void {
    const { subject } = this;
    if (subject !== null && subject.keys.length + subject.prefixes.length === 1)
      this.#need.dialogs.open({ name: 'rename', subject });
  }

  /** Asks where to copy or move what is selected. */
  askForTarget(move: boolean): void {
    const { subject } = this;
    if (subject !== null) this.#need.dialogs.open({ name: 'copy-to', subject, move });
  }

  /** Gives the one key or prefix of `subject` another name in its folder. Throws what main refuses. */
  async rename(subject: ObjectsRef, name: string): Promise<void> {
    const [id = ''] = [...subject.keys, ...subject.prefixes];
    const old = lastSegment(id);
    const prefix = id.slice(0, (id.endsWith('/') ? id.length - 1 : id.length) - old.length);
    await this.#start(subject, { ...subject, prefix }, true, name);
  }

  /** Copies or moves into a folder. Throws what main refuses. */
  async copyTo(subject: ObjectsRef, to: FolderRef, move: boolean): Promise<void> {
    const added = await this.#start(subject, to, move, null);
    const { messages, news } = this.#need;
    const folder = toAddress(to);
    const count = { count: added, shown: formatCount(added, messages.locale), folder };
    news.done(messages.text(move ? 'browse.move-added' : 'browse.copy-added', count));
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

/** What stands on the clipboard for these. */
function addressesOf({ bucket, keys, prefixes }: ObjectsRef): string {
  return [...prefixes, ...keys].map((prefix) => toAddress({ bucket, prefix })).join('\n');
}
