import type { call } from '../../lib/bridge.ts';
import { Newest } from '../../lib/newest.ts';
import { type Place, readAddress, toAddress } from '../../lib/place.ts';

interface CompletionNeed {
  readonly accountId: string;
  /** Places of this account that are suggested first: bookmarks, then recent ones. */
  readonly places: readonly Place[];
  /** Names of the known buckets. */
  readonly buckets: readonly string[];
  readonly call: typeof call;
}

const mostSuggestions = 12;
/** Delays requests, so that OSS isn't asked about every letter. */
const pauseMs = 120;

/** Completes a typed address with bookmarks, recent places, buckets, and folders that OSS lists. */
export class AddressCompletion {
  readonly #need: CompletionNeed;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #asked = new Newest();
  suggestions = $state.raw<readonly string[]>([]);
  /** The index of the suggestion chosen with the arrow keys; -1 for the typed text. */
  active = $state(-1);

  constructor(need: CompletionNeed) {
    this.#need = need;
  }

  /** Shows known suggestions immediately and those of OSS later. Late answers are discarded. */
  suggest(text: string): void {
    const known = this.#known(text);
    this.#show(known);
    this.#asked.drop();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      void this.#asked.ask(
        () => this.#folders(text),
        (folders) => this.#show([...known, ...folders]),
      );
    }, pauseMs);
  }

  /** Hides the suggestions until the text changes. */
  close(): void {
    clearTimeout(this.#timer);
    this.#asked.drop();
    this.#show([]);
  }

  /** Moves to the next or previous suggestion. Past either end is the typed text. */
  move(step: 1 | -1): void {
    const count = this.suggestions.length + 1;
    this.active = ((this.active + 1 + step + count) % count) - 1;
  }

  /** What Tab completes to: the suggestion chosen with the arrow keys, or else the first. */
  get best(): string | null {
    return this.suggestions[Math.max(0, this.active)] ?? null;
  }

  get chosen(): string | null {
    return this.suggestions[this.active] ?? null;
  }

  #show(addresses: readonly string[]): void {
    this.suggestions = addresses.filter((one, at) => addresses.indexOf(one) === at).slice(0, mostSuggestions);
    this.active = -1;
  }

  #known(text: string): readonly string[] {
    const wanted = withScheme(text);
    const buckets = this.#need.buckets.map((bucket) => toAddress({ bucket, prefix: '' }));
    const places = this.#need.places.map(toAddress);
    return [...places, ...buckets].filter((address) => address.startsWith(wanted) && address !== wanted);
  }

  async #folders(text: string): Promise<readonly string[]> {
    const address = readAddress(text);
    if (address === null || address.bucket === null || !/[^/]\//.test(text.replace(/^oss:\/\//, ''))) return [];
    const { bucket, key: prefix } = address;
    try {
      const { accountId } = this.#need;
      const page = await this.#need.call('objects.list', { accountId, bucket, prefix, pageToken: null });
      return page.prefixes.filter((found) => found !== prefix).map((found) => toAddress({ bucket, prefix: found }));
    } catch {
      // Opening the address reports the error.
      return [];
    }
  }
}

function withScheme(text: string): string {
  const address = text.trimStart();
  return address.startsWith('oss://') ? address : `oss://${address}`;
}
