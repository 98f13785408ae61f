import type { HeldObjects } from '../../../main/contract/contract.ts';
import type { call } from '../../lib/bridge.ts';
import { formatCount } from '../../../main/words/format.ts';
import { type IdSet, toIdSet } from '../../lib/id-set.ts';
import { visibleSegment } from '../../lib/key-text.ts';
import type { Messages } from '../../lib/messages.svelte.ts';
import { folderOf, toAddress } from '../../lib/place.ts';
import { idOfKey } from '../../lib/rows.ts';
import type { FolderRef, ObjectsRef } from '../../lib/subjects.ts';
import type { Browser } from '../browsing/browser.svelte.ts';
import type { Dialogs } from '../dialogs.svelte.ts';
import type { News } from '../news.ts';
import { reporting } from '../reporting.ts';
import type { TransferEndings } from '../transfers/endings.ts';
import type { Undoable, UndoStack, UndoStep } from '../undo.ts';
import type { Actions } from './actions.svelte.ts';
import { Duplicating } from './duplicating.ts';
import { newFolders, type Relocated, relocatedOf, requestsBack } from './relocation.ts';

interface MovingNeed {
  readonly actions: Actions;
  readonly browser: Browser;
  readonly dialogs: Dialogs;
  readonly endings: TransferEndings;
  readonly undo: UndoStack;
  readonly news: News;
  readonly messages: Messages;
  readonly call: typeof call;
}

/** What is copied or moved, and where to. */
interface Relocation {
  readonly subject: ObjectsRef;
  readonly to: FolderRef;
  readonly move: boolean;
  /** The new name of the only object or folder; null keeps the names. */
  readonly name: string | null;
}

/** Copies, moves and renames objects and folders. */
export class Moving {
  readonly #need: MovingNeed;
  readonly #report: ReturnType<typeof reporting>;
  /** Of what ends later: a dialog that is open by then isn't about it. */
  readonly #later: News;
  readonly #duplicating: Duplicating;
  #held = $state.raw<HeldObjects | null>(null);

  constructor(need: MovingNeed) {
    this.#need = need;
    this.#report = reporting(need.news);
    this.#later = need.news.ofWindow();
    this.#duplicating = new Duplicating(need.call);
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
    const { messages, news } = this.#need;
    news.begun(messages.text(move ? 'browse.held.cut' : 'browse.held.copied', this.#counted(countOf(subject))));
    return addressesOf(subject);
  }

  /** True if this clipboard text stands for what was copied or cut here. */
  isHeld(text: string): boolean {
    return this.held !== null && addressesOf(this.held.subject).trim() === text.trim();
  }

  /**
   * Copies or moves what is held into the current folder. What was cut can be pasted once. Copies of what is in this
   * folder already get names of their own; what was cut from it stays.
   */
  async paste(): Promise<void> {
    const { held } = this;
    const { folder } = this.#need.actions;
    if (held === null || folder === null) return;
    const [here, elsewhere] = divided(held.subject, folder);
    await this.#report(async () => {
      if (!held.move && countOf(here) > 0) await this.#duplicate(here, folder);
      if (countOf(elsewhere) === 0) return;
      await this.copyTo(elsewhere, folder, held.move);
      // Something else may have been cut meanwhile.
      if (held.move && this.held === held) this.#hold(null);
    });
  }

  /** Copies the selection within its folder. */
  async duplicate(): Promise<void> {
    const { subject } = this;
    const { folder } = this.#need.actions;
    if (subject === null || folder === null) return;
    await this.#report(() => this.#duplicate(subject, folder));
  }

  /** Opens the rename dialog for the only selected object or folder. */
  askForName(): void {
    const { subject } = this;
    if (subject !== null && countOf(subject) === 1) this.#need.dialogs.open({ name: 'rename', subject });
  }

  /** Opens the dialog that asks where to copy or move the selection. */
  askForTarget(move: boolean): void {
    const { subject } = this;
    if (subject !== null) this.#need.dialogs.open({ name: 'copy-to', subject, move });
  }

  /** Renames the one key or prefix of `subject` within its folder. Throws if main refuses. */
  async rename(subject: ObjectsRef, name: string): Promise<void> {
    const [id = ''] = [...subject.keys, ...subject.prefixes];
    await this.#start({ subject, to: { ...subject, prefix: folderOf(id) }, move: true, name });
  }

  /** Copies or moves into a folder. Throws if main refuses. */
  async copyTo(subject: ObjectsRef, to: FolderRef, move: boolean): Promise<void> {
    const added = await this.#start({ subject, to, move, name: null });
    const { messages, news } = this.#need;
    const count = { ...this.#counted(added), folder: toAddress(to) };
    news.begun(messages.text(move ? 'browse.move-added' : 'browse.copy-added', count));
  }

  #hold(held: HeldObjects | null): void {
    this.#held = held;
    void this.#report(() => this.#need.call('objects.hold', { held }));
  }

