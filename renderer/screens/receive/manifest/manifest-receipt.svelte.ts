import type { FileCard } from '../../../../main/contract/contract.ts';
import { Attempt } from '../../../lib/attempt.svelte.ts';
import type { call } from '../../../lib/bridge.ts';
import { allPlaces, pairUp, type Places, withPlaces } from '../chosen-places.ts';
import { GroupCounter } from '../../../model/transfers/group-sums.ts';
import type { TransferList } from '../../../model/transfers/transfers.svelte.ts';

export type ManifestCard = Extract<FileCard, { readonly kind: 'manifest' }>;

interface ReceiptNeeds {
  readonly call: typeof call;
  readonly transfers: TransferList;
  /** The download folder, to begin with. */
  readonly folder: string;
}

/** A share manifest that was opened: which of its files are wanted, and how far they are. */
export class ManifestReceipt {
  readonly manifest: ManifestCard;
  readonly #call: typeof call;
  readonly #transfers: TransferList;
  /** Places in the manifest's list. */
  #chosen = $state.raw<Places>(allPlaces([]));
  folder = $state('');
  filter = $state('');
  readonly starting = new Attempt();
  /** What was begun last; null before. */
  #group = $state.raw<GroupCounter | null>(null);
  #idOf = $state.raw<ReadonlyMap<number, string>>(pairUp([], []));

  /** How far it is; null before it was begun. */
  readonly sums = $derived.by(() => this.#group?.count((id) => this.#transfers.get(id)) ?? null);
  /** The places that the filter lets through, in order. */
  readonly shown = $derived.by(() => {
    const wanted = this.filter.trim().toLowerCase();
    const places = [...this.manifest.objects.keys()];
    if (wanted === '') return places;
    return places.filter((place) => this.manifest.objects[place]?.path.toLowerCase().includes(wanted));
  });
  readonly chosenShown = $derived(this.shown.filter((place) => this.#chosen.has(place)).length);
  /** Null where a size is not known. */
  readonly chosenBytes = $derived.by(() => {
    let sum = 0;
    for (const place of this.#chosen) {
      const sizeBytes = this.manifest.objects[place]?.sizeBytes ?? null;
      if (sizeBytes === null) return null;
      sum += sizeBytes;
    }
    return sum;
  });

  constructor(manifest: ManifestCard, { call: callMain, transfers, folder }: ReceiptNeeds) {
    this.manifest = manifest;
    this.#call = callMain;
    this.#transfers = transfers;
    this.folder = folder;
    this.#chosen = allPlaces(manifest.objects);
  }

  get chosenCount(): number {
    return this.#chosen.size;
  }

  isChosen(place: number): boolean {
    return this.#chosen.has(place);
  }

  /** The transfer of a file, once it was begun. */
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

  /** Begins the downloads of all that is chosen; how they go is then in the queue too. */
  async start(): Promise<void> {
    if (this.#chosen.size === 0 || this.folder === '') return;
    const { fileId, objects } = this.manifest;
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
