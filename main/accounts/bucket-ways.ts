import { setTimeout as delay } from 'node:timers/promises';
import { remedyOf } from '../causes.ts';
import { type Failure, isDenied, WaybillError } from '../failure.ts';
import type { Connection, DomainSearch } from '../oss/connection.ts';
import { type Endpoint, formatEndpoint, parseEndpoint } from '../oss/endpoint.ts';
import type { CustomDomain } from '../oss/operations/custom-domains.ts';
import type { BucketWay } from './account.ts';
import type { Place } from './bucket-place.ts';

/** How a bucket's objects are reached from now on, and what led to that. */
export interface DomainFinding {
  readonly bucket: string;
  readonly way: BucketWay;
  /** The enabled custom domains of the bucket; a failure if OSS doesn't list them; null where `way` is merely confirmed. */
  readonly domains: readonly CustomDomain[] | Failure | null;
  /** The domain that was used until OSS no longer listed it; null if OSS refused a data call on its own host. */
  readonly lost: string | null;
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

/** How long OSS isn't asked again for the domains of a bucket that has none to use, or fails at its own, in milliseconds. */
const ASK_AGAIN_MS = 30_000;
/** How long a domain is used without asking whether OSS still lists it, in milliseconds. */
const CHECK_AFTER_MS = 12 * 3_600_000;
/** How long a domain is used before OSS is asked again that didn't answer, in milliseconds. */
const TRY_AGAIN_MS = 1_800_000;
/** How long a bucket waits for that answer, in milliseconds. */
const CHECK_WAIT_MS = 3_000;

/** Finds and remembers how the objects of each bucket are reached. */
export class BucketWays {
  readonly #parts: BucketWaysParts;
  readonly #ways: Map<string, BucketWay>;
  readonly #searches = new Map<string, Promise<DomainSearch>>();
  readonly #failed = new Map<string, FailedSearch>();
  readonly #rechecks = new Map<string, Recheck>();
  /** Buckets whose data OSS's own public host has served. */
  readonly #served = new Set<string>();

  constructor(parts: BucketWaysParts) {
    this.#parts = parts;
    this.#ways = new Map(Object.entries(parts.known));
  }

  get(bucket: string): BucketWay | null {
    return this.#ways.get(bucket) ?? null;
  }

  /** `host`, which leads to the bucket on OSS's own host, at the custom domain that data calls need. */
  lead<C extends Connection>(host: C, bucket: string): C {
    const endpoint = (): Endpoint => this.#domainOf(bucket) ?? host.endpoint;
    const isRefused = (): boolean => this.#isHostRefused(bucket);
    return {
      ...host,
      get endpoint() {
        return endpoint();
      },
      get isPublicHostRefused() {
        return isRefused();
      },
      findCustomDomain: () => this.#find(bucket),
      recheckDomain: (asked: Endpoint) => this.#recheck(bucket, asked),
      onHostServed: () => this.#hostServed(bucket),
    };
  }

  /**
   * Asks once more whether OSS lists the domain in use, if the last answer is old: by now it may belong to somebody else.
   * Where OSS doesn't answer soon, only the domain may be in reach: it is used, and a later answer counts. A person who
   * chooses has all the time.
   * @throws whatever `choose` throws
   */
  async refresh(bucket: string): Promise<void> {
    const { domain = null, checkedAt = 0 } = this.get(bucket) ?? {};
    if (domain === null || !isOld(checkedAt)) return;
    const { answered, done } = this.#check(bucket, TRY_AGAIN_MS);
    const isLate = await Promise.race([answered, delay(CHECK_WAIT_MS, 'late' as const, { ref: false })]);
    if (isLate === 'late') done.catch(() => undefined);
    else await done;
  }

  /** From now on data calls use this domain, or OSS's own host. */
  use(bucket: string, domain: CustomDomain | null): BucketWay {
    const { endpoint, region } = this.#parts.placeOf(bucket);
    const isHostRefused = this.get(bucket)?.isHostRefused ?? false;
    const url = domain === null ? null : formatEndpoint(domainEndpoint(domain, endpoint));
    const way = { domain: url, region, isHostRefused, checkedAt: Date.now() };
    this.#ways.set(bucket, way);
    return way;
  }

  /** The custom domain that data calls to the bucket use; null for OSS's own host. */
  #domainOf(bucket: string): Endpoint | null {
    const domain = this.get(bucket)?.domain ?? null;
    return domain === null ? null : parseEndpoint(domain, { cname: true });
  }

