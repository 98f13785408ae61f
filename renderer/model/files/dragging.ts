import type { DragOffer } from '../../../main/contract/contract.ts';
import type { call } from '../../lib/bridge.ts';
import { dragType } from '../../lib/dropped-files.ts';
import { Newest } from '../../lib/newest.ts';
import type { Moving } from './moving.svelte.ts';
import { folderOf } from '../../lib/place.ts';
import type { FolderRef, ObjectRef, ObjectsRef } from '../../lib/subjects.ts';
import type { News } from '../news.ts';
import { reporting } from '../reporting.ts';

/** Drags objects and folders to a folder, a step of the path, or a bookmark. */
export class Dragging {
  readonly #moving: Moving;
  readonly #report: ReturnType<typeof reporting>;
  #subject: ObjectsRef | null = null;
  #marked: Element | null = null;
  readonly #call: typeof call;
  readonly #offers = new Newest();
  #offer: (Omit<ObjectRef, 'versionId'> & DragOffer) | null = null;

  constructor(moving: Moving, news: News, callMain: typeof call) {
    this.#moving = moving;
    this.#report = reporting(news);
    this.#call = callMain;
  }

  /** Gets a download ticket for the object in advance: a drag that has started can't wait for it. */
  async prepare(object: Omit<ObjectRef, 'versionId'>): Promise<void> {
    this.#offer = null;
    await this.#offers.ask(
      () => this.#call('objects.offerDrag', object),
      (offer) => (this.#offer = { ...object, ...offer }),
      // Without a ticket, it can be dragged only inside the window.
      () => undefined,
    );
  }

  /** Drags the selection inside the window. A single object can also be dragged to other applications. */
  start({ dataTransfer }: DragEvent): void {
    this.#subject = this.#moving.subject;
    if (dataTransfer === null || this.#subject === null) return;
    dataTransfer.setData(dragType, '');
    dataTransfer.effectAllowed = 'copyMove';
    const { accountId, bucket, keys, prefixes } = this.#subject;
    const offer = this.#offer;
    const isOffered = offer?.accountId === accountId && offer.bucket === bucket && offer.key === keys[0];
    if (!isOffered || keys.length + prefixes.length !== 1) return;
    const url = new URL(`drag/${offer.ticket}`, location.href).href;
    dataTransfer.setData('DownloadURL', `application/octet-stream:${offer.name}:${url}`);
    this.#offer = null;
  }

  end(): void {
    this.#subject = null;
    this.#mark(null);
  }

  /** Shows whether the folder under the pointer accepts the drop, as a copy or a move. `to` is null elsewhere. */
  over(event: DragEvent, to: FolderRef | null, element: Element | null): void {
    const takes = to !== null && this.#takes(event, to);
    this.#mark(takes ? element : null);
    if (!takes || event.dataTransfer === null) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = this.#moves(event, to) ? 'move' : 'copy';
  }

  /** Called when files from outside are over an element that accepts them. */
  overWithFiles(event: DragEvent, element: Element): void {
    this.#mark(element);
    event.preventDefault();
    if (event.dataTransfer !== null) event.dataTransfer.dropEffect = 'copy';
  }

  leave(): void {
    this.#mark(null);
  }

  async drop(event: DragEvent, to: FolderRef | null): Promise<void> {
    const subject = this.#subject;
    this.#mark(null);
    if (subject === null || to === null || !this.#takes(event, to)) return;
    event.preventDefault();
    await this.#report(() => this.#moving.copyTo(subject, to, this.#moves(event, to)));
  }

  /** Rejects drags from elsewhere, and drops into the same folder or into the dragged folder itself. */
  #takes(event: DragEvent, to: FolderRef): boolean {
    const subject = this.#subject;
    if (subject === null || event.dataTransfer?.types.includes(dragType) !== true) return false;
    if (subject.accountId !== to.accountId || subject.bucket !== to.bucket) return true;
    const isThere = [...subject.keys, ...subject.prefixes].every((path) => folderOf(path) === to.prefix);
    return !isThere && !subject.prefixes.some((prefix) => to.prefix.startsWith(prefix));
  }

  /** As file managers do between disks: moves inside a bucket, copies to another, unless Ctrl, Alt or Shift is held. */
  #moves(event: DragEvent, to: FolderRef): boolean {
    if (event.ctrlKey || event.altKey) return false;
    const subject = this.#subject;
    return event.shiftKey || (subject?.accountId === to.accountId && subject.bucket === to.bucket);
  }

  #mark(element: Element | null): void {
    if (element === this.#marked) return;
    this.#marked?.classList.remove('drop-here');
    element?.classList.add('drop-here');
    this.#marked = element;
  }
}
