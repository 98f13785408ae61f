import type { Bucket } from '../../../main/contract/contract.ts';
import { Attempt } from '../../lib/attempt.svelte.ts';
import type { call } from '../../lib/bridge.ts';
import type { ObjectsRef } from '../../lib/subjects.ts';
import { folderOf, parentOf, type Place, readFolder, toAddress } from '../../lib/place.ts';

/** The choice of a destination folder. */
export class Destination {
  readonly #call: typeof call;
  place = $state.raw<Place>({ accountId: '', bucket: null, prefix: '' });
  /** The buckets, or the folders of the place; null while loading. Only the first page: others can be typed. */
  choices = $state.raw<readonly Place[] | null>(null);
  readonly loading = new Attempt();
  /** The address as typed. */
  address = $state('');

  readonly canGoUp = $derived(parentOf(this.place)?.accountId === this.place.accountId);
  /** The folder at the typed address; null if the address isn't a folder. */
  readonly target = $derived.by(() => {
    const folder = readFolder(this.address);
    return folder === null ? null : { accountId: this.place.accountId, ...folder };
  });

  constructor(place: Place, callMain: typeof call) {
    this.#call = callMain;
    void this.open(place);
  }

  /** Why the subject can't go to the target; null if it can, or there is no target. */
  problemFor({ accountId, bucket, keys, prefixes }: ObjectsRef): 'same' | 'inside' | null {
    const { target } = this;
    if (target?.accountId !== accountId || target.bucket !== bucket) return null;
    if (prefixes.some((prefix) => target.prefix.startsWith(prefix))) return 'inside';
    return [...keys, ...prefixes].every((id) => folderOf(id) === target.prefix) ? 'same' : null;
  }

  /** Aims at a folder of the place that isn't there yet. It comes into being with what goes into it. */
  aimAtNew(name: string): void {
    const inner = name.replace(/^\/+|\/+$/g, '');
    this.address = inner === '' ? toAddress(this.place) : `${toAddress(this.place)}${inner}/`;
  }

  /** Lists the contents of a place. */
  async open(place: Place): Promise<void> {
    this.place = place;
    this.address = toAddress(place);
    this.choices = null;
    await this.loading.rerun(
      () => this.#choicesOf(place),
      (choices) => (this.choices = choices),
    );
  }

  up(): void {
    const parent = parentOf(this.place);
    if (parent !== null) void this.open(parent);
  }

  async #choicesOf({ accountId, bucket, prefix }: Place): Promise<readonly Place[]> {
    if (bucket === null) {
      const buckets: readonly Bucket[] = await this.#call('buckets.list', { accountId });
      return buckets.map(({ name }) => ({ accountId, bucket: name, prefix: '' }));
    }
    const page = await this.#call('objects.list', { accountId, bucket, prefix, pageToken: null });
    return page.prefixes.map((inner) => ({ accountId, bucket, prefix: inner }));
  }
}
