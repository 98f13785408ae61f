import type { Dispatcher } from 'undici';
import { WaybillError } from '../failure.ts';
import { type Bucket, type BucketPage, listBuckets } from '../oss/operations/buckets.ts';
import type { AccessKey, Connection, ServerClock } from '../oss/connection.ts';
import { listObjects } from '../oss/operations/listing.ts';
import type { Account } from './account.ts';
import { bucketPlace, type Place, regionOfEndpoint, regionOf, servicePlace } from './bucket-place.ts';
import {
  type Credentials,
  fixedCredentials,
  roleCredentials,
  type RoleSession,
  type Session,
} from './sts/credentials.ts';
import type { AccountSecret } from './keychain.ts';
import { assumeRole, type AssumeRoleRequest, callerAccountId, stsEndpointOfRegion } from './sts/sts.ts';

/** The fields of an account that matter for reaching OSS. */
export type Identity = Pick<
  Account,
  | 'accessKeyId'
  | 'tokenValidUntil'
  | 'endpoint'
  | 'region'
  | 'cname'
  | 'signVersion'
  | 'startPath'
  | 'role'
  | 'stsEndpoint'
>;

/** Which role to assume, for how long and how narrowed. */
export type AssumedRole = Pick<
  AssumeRoleRequest,
  'roleArn' | 'sessionName' | 'durationSeconds' | 'policy' | 'externalId'
>;

/** What Access needs beside the account. */
export interface AccessOptions {
  readonly identity: Identity;
  readonly loadSecret: () => Promise<AccountSecret>;
  readonly dispatcher: Dispatcher;
  readonly clock: ServerClock;
}

/** OSS as one account sees it: its credentials, the time there, and where each bucket lives. */
export class Access {
  readonly #identity: Identity;
  readonly #dispatcher: Dispatcher;
  readonly #clock: ServerClock;
  /** The account's own key, which a role is assumed with. */
  readonly #base: Credentials;
  readonly #credentials: Credentials;
  readonly #regions = new Map<string, string>();
  readonly #learning = new Map<string, Promise<void>>();
  #listed: readonly Bucket[] = [];

  constructor({ identity, loadSecret, dispatcher, clock }: AccessOptions) {
    this.#identity = identity;
    this.#dispatcher = dispatcher;
    this.#clock = clock;
    this.#base = fixedCredentials(async () => accessKeyOf(identity, await loadSecret()), identity.tokenValidUntil);
    this.#credentials = identity.role === null ? this.#base : this.#role(identity.role);
  }

  /** What signs, valid for as much of the next `validForMs` as the account can give. */
  session(validForMs = 0): Promise<Session> {
    return this.#credentials.session(validForMs);
  }

  /** Drops an expired session. False: there is no other to be had, ask the person. */
  renew(): boolean {
    return this.#credentials.renew();
  }

