import type { Dispatcher } from 'undici';
import { isDenied, malformedReply, needsCustomDomain, WaybillError } from '../failure.ts';
import { type Bucket, type BucketPage, listBuckets } from '../oss/operations/buckets.ts';
import type { Connection, ServerClock } from '../oss/connection.ts';
import { MAX_BUCKETS } from '../oss/limits.ts';
import { listObjects } from '../oss/operations/listing.ts';
import type { Account, BucketWay } from './account.ts';
import { regionOfHost } from '../oss/endpoint.ts';
import { BucketWays, type DomainFinding, onlySafeDomain } from './bucket-ways.ts';
import { type CustomDomain, listCustomDomains } from '../oss/operations/custom-domains.ts';
import { bucketPlace, type Place, servicePlace } from './bucket-place.ts';
import { type AssumedSession, type Credentials, type Session } from './sts/credentials.ts';
import { isSessionOver, RoleAssumer, sessionNames } from './sts/role-assumer.ts';
import type { AssumeRoleRequest, CallerIdentity } from './sts/sts.ts';
import { stsEndpointFor } from './sts/sts-endpoint.ts';

/** The fields of an account that determine how OSS is reached. */
export type Identity = Pick<
  Account,
  'endpoint' | 'region' | 'cname' | 'signVersion' | 'startPath' | 'role' | 'stsEndpoint'
> &
  Pick<Account, 'ways'>;

/** The role to assume, for how long, and with which session policy. */
export type AssumedRole = Pick<
  AssumeRoleRequest,
  'roleArn' | 'sessionName' | 'durationSeconds' | 'policy' | 'externalId' | 'sourceIdentity'
>;

/** Options of Access. */
export interface AccessOptions {
  readonly identity: Identity;
  /** The account's own credentials, with which roles are assumed. */
  readonly base: Credentials;
  readonly dispatcher: Dispatcher;
  readonly clock: ServerClock;
  /** Ends what is asked of STS. */
  readonly signal?: AbortSignal | undefined;
  /** Receives how the objects of a bucket turn out to be reached. */
  readonly onFound?: (finding: DomainFinding) => void;
}

/** One account's access to OSS: its credentials, the server's time, and the region of each bucket. */
export class Access {
  readonly #identity: Identity;
  readonly #dispatcher: Dispatcher;
  readonly #clock: ServerClock;
  readonly #base: Credentials;
  readonly #assumer: RoleAssumer;
  readonly #credentials: Credentials;
  readonly #regions = new Map<string, string>();
  readonly #lookups = new Map<string, Promise<void>>();
  readonly #ways: BucketWays;
  #listed: readonly Bucket[] = [];

