import { remedyOf } from '../causes.ts';
import { type Failure, isDenied, WaybillError } from '../failure.ts';
import type { DomainSearch } from '../oss/connection.ts';
import { type Endpoint, formatEndpoint, parseEndpoint } from '../oss/endpoint.ts';
import type { CustomDomain } from '../oss/operations/custom-domains.ts';
import type { BucketWay } from './account.ts';
import type { Place } from './bucket-place.ts';

/** What was found after OSS refused a data call on its own host. */
export interface DomainFinding {
  readonly bucket: string;
  readonly way: BucketWay;
  /** The enabled custom domains of the bucket; a failure if OSS doesn't list them. */
  readonly domains: readonly CustomDomain[] | Failure;
}

/** Dependencies of BucketWays. */
export interface BucketWaysParts {
  readonly known: Readonly<Record<string, BucketWay>>;
  /** Where a bucket is on OSS's own host. */
  readonly placeOf: (bucket: string) => Place;
  readonly listDomains: (bucket: string) => Promise<readonly CustomDomain[]>;
  /** Chooses among the enabled domains of a bucket; null for none of them. */
  readonly choose: (
    domains: readonly CustomDomain[],
    server: Endpoint,
  ) => CustomDomain | null | Promise<CustomDomain | null>;
  readonly onFound: (finding: DomainFinding) => void;
}

/** How long OSS isn't asked again for the domains of a bucket that has none to use, in milliseconds. */
const ASK_AGAIN_MS = 30_000;

/** Finds and remembers how the objects of each bucket are reached. */
export class BucketWays {
  readonly #parts: BucketWaysParts;
  readonly #ways: Map<string, BucketWay>;
  readonly #searches = new Map<string, Promise<DomainSearch>>();
  readonly #failed = new Map<string, FailedSearch>();

  constructor(parts: BucketWaysParts) {
    this.#parts = parts;
    this.#ways = new Map(Object.entries(parts.known));
  }

  get(bucket: string): BucketWay | null {
    return this.#ways.get(bucket) ?? null;
  }

  /** The custom domain that data calls to the bucket use; null for OSS's own host. */
  domainOf(bucket: string): Endpoint | null {
    const domain = this.get(bucket)?.domain ?? null;
    return domain === null ? null : parseEndpoint(domain, { cname: true });
  }

  /** Whether OSS has refused data calls on its public host for any bucket: it does so for whole accounts. */
  get isHostRefused(): boolean {
    return [...this.#ways.values()].some((way) => way.isHostRefused);
  }

  /**
   * Looks for a custom domain after a refusal, once for all requests that were refused at the same time.
   * @throws whatever `choose` throws; WaybillError for a list of domains that may be had later
   */
  find(bucket: string): Promise<DomainSearch> {
    if (this.domainOf(bucket) !== null) return Promise.resolve('found');
    const search =
      this.#searches.get(bucket) ??
      this.#search(bucket).finally(() => {
        this.#searches.delete(bucket);
      });
    this.#searches.set(bucket, search);
    return search;
  }

  /** From now on data calls use this domain, or OSS's own host. */
  use(bucket: string, domain: CustomDomain | null): BucketWay {
    const { endpoint, region } = this.#parts.placeOf(bucket);
    const isHostRefused = this.get(bucket)?.isHostRefused ?? false;
    const url = domain === null ? null : formatEndpoint(domainEndpoint(domain, endpoint));
    const way = { domain: url, region, isHostRefused };
    this.#ways.set(bucket, way);
    return way;
  }

  async #search(bucket: string): Promise<DomainSearch> {
    const failed = this.#failed.get(bucket);
    if (failed !== undefined && performance.now() - failed.at < ASK_AGAIN_MS) return failed.search;
    const domains = await this.#list(bucket);
    const search = 'kind' in domains && isDenied(domains) ? 'denied' : 'none';
    this.#failed.set(bucket, { search, at: performance.now() });
    const { endpoint, region } = this.#parts.placeOf(bucket);
    this.#ways.set(bucket, { domain: null, region, isHostRefused: true });
    const chosen = 'kind' in domains ? null : await this.#parts.choose(domains, endpoint);
    const way = this.use(bucket, chosen);
    this.#parts.onFound({ bucket, way, domains });
    return chosen === null ? search : 'found';
  }

  async #list(bucket: string): Promise<readonly CustomDomain[] | Failure> {
    try {
      return (await this.#parts.listDomains(bucket)).filter(({ isEnabled }) => isEnabled);
    } catch (error) {
      if (error instanceof WaybillError && isFinal(error.failure)) return error.failure;
      throw error;
    }
  }
}

/** A search without a domain, and when it ended on the clock of `performance`. */
interface FailedSearch {
  readonly search: DomainSearch;
  readonly at: number;
}

/** Whether OSS would answer the same again. */
function isFinal(failure: Failure): boolean {
  return isDenied(failure) || (failure.kind === 'oss' && remedyOf(failure.cause, 'account') === 'none');
}

/**
 * The only domain of a bucket, if it may be used without a question: its connection is encrypted, and so was the one that
 * named it.
 */
export function onlySafeDomain(domains: readonly CustomDomain[], server: Endpoint): CustomDomain | null {
  const [only] = domains;
  return domains.length === 1 && only?.isSecure === true && server.protocol === 'https' ? only : null;
}

/** A server with a port of its own, which OSS has not, serves its custom domains there too. */
function domainEndpoint({ name, isSecure }: CustomDomain, { port }: Endpoint): Endpoint {
  return { protocol: isSecure ? 'https' : 'http', host: name, port, addressing: 'cname' };
}