  /** A session of its own, not the account's: for a grant, or for one link. @throws WaybillError what STS said */
  async assume(wanted: AssumedRole): Promise<RoleSession> {
    return assumeRole({ ...wanted, ...this.#sts(), accessKey: (await this.#base.session()).accessKey });
  }

  /** The number of the Alibaba Cloud account behind the key; null where STS does not tell. */
  async alibabaAccountId(): Promise<string | null> {
    try {
      return await callerAccountId({ ...this.#sts(), accessKey: (await this.#base.session()).accessKey });
    } catch {
      return null;
    }
  }

  /** A connection to the bucket's own region, or for requests without a bucket. The first one to a bucket may ask OSS. */
  async connection(bucket: string | null): Promise<Connection> {
    if (bucket === null) return this.#connect(servicePlace(this.#identity));
    if (!this.#regions.has(bucket)) await this.#learnRegionOnce(bucket);
    return this.#connect(bucketPlace(this.#identity, this.#regions.get(bucket) ?? null));
  }

  /** A connection to a region, for a bucket that does not exist yet. */
  connectionIn(region: string): Connection {
    return this.#connect(bucketPlace(this.#identity, region));
  }

  /** Runs an operation; once more with a new session or at the right region if that is all that was wrong. */
  async run<T>(bucket: string | null, operation: (connection: Connection) => Promise<T>): Promise<T> {
    const connection = await this.connection(bucket);
    try {
      return await operation(connection);
    } catch (error) {
      if (!this.#canMend(bucket, error)) throw error;
      return operation(await this.connection(bucket));
    }
  }

  /** All buckets that the account may list, none on a custom domain: that one has only the bucket of the start path. */
  async buckets(signal?: AbortSignal): Promise<readonly Bucket[]> {
    if (this.#identity.cname) return [];
    const buckets: Bucket[] = [];
    let marker: string | null = null;
    do {
      const options = { signal, ...(marker === null ? {} : { marker }) };
      const page: BucketPage = await this.run(null, (connection) => listBuckets(connection, options));
      for (const bucket of page.buckets) buckets.push(bucket);
      marker = page.nextMarker;
    } while (marker !== null);
    for (const { name, region } of buckets) this.#regions.set(name, region);
    this.#listed = buckets;
    return buckets;
  }

  /**
   * Whether `other` lists none of the buckets that were listed here, as credentials of another Alibaba Cloud account do.
   * False where nothing was listed or a start path, which check() has read, stands for the right to list.
   */
  async isForeign(other: Access): Promise<boolean> {
    if (this.#listed.length === 0 || other.#identity.startPath !== null) return false;
    const names = new Set((await other.buckets()).map(({ name }) => name));
    return !this.#listed.some(({ name }) => names.has(name));
  }

  /** One real call that needs no right but those the account is there for. @throws WaybillError when it fails */
  async check(): Promise<void> {
    const { startPath, cname } = this.#identity;
    if (startPath !== null) {
      const options = { prefix: startPath.prefix, maxKeys: 1 };
      await this.run(startPath.bucket, (connection) => listObjects(connection, startPath.bucket, options));
    } else if (cname) {
      throw new WaybillError({ kind: 'input', field: 'startPath', rule: 'needed-with-cname' });
    } else {
      await this.run(null, (connection) => listBuckets(connection, { maxKeys: 1 }));
    }
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

  #role({ sessionPolicy, externalId, ...role }: NonNullable<Account['role']>): Credentials {
    const wanted = { ...role, policy: sessionPolicy ?? undefined, externalId: externalId ?? undefined };
    return roleCredentials({
      base: this.#base,
      durationMs: role.durationSeconds * 1000,
      clock: this.#clock,
      assume: (accessKey) => assumeRole({ ...wanted, ...this.#sts(), accessKey }),
    });
  }

  #sts(): Pick<AssumeRoleRequest, 'stsEndpoint' | 'clock' | 'dispatcher'> {
    const stsEndpoint = this.#identity.stsEndpoint ?? stsEndpointOfRegion(regionOf(this.#identity));
    return { stsEndpoint, clock: this.#clock, dispatcher: this.#dispatcher };
  }

  /** However many transfers into one bucket start at the same time. */
  #learnRegionOnce(bucket: string): Promise<void> {
    const learning =
      this.#learning.get(bucket) ??
      this.#learnRegion(bucket).finally(() => {
        this.#learning.delete(bucket);
      });
    this.#learning.set(bucket, learning);
    return learning;
  }

  /**
   * Lists one key, because that right is the likeliest, to hear from OSS whether the bucket is elsewhere. Any other
   * failure is for the operation itself to meet.
   */
  async #learnRegion(bucket: string): Promise<void> {
    const place = bucketPlace(this.#identity, null);
    const start = this.#identity.startPath;
    const prefix = start?.bucket === bucket ? start.prefix : '';
    try {
      await listObjects(this.#connect(place), bucket, { prefix, maxKeys: 1 });
      this.#regions.set(bucket, place.region);
    } catch (error) {
      // OSS looks at the region before it looks at rights.
      if (isDenied(error)) this.#regions.set(bucket, place.region);
      else this.#canMend(bucket, error);
    }
  }

  #canMend(bucket: string | null, error: unknown): boolean {
    if (!(error instanceof WaybillError)) return false;
    const { failure } = error;
    if (failure.kind === 'credentials' && failure.reason === 'expired-token') return this.renew();
    if (failure.kind !== 'oss' || failure.endpoint === undefined || bucket === null) return false;
    const region = regionOfEndpoint(failure.endpoint);
    if (region === null || !this.#isElsewhere(bucket, region)) return false;
    this.#regions.set(bucket, region);
    return true;
  }

  /** Not where the account's endpoint is the only way, and not where the answer leads back to. */
  #isElsewhere(bucket: string, region: string): boolean {
    const known = bucketPlace(this.#identity, this.#regions.get(bucket) ?? null);
    return bucketPlace(this.#identity, region).endpoint.host !== known.endpoint.host;
  }
}

function isDenied(error: unknown): boolean {
  return error instanceof WaybillError && error.failure.kind === 'credentials' && error.failure.reason === 'denied';
}

function accessKeyOf({ accessKeyId }: Identity, secret: AccountSecret): AccessKey {
  return { accessKeyId, accessKeySecret: secret.accessKeySecret, securityToken: secret.securityToken };
}
