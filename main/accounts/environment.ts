import { endpointOfRegion, parseEndpoint, regionOfHost } from '../oss/endpoint.ts';
import type { AccountDraft, EnvironmentAccount } from './account.ts';

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * For an environment without endpoint and region. ListBuckets returns the buckets of all regions, whichever is asked.
 */
const DEFAULT_REGION = 'cn-hangzhou';

interface EnvironmentKey {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly securityToken: string | null;
}

/** Variables of OSS's own tools take precedence over those of Alibaba Cloud's SDKs. The two sets are never mixed. */
function readKey(environment: Environment): EnvironmentKey | null {
  return (
    pick(environment, ['OSS_ACCESS_KEY_ID', 'OSS_ACCESS_KEY_SECRET', 'OSS_SESSION_TOKEN']) ??
    pick(environment, [
      'ALIBABA_CLOUD_ACCESS_KEY_ID',
      'ALIBABA_CLOUD_ACCESS_KEY_SECRET',
      'ALIBABA_CLOUD_SECURITY_TOKEN',
    ])
  );
}

function pick(environment: Environment, names: readonly [string, string, string]): EnvironmentKey | null {
  const [accessKeyId, accessKeySecret, securityToken] = names.map((name) => valueOf(environment, name));
  if (accessKeyId == null || accessKeySecret == null) return null;
  return { accessKeyId, accessKeySecret, securityToken: securityToken ?? null };
}

function valueOf(environment: Environment, name: string): string | null {
  const value = environment[name]?.trim();
  return value === undefined || value === '' ? null : value;
}

/** Credentials in the environment, without secrets; null if there are none. */
export function readEnvironment(environment: Environment): EnvironmentAccount | null {
  const key = readKey(environment);
  if (key === null) return null;
  return {
    accessKeyId: key.accessKeyId,
    temporary: key.securityToken !== null,
    endpoint: valueOf(environment, 'OSS_ENDPOINT'),
    region: valueOf(environment, 'OSS_REGION'),
  };
}

/**
 * The same as the draft of an account that isn't saved; null if there are no credentials.
 * @throws WaybillError `input` for an invalid OSS_ENDPOINT
 */
export function environmentDraft(environment: Environment): AccountDraft | null {
  const key = readKey(environment);
  if (key === null) return null;
  const written = valueOf(environment, 'OSS_ENDPOINT');
  const named = valueOf(environment, 'OSS_REGION')?.replace(/^oss-/, '') ?? null;
  const host = written === null ? null : parseEndpoint(written).host;
  const region = (host === null ? null : regionOfHost(host)) ?? named ?? DEFAULT_REGION;
  return {
    ...key,
    name: key.accessKeyId,
    colour: 'violet',
    endpoint: written ?? endpointOfRegion(region, 'public'),
    region,
    cname: false,
    signVersion: 'v4',
    startPath: null,
    role: null,
    stsEndpoint: null,
    defaultExpirySeconds: 3600,
    tokenValidUntil: null,
    remember: false,
  };
}
