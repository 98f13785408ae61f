import { registerSecrets } from '../../main/accounts/live-secrets.ts';
import { makeDispatcher } from '../../main/http/dispatcher.ts';
import type { AccessKey, Connection } from '../../main/oss/connection.ts';
import { ServerClock } from '../../main/oss/connection.ts';
import { type Endpoint, endpointOfRegion, parseEndpoint, parseServer } from '../../main/oss/endpoint.ts';

/** An account to try the service with, and what of it may be used. */
export interface Setup {
  readonly accessKey: AccessKey;
  readonly region: string;
  /** The role to assume; null leaves out what needs a session. */
  readonly roleArn: string | null;
  /** A custom domain that is bound to a bucket in the region; null leaves it out. */
  readonly domain: { readonly endpoint: Endpoint; readonly bucket: string } | null;
}

const NEEDED = ['OSS_ACCESS_KEY_ID', 'OSS_ACCESS_KEY_SECRET', 'OSS_REGION'];

/** Reads the environment: a setup, or the names of the variables that are not set. */
export function readSetup(environment: NodeJS.ProcessEnv): Setup | { readonly missing: readonly string[] } {
  const missing = NEEDED.filter((name) => given(environment, name) === null);
  if (missing.length > 0) return { missing };
  const [accessKeyId, accessKeySecret, region] = NEEDED.map((name) => given(environment, name) ?? '');
  const domain = given(environment, 'OSS_TEST_DOMAIN');
  const bucket = given(environment, 'OSS_TEST_DOMAIN_BUCKET');
  return {
    accessKey: registerSecrets({
      accessKeyId: accessKeyId ?? '',
      accessKeySecret: accessKeySecret ?? '',
      securityToken: given(environment, 'OSS_SESSION_TOKEN'),
    }),
    region: region ?? '',
    roleArn: given(environment, 'OSS_ROLE_ARN'),
    domain: domain === null || bucket === null ? null : { endpoint: parseEndpoint(domain, { cname: true }), bucket },
  };
}

function given(environment: NodeJS.ProcessEnv, name: string): string | null {
  const value = environment[name]?.trim();
  return value === undefined || value === '' ? null : value;
}

/** One pool and one clock for everything. The caller closes it. */
export class Connections {
  readonly #setup: Setup;
  readonly #dispatcher = makeDispatcher();
  readonly #clock = new ServerClock();

  constructor(setup: Setup) {
    this.#setup = setup;
  }

  get clock(): ServerClock {
    return this.#clock;
  }

  /** A connection to the region, or to what `changes` say. */
  to(changes: Partial<Connection> = {}): Connection {
    const { region, accessKey } = this.#setup;
    return {
      endpoint: parseEndpoint(endpointOfRegion(changes.region ?? region, 'public')),
      region,
      signVersion: 'v4',
      accessKey: () => Promise.resolve(accessKey),
      dispatcher: this.#dispatcher,
      clock: this.#clock,
      ...changes,
    };
  }

  /** A connection to any host of OSS, as it is. */
  at(url: string, changes: Partial<Connection> = {}): Connection {
    return this.to({ endpoint: { ...parseServer(url), addressing: 'virtual' }, ...changes });
  }

  close(): Promise<void> {
    return this.#dispatcher.close();
  }
}
