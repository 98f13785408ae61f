import type { FileCard, LinkListCard } from '../../../../main/contract/contract.ts';
import { Attempt } from '../../../lib/attempt.svelte.ts';
import type { call } from '../../../lib/bridge.ts';
import { pairUp, placesIn, type Places, withPlaces } from '../chosen-places.ts';
import { GroupCounter } from '../../../model/transfers/group-sums.ts';
import type { TransferList } from '../../../model/transfers/transfers.svelte.ts';

/** Several files with a link each: a share manifest, or links that were pasted. */
export type ListCard = Extract<FileCard, { readonly kind: 'manifest' }> | LinkListCard;

interface ReceiptNeeds {
  readonly call: typeof call;
  readonly transfers: TransferList;
  /** The download folder, used as the default. */
  readonly folder: string;
}

/** An opened list: which of its files to download, and their progress. */
export class ListReceipt {
  readonly card: ListCard;
  /** Whether any of its files can be downloaded. */
  readonly hasDownloads: boolean;
  readonly #call: typeof call;
  readonly #transfers: TransferList;
  /** Indexes in the list. */
  #chosen = $state.raw<Places>(placesIn([], () => false));
  folder = $state('');
  filter = $state('');
  readonly starting = new Attempt();
  /** The latest downloads; null before the first start. */
  #group = $state.raw<GroupCounter | null>(null);
  #idOf = $state.raw<ReadonlyMap<number, string>>(pairUp([], []));

  /** The progress; null before the first start. */
  readonly sums = $derived.by(() => this.#group?.count((id) => this.#transfers.get(id)) ?? null);
  /** All indexes: those of a manifest by name, as a list of files is; pasted links as they were pasted. */
  readonly #ordered: readonly number[];
  /** The indexes that match the filter, in order. */
  readonly shown = $derived.by(() => {
    const wanted = this.filter.trim().toLowerCase();
    if (wanted === '') return this.#ordered;
    return this.#ordered.filter((place) => this.card.objects[place]?.path.toLowerCase().includes(wanted));
  });
  /** Those among them that can be downloaded. */
  readonly usable = $derived(this.shown.filter((place) => this.isUsable(place)));
  readonly chosenShown = $derived(this.shown.filter((place) => this.#chosen.has(place)).length);
  /** Null if any size is unknown. */
  readonly chosenBytes = $derived.by(() => {
    let sum = 0;
    for (const place of this.#chosen) {
      const sizeBytes = this.card.objects[place]?.sizeBytes ?? null;
      if (sizeBytes === null) return null;
      sum += sizeBytes;
    }
    return sum;
  });

  constructor(card: ListCard, { call: callMain, transfers, folder }: ReceiptNeeds) {
    this.card = card;
    this.#ordered = card.kind === 'manifest' ? placesByName(card.objects) : [...card.objects.keys()];
    this.hasDownloads = card.kind === 'manifest' || card.objects.some(({ isDownload }) => isDownload);
    this.#call = callMain;
    this.#transfers = transfers;
    this.folder = folder;
    this.#chosen = placesIn(card.objects, (place) => this.isUsable(place) && !isDoubtful(card, place));
  }

  /** Whether the file can be downloaded. */
  isUsable(place: number): boolean {
    return this.card.kind === 'manifest' || this.card.objects[place]?.isDownload === true;
  }

  get chosenCount(): number {
    return this.#chosen.size;
  }

  isChosen(place: number): boolean {
    return this.#chosen.has(place);
  }

  /** The transfer of a file, once started. */
  transferOf(place: number): ReturnType<TransferList['get']> {
    const id = this.#idOf.get(place);
    return id === undefined ? undefined : this.#transfers.get(id);
  }

  choose(places: readonly number[], wanted: boolean): void {
    this.#chosen = withPlaces(this.#chosen, places, wanted);
  }

  async pickFolder(): Promise<void> {
    const folder = await this.#call('dialogs.pickFolder', {});
    if (folder !== null) this.folder = folder;
  }

  /** Downloads the chosen files. The queue shows their progress as well. */
  async start(): Promise<void> {
    if (this.#chosen.size === 0 || this.folder === '') return;
    const { fileId, objects } = this.card;
    const places = [...this.#chosen].sort((one, other) => one - other);
    const chosen = places.length === objects.length ? null : places;
    await this.starting.run(
      () => this.#call('links.downloadFile', { fileId, folder: this.folder, chosen }),
      ({ transferIds }) => {
        this.#idOf = pairUp(places, transferIds);
        this.#group = new GroupCounter(transferIds);
      },
    );
  }
}

/** Expired when it was opened, or a file beside links that nobody signed. It can still be chosen: the clock may be wrong. */
function isDoubtful(card: ListCard, place: number): boolean {
  const object = card.kind === 'link-list' ? card.objects[place] : undefined;
  if (object?.kind === 'public-file') return object.besideLinks;
  return object?.kind === 'link' && object.state === 'expired';
}

/** "f2" goes before "f10". */
function placesByName(objects: readonly { readonly path: string }[]): readonly number[] {
  const { compare } = new Intl.Collator(undefined, { numeric: true });
  return [...objects.entries()].sort(([, one], [, other]) => compare(one.path, other.path)).map(([place]) => place);
}
