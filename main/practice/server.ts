import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { FileTrouble } from '../local-files/file-trouble.ts';
import { readAccountFile } from './signatures/account-file.ts';
import { Faults } from './faults/faults.ts';
import { Restrictions } from './faults/restrictions.ts';
import { type BoundDomain, boundDomains } from './protocol/bound-domain.ts';
import { ACCOUNT_ID } from './signatures/identity.ts';
import { KeyRing, type PracticeRole, type PracticeUser } from './signatures/key-ring.ts';
import { seedSamples } from './storage/seed.ts';
import { Service } from './service.ts';
import { Store } from './storage/store.ts';

/** How to start a practice server. */
export interface PracticeOptions {
  /** Folder of objects, journals and the account's key; created if missing. */
  readonly dataDir: string;
  /** 0, the default, picks a free port. */
  readonly port?: number;
  /** PEM texts. If given, the server speaks HTTPS. */
  readonly tls?: { readonly key: string; readonly cert: string };
  /**
   * Custom domains by name. A bucket's name alone stands for an enabled domain of this bucket, with a certificate if the
   * server speaks HTTPS.
   */
  readonly customDomains?: Readonly<Record<string, string | BoundDomain>>;
  /** Endpoints besides aliyuncs.com that take buckets as subdomains. */
  readonly baseDomains?: readonly string[];
  /** The server's own region; default `cn-hangzhou`. */
  readonly region?: string;
  /** Whether to fill an empty folder with sample buckets and objects; default true. */
  readonly seed?: boolean;
  /** Folder of the sample files; searched for near the code by default. */
  readonly samplesDir?: string;
  /** RAM users in addition to the owner. */
  readonly users?: readonly PracticeUser[];
  /** RAM roles in addition to the built-in one. */
  readonly roles?: readonly PracticeRole[];
  /** The clock, in Unix milliseconds; default `Date.now`. */
  readonly now?: () => number;
  /** How long a restore takes, in milliseconds; default 20,000. */
  readonly restoreMs?: number;
  /** Receives the cause of each 500 `InternalError`, which the reply doesn't reveal. */
  readonly onInternalError?: (error: unknown) => void;
}

/** A running practice server. */
export interface PracticeServer {
  /** `http://127.0.0.1:PORT`, or https. */
  readonly endpoint: string;
  /** `127.0.0.1:PORT`, the form that the STS SDK expects. */
  readonly stsEndpoint: string;
  readonly region: string;
  /** The owner's AccessKey pair, which is allowed everything. */
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  /** The built-in role: sessions of at most an hour, limited only by their session policy. */
  readonly roleArn: string;
  readonly faults: Faults;
  readonly restrictions: Restrictions;
  /** The custom domains; may be changed while the server runs. */
  readonly customDomains: Map<string, BoundDomain>;
  /** What was wrong with the files of its folder when they were opened. */
  readonly troubles: readonly FileTrouble[];
  /** Closes all connections and files. */
  close(): Promise<void>;
}

const ROLE: PracticeRole = { arn: `acs:ram::${ACCOUNT_ID}:role/waybill-practice`, maxSessionSeconds: 3600 };
const MAX_HEADER_BYTES = 64 * 1024;

/**
 * Starts an OSS and STS server on 127.0.0.1, for practice and tests.
 * @throws the system error if the port is in use or the folder isn't writable
 */
export async function startPractice(options: PracticeOptions): Promise<PracticeServer> {
  const faults = new Faults();
  const clock = options.now ?? Date.now;
  const now = (): number => clock() + faults.clockOffsetMs;
  const region = options.region ?? 'cn-hangzhou';
  const { account, troubles } = await readAccountFile(options.dataDir);
  const store = await Store.open(options.dataDir);
  if (options.seed !== false && store.isNew)
    await seedSamples(store, { region, nowMs: now(), samplesDir: options.samplesDir });
  const roles = [ROLE, ...(options.roles ?? [])];
  const keys = new KeyRing({ account, users: options.users ?? [], roles, now });
  const { baseDomains = [], restoreMs = 20_000 } = options;
  const restrictions = new Restrictions();
  const certified = { isSecure: options.tls !== undefined, nowMs: now() };
  const customDomains = boundDomains(options.customDomains ?? {}, certified);
  const domains = { region, customDomains, baseDomains };
  const onInternalError = options.onInternalError ?? (() => undefined);
  const service = new Service({ store, keys, faults, restrictions, now, domains, restoreMs, onInternalError });
  const listener = await listen(service, options);
  const scheme = options.tls ? 'https' : 'http';
  return {
    endpoint: `${scheme}://${listener.address}`,
    stsEndpoint: listener.address,
    region,
    ...account,
    roleArn: ROLE.arn,
    faults,
    restrictions,
    customDomains,
    troubles: [...troubles, ...store.troubles],
    async close() {
      await listener.close();
      await store.close();
    },
  };
}

async function listen(
  service: Service,
  { port = 0, tls }: PracticeOptions,
): Promise<{ address: string; close: () => Promise<void> }> {
  const limits = { maxHeaderSize: MAX_HEADER_BYTES, requestTimeout: 0, keepAliveTimeout: 60_000 };
  const server = tls ? createHttpsServer({ ...limits, ...tls }) : createHttpServer(limits);
  const running = new Set<Promise<void>>();
  const run = (handled: Promise<void>): void => {
    running.add(handled);
    void handled.finally(() => running.delete(handled));
  };
  server.on('request', (req, res) => run(service.handle(req, res, false)));
  server.on('checkContinue', (req, res) => run(service.handle(req, res, true)));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      await Promise.all(running);
    },
  };
}