  constructor({ identity, base, dispatcher, clock, signal, onFound = () => undefined }: AccessOptions) {
    this.#identity = identity;
    this.#dispatcher = dispatcher;
    this.#clock = clock;
    this.#base = base;
    this.#assumer = new RoleAssumer(base, { stsEndpoint: stsEndpointOf(identity), clock, dispatcher, signal });
    this.#credentials = identity.role === null ? base : this.#assumer.credentials(wantedOf(identity.role));
    const known = identity.ways ?? {};
    for (const [bucket, { region }] of Object.entries(known)) this.#regions.set(bucket, region);
    this.#ways = new BucketWays({
      known,
      placeOf: (bucket) => this.#placeOf(bucket),
      listDomains: (bucket) => this.customDomains(bucket),
      choose: onlySafeDomain,
      onFound,
    });
  }

  /** The credentials that sign, valid for the next `validForMs` milliseconds or as long as the account allows. */
  session(validForMs = 0): Promise<Session> {
    return this.#credentials.session(validForMs);
  }

  /** Discards an expired session. False: it can't be renewed without the user. */
  renew(): boolean {
    return this.#credentials.renew();
  }

  /** A separate session, for a grant or a single link. @throws WaybillError as assumeRole() */
  assume(wanted: AssumedRole): Promise<AssumedSession> {
    return this.#assumer.assume(wanted);
  }

  /** The longest session that assume() can get of any role, in seconds. @throws WaybillError as session() */
  longestSeconds(): Promise<number> {
    return this.#assumer.longestSeconds();
  }

  /** Who requests are signed as. @throws WaybillError as session() and callerIdentity() */
  identity(): Promise<CallerIdentity> {
    return this.#assumer.identityOf(this.#credentials);
  }

  /** The ID of the Alibaba Cloud account behind the key; null if STS doesn't reveal it. */
  async alibabaAccountId(): Promise<string | null> {
    try {
      return (await this.#assumer.identityOf(this.#base)).accountId;
    } catch {
      return null;
    }
  }

  /**
   * A connection for the bucket's objects: in its region, or at the custom domain that it needs. Without a bucket, one for
   * requests to the service. The first one to a bucket may send a request.
   */
  async connection(bucket: string | null): Promise<Connection> {
    if (bucket === null) return this.#connect(servicePlace(this.#identity));
    const host = await this.#hostConnection(bucket);
    await this.#ways.refresh(bucket);
    return this.#ways.lead(host, bucket);
  }

  /** A connection to the bucket on OSS's own host. */
  async #hostConnection(bucket: string): Promise<Connection> {
    if (!this.#regions.has(bucket)) await this.#findRegionOnce(bucket);
    return this.#connect(this.#placeOf(bucket));
  }

  #placeOf(bucket: string): Place {
    return bucketPlace(this.#identity, this.#regions.get(bucket) ?? null);
  }

  /** The custom domains of a bucket. @throws WaybillError as listCustomDomains() */
  customDomains(bucket: string): Promise<readonly CustomDomain[]> {
    return this.manage(bucket, (connection) => listCustomDomains(connection, bucket));
  }

  /** How the bucket's objects are reached; null if simply on OSS's own host. */
  wayOf(bucket: string): BucketWay | null {
    return this.#ways.get(bucket);
  }

  /** From now on data calls to the bucket use this domain, or OSS's own host. */
  useDomain(bucket: string, domain: CustomDomain | null): BucketWay {
    return this.#ways.use(bucket, domain);
  }

  /** A connection to a region, to create or delete a bucket there. */
  connectionIn(region: string): Connection {
    return this.#connect(servicePlace(this.#identity, region));
  }

  /** Runs an operation. Repeats it once if the session had expired or the bucket is in another region. */
  run<T>(bucket: string | null, operation: (connection: Connection) => Promise<T>): Promise<T> {
    return this.#run(bucket, () => this.connection(bucket), operation);
  }

  /** Like run(), for an operation that manages the bucket: it goes to OSS's own host, which never refuses it. */
  manage<T>(bucket: string, operation: (connection: Connection) => Promise<T>): Promise<T> {
    return this.#run(bucket, () => this.#hostConnection(bucket), operation);
  }

  async #run<T>(
    bucket: string | null,
    connect: () => Promise<Connection>,
    operation: (connection: Connection) => Promise<T>,
  ): Promise<T> {
    const connection = await connect();
    try {
      return await operation(connection);
    } catch (error) {
      if (!this.#canRecover(bucket, error)) throw error;
      return operation(await connect());
    }
  }

  /** All buckets of the account. Empty on a custom domain, which serves only the bucket of the start path. */
  async buckets(signal?: AbortSignal): Promise<readonly Bucket[]> {
    if (this.#identity.cname) return [];
    const buckets: Bucket[] = [];
    let marker: string | null = null;
    do {
      const options = { signal, ...(marker === null ? {} : { marker }) };
      const page: BucketPage = await this.run(null, (connection) => listBuckets(connection, options));
      for (const bucket of page.buckets) buckets.push(bucket);
      if (buckets.length > MAX_BUCKETS) throw malformedReply(200, `more than ${MAX_BUCKETS} buckets`);
      marker = page.nextMarker;
    } while (marker !== null);
    for (const { name, region } of buckets) this.#regions.set(name, region);
    this.#listed = buckets;
    return buckets;
  }

  /**
   * Whether `other` lists none of the buckets listed here, which means that it belongs to another Alibaba Cloud
   * account. False if nothing was listed, or if `other` has a start path, which check() has read, instead of the right
   * to list.
   */
  async isForeign(other: Access): Promise<boolean> {
    if (this.#listed.length === 0 || other.#identity.startPath !== null) return false;
    const names = new Set((await other.buckets()).map(({ name }) => name));
    return !this.#listed.some(({ name }) => names.has(name));
  }

  #connect({ endpoint, region }: Place): Connection {
    return {
      endpoint,
      region,
      signVersion: this.#identity.signVersion,
      accessKey: async () => (await this.#credentials.session()).accessKey,
      dispatcher: this.#dispatcher,
      clock: this.#clock,
    };
  }

  /** Looks a region up once, however many transfers to the bucket start at the same time. */
  #findRegionOnce(bucket: string): Promise<void> {
    const lookup =
      this.#lookups.get(bucket) ??
      this.#findRegion(bucket).finally(() => {
        this.#lookups.delete(bucket);
      });
    this.#lookups.set(bucket, lookup);
    return lookup;
  }

  /**
   * Lists one key, the most common permission, so that OSS names the right endpoint if the bucket is elsewhere. Other
   * failures are ignored: the operation itself will report them.
   */
  async #findRegion(bucket: string): Promise<void> {
    // Acceleration doesn't say in which other region a bucket is; the region's own host does.
    const place = servicePlace(this.#identity);
    const start = this.#identity.startPath;
    const prefix = start?.bucket === bucket ? start.prefix : '';
    try {
      await listObjects(this.#connect(place), bucket, { prefix, maxKeys: 1 });
      this.#regions.set(bucket, place.region);
    } catch (error) {
      // OSS checks the region first, so either refusal means that it is right.
      if (error instanceof WaybillError && (isDenied(error.failure) || needsCustomDomain(error.failure))) {
        this.#regions.set(bucket, place.region);
      } else this.#canRecover(bucket, error);
    }
  }

  /** Whether a second attempt may succeed: renews an expired session, or adopts the region that OSS names. */
  #canRecover(bucket: string | null, error: unknown): boolean {
    if (!(error instanceof WaybillError)) return false;
    const { failure } = error;
    if (isSessionOver(error)) return this.renew();
    if (failure.kind !== 'oss' || failure.endpoint === undefined || bucket === null) return false;
    // A server outside OSS must not be able to redirect signed requests anywhere it likes.
    const region = regionOfHost(failure.endpoint);
    if (region === null || !this.#isElsewhere(bucket, region)) return false;
    this.#regions.set(bucket, region);
    return true;
  }

  /** False if the reply names the region that the request was signed for. */
  #isElsewhere(bucket: string, region: string): boolean {
    return bucketPlace(this.#identity, this.#regions.get(bucket) ?? null).region !== region;
  }
}

/** The STS server of an account. */
export function stsEndpointOf(identity: Identity): string {
  return identity.stsEndpoint ?? stsEndpointFor(servicePlace(identity));
}

function wantedOf(role: NonNullable<Account['role']>): AssumedRole {
  const { durationSeconds, sessionPolicy } = role;
  return { ...sessionNames(role), durationSeconds, policy: sessionPolicy ?? undefined };
}