  /** Whether OSS's public host has refused data of this bucket, or of any if it was never tried: OSS refuses accounts. */
  #isHostRefused(bucket: string): boolean {
    return !this.#served.has(bucket) && [...this.#ways.values()].some((way) => way.isHostRefused);
  }

  #hostServed(bucket: string): void {
    this.#served.add(bucket);
    const way = this.get(bucket);
    if (way?.isHostRefused === true && way.domain === null) this.#confirm(bucket, { ...way, isHostRefused: false });
  }

  /**
   * Looks for a custom domain after a refusal, once for all requests that were refused at the same time.
   * @throws whatever `choose` throws; WaybillError for a list of domains that may be had later
   */
  #find(bucket: string): Promise<DomainSearch> {
    if (this.#domainOf(bucket) !== null) return Promise.resolve('found');
    const search =
      this.#searches.get(bucket) ??
      this.#search(bucket).finally(() => {
        this.#searches.delete(bucket);
      });
    this.#searches.set(bucket, search);
    return search;
  }

  async #search(bucket: string): Promise<DomainSearch> {
    // A choice may be under way already.
    await this.#rechecks.get(bucket)?.done.catch(() => undefined);
    if (this.#domainOf(bucket) !== null) return 'found';
    const failed = this.#failed.get(bucket);
    if (failed !== undefined && performance.now() - failed.at < ASK_AGAIN_MS) return failed.search;
    const domains = await this.#list(bucket);
    const search = 'kind' in domains && isDenied(domains) ? 'denied' : 'none';
    const { region } = this.#parts.placeOf(bucket);
    this.#served.delete(bucket);
    this.#ways.set(bucket, { domain: null, region, isHostRefused: true });
    return (await this.#adopt(bucket, { domains, lost: null, search })) ? 'found' : search;
  }

  /** Chooses among what OSS lists for a bucket whose data it refuses on its own host. Returns whether there is a domain. */
  async #adopt(
    bucket: string,
    { domains, lost, search }: Pick<DomainFinding, 'lost'> & { domains: Listed; search: DomainSearch },
  ): Promise<boolean> {
    this.#failed.set(bucket, { search, at: performance.now() });
    const { endpoint } = this.#parts.placeOf(bucket);
    const chosen = 'kind' in domains ? null : await this.#parts.choose(domains, endpoint);
    this.#parts.onFound({ bucket, way: this.use(bucket, chosen), domains, lost });
    return chosen !== null;
  }

  /** Whether data calls go elsewhere than to `asked`, once OSS was asked whether it still lists that domain. */
  async #recheck(bucket: string, asked: Endpoint): Promise<boolean> {
    if (this.#domainOf(bucket)?.host === asked.host) await this.#check(bucket, ASK_AGAIN_MS).done;
    return (this.#domainOf(bucket) ?? this.#parts.placeOf(bucket).endpoint).host !== asked.host;
  }

  /** Checks the domain in use, unless that was done in the last `everyMs`; at the same time as others, once. */
  #check(bucket: string, everyMs: number): Recheck {
    const last = this.#rechecks.get(bucket);
    if (last !== undefined && performance.now() - last.at < everyMs) return last;
    const way = this.get(bucket);
    const answered = this.#askAgain(bucket);
    const done = answered.then((domains) => (way === null ? undefined : this.#take(bucket, way, domains)));
    const recheck = { at: performance.now(), answered, done };
    this.#rechecks.set(bucket, recheck);
    return recheck;
  }

  /** What OSS lists now; null without an answer, `undefined` where none would count. */
  async #askAgain(bucket: string): Promise<Listed | null | undefined> {
    const domain = this.#domainOf(bucket);
    // Anyone on the network path can write a reply without encryption: it takes nobody off a domain that has some.
    const isBetter = domain?.protocol === 'https' && this.#parts.placeOf(bucket).endpoint.protocol === 'http';
    return domain === null || isBetter ? undefined : this.#list(bucket).catch(() => null);
  }

  async #take(bucket: string, way: BucketWay, domains: Listed | null | undefined): Promise<void> {
    const host = this.#domainOf(bucket)?.host;
    // Somebody may have chosen meanwhile.
    if (domains === undefined || host === undefined || this.get(bucket) !== way) return;
    // Without an answer the domain stays: OSS's own host may be out of reach.
    if (domains === null) {
      const checkedAt = Date.now() - CHECK_AFTER_MS + TRY_AGAIN_MS;
      if (isOld(way.checkedAt ?? 0)) this.#confirm(bucket, { ...way, checkedAt });
      return;
    }
    if ('kind' in domains || domains.some(({ name }) => name === host)) {
      this.#confirm(bucket, { ...way, checkedAt: Date.now() });
      return;
    }
    this.#ways.set(bucket, { ...way, domain: null });
    if (way.isHostRefused) await this.#adopt(bucket, { domains, lost: host, search: 'none' });
    else this.#parts.onFound({ bucket, way: this.use(bucket, null), domains, lost: host });
  }

  #confirm(bucket: string, way: BucketWay): void {
    this.#ways.set(bucket, way);
    this.#parts.onFound({ bucket, way, domains: null, lost: null });
  }

  async #list(bucket: string): Promise<Listed> {
    try {
      return (await this.#parts.listDomains(bucket)).filter(({ isEnabled }) => isEnabled);
    } catch (error) {
      if (error instanceof WaybillError && isFinal(error.failure)) return error.failure;
      throw error;
    }
  }
}

/** By a clock that anyone can set: a time in the future is no better. */
function isOld(checkedAt: number): boolean {
  return Math.abs(Date.now() - checkedAt) > CHECK_AFTER_MS;
}

type Listed = readonly CustomDomain[] | Failure;

/** A search without a domain, and when it ended on the clock of `performance`. */
interface FailedSearch {
  readonly search: DomainSearch;
  readonly at: number;
}

/** The last check of a domain in use, and when it began on the clock of `performance`. */
interface Recheck {
  readonly at: number;
  readonly answered: Promise<unknown>;
  /** What follows from the answer is done: a person may have to choose. */
  readonly done: Promise<void>;
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