  async #duplicate(subject: ObjectsRef, to: FolderRef): Promise<void> {
    const word = this.#need.messages.text('browse.copy-name', { name: '' });
    const ids = await this.#duplicating.start(subject, word);
    void this.#report(() => this.#follow(ids, { subject, to, move: false, name: null }, toIdSet([])));
  }

  async #start(relocation: Relocation): Promise<number> {
    const { subject, to, move, name } = relocation;
    const { accountId, bucket, keys, prefixes } = subject;
    const fresh = move ? await newFolders(subject, to, name, this.#need.call) : toIdSet([]);
    const { ids } = await this.#need.call('objects.copy', {
      from: { accountId, bucket, keys: [...keys], prefixes: [...prefixes], versionId: null },
      to: { accountId: to.accountId, bucket: to.bucket, prefix: to.prefix },
      move,
      name,
    });
    void this.#report(() => this.#follow(ids, relocation, fresh));
    return ids.length;
  }

  /** Waits for the transfers, says what they did, and selects what arrived. A move can be undone from its start on. */
  async #follow(ids: readonly string[], relocation: Relocation, fresh: IdSet): Promise<void> {
    const { endings, undo } = this.#need;
    const { subject, move } = relocation;
    const arrived = endings.all(ids).then((ends) => relocatedOf(subject, ends));
    const undoMove = move ? undo.push(arrived.then((moved) => this.#undoable(moved, relocation, fresh))) : null;
    const moved = await arrived;
    if (moved.length === 0) return;
    const isUndoable = moved.some((one) => one.kind === 'key' || fresh.has(one.from));
    this.#tellDone(moved, relocation, isUndoable ? undoMove : null);
    await this.#select(moved, relocation);
  }

  #undoable(moved: readonly Relocated[], { subject, to }: Relocation, fresh: IdSet): Undoable {
    const whole = moved.filter((one) => one.kind === 'key' || fresh.has(one.from));
    if (moved.length === 0) return { kind: 'nothing' };
    const { messages, endings, call: callMain } = this.#need;
    if (whole.length === 0) return { kind: 'cannot', why: messages.text('undo.cannot.merged') };
    const left = [...requestsBack(whole, subject, to)];
    return {
      kind: 'can',
      run: async () => {
        const ids: string[] = [];
        // A request that main took isn't repeated where a later one fails and undoing is tried again.
        for (let [request] = left; request !== undefined; [request] = left) {
          for (const id of (await callMain('objects.copy', request)).ids) ids.push(id);
          left.shift();
        }
        const back = (await endings.all(ids)).filter((end) => end?.state.at === 'done').length;
        const title = messages.text('browse.moved-back', this.#counted(back));
        if (whole.length < moved.length) this.#later.partly(title, messages.text('undo.cannot.merged'));
        else if (back > 0) this.#later.done(title);
      },
    };
  }

  #tellDone(moved: readonly Relocated[], { to, move, name }: Relocation, step: UndoStep | null): void {
    const { messages } = this.#need;
    const action = step === null ? undefined : { label: messages.text('browse.undo'), run: () => void step.undo() };
    const count = { ...this.#counted(moved.length), folder: toAddress(to) };
    const done =
      name === null
        ? messages.text(move ? 'browse.moved' : 'browse.copied', count)
        : messages.text('browse.renamed', { name: visibleSegment(name) });
    this.#later.done(done, undefined, action);
  }

  /** Selects what arrived in the folder shown, unless something else was selected meanwhile. */
  async #select(moved: readonly Relocated[], { to }: Relocation): Promise<void> {
    const { browser } = this.#need;
    const { list } = browser;
    const isShown =
      list?.folder.accountId === to.accountId && list.folder.bucket === to.bucket && list.folder.prefix === to.prefix;
    if (!isShown) return;
    const before = toIdSet(moved.map((one) => rowOf({ ...one, to: one.from })));
    await list.refresh();
    const isFree = [...browser.selection.ids].every((id) => before.has(id));
    if (browser.list !== list || !isFree) return;
    browser.selection.selectThese(moved.map(rowOf));
    // A filter may hide the new names, and a long list may not have come to them.
    browser.selection.keepShown(list.rows);
  }

  #counted(count: number): { readonly count: number; readonly shown: string } {
    return { count, shown: formatCount(count, this.#need.messages.locale) };
  }
}

/** The text for the clipboard: one address per line. */
function addressesOf({ bucket, keys, prefixes }: ObjectsRef): string {
  return [...prefixes, ...keys].map((prefix) => toAddress({ bucket, prefix })).join('\n');
}

function countOf({ keys, prefixes }: ObjectsRef): number {
  return keys.length + prefixes.length;
}

/** The part of `subject` that lies in this folder, and the rest. */
function divided(subject: ObjectsRef, { accountId, bucket, prefix }: FolderRef): readonly [ObjectsRef, ObjectsRef] {
  const isSameBucket = subject.accountId === accountId && subject.bucket === bucket;
  const isHere = (path: string): boolean => isSameBucket && folderOf(path) === prefix;
  const { keys, prefixes } = subject;
  return [
    { ...subject, keys: keys.filter(isHere), prefixes: prefixes.filter(isHere) },
    {
      ...subject,
      keys: keys.filter((path) => !isHere(path)),
      prefixes: prefixes.filter((path) => !isHere(path)),
    },
  ];
}

function rowOf({ kind, to }: Relocated): string {
  return kind === 'key' ? idOfKey(to) : to;
}
