import type { call } from '../../lib/bridge.ts';
import { Newest } from '../../lib/newest.ts';
import { type Place, readAddress, toAddress } from '../../lib/place.ts';

interface CompletionNeed {
  readonly accountId: string;
  /** Places of this account that come first: bookmarks, then recent ones. */
  readonly places: readonly Place[];
  /** Names of the buckets that are known. */
  readonly buckets: readonly string[];
  readonly call: typeof call;
}

const mostSuggestions = 12;
/** OSS isn't asked about every letter that is typed. */
const pauseMs = 120;

/** Completes what was typed: with bookmarks and recent places, buckets, and folders that OSS lists. */
export class AddressCompletion {
  readonly #need: CompletionNeed;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #asked = new Newest();
  suggestions = $state.raw<readonly string[]>([]);
  /** The one that the arrow keys stand on; -1 is what was typed. */
  active = $state(-1);

  constructor(need: CompletionNeed) {
    this.#need = need;
  }

  /** Suggests what is known at once, and what OSS says a little later. An answer that comes late changes nothing. */
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

  /** Suggests nothing, until something is typed again. */
  close(): void {
    clearTimeout(this.#timer);
    this.#asked.drop();
    this.#show([]);
  }

  /** To the next suggestion, or the one before; past either end is what was typed. */
  move(step: 1 | -1): void {
    const count = this.suggestions.length + 1;
    this.active = ((this.active + 1 + step + count) % count) - 1;
  }

  /** The suggestion that the arrow keys stand on, else the first: what Tab completes to. */
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
      // Going there will say what is wrong.
      return [];
    }
  }
}

function withScheme(text: string): string {
  const address = text.trimStart();
  return address.startsWith('oss://') ? address : `oss://${address}`;
}
