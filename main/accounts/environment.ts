import type { AccountDraft, EnvironmentAccount } from './account.ts';
import { readPlace, type WrittenPlace } from './written-place.ts';

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

interface EnvironmentKey {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly securityToken: string | null;
}

/** The region of Alibaba Cloud's SDKs for all products, so that the region in OSS_ENDPOINT goes first. */
const SDK_REGION = 'ALIBABA_CLOUD_REGION_ID';

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
    region: valueOf(environment, 'OSS_REGION') ?? valueOf(environment, SDK_REGION),
  };
}

/** Where the environment says that OSS is. */
export function environmentPlace(environment: Environment): WrittenPlace {
  return {
    endpoint: valueOf(environment, 'OSS_ENDPOINT'),
    region: valueOf(environment, 'OSS_REGION'),
    fallback: valueOf(environment, SDK_REGION),
    cname: false,
    signsRegion: true,
  };
}

/**
 * The same as the draft of an account that isn't saved; null if there are no credentials. `place` replaces what the
 * environment says.
 * @throws WaybillError `input` for an invalid or missing endpoint or region
 */
export function environmentDraft(environment: Environment, place = environmentPlace(environment)): AccountDraft | null {
  const key = readKey(environment);
  if (key === null) return null;
  return {
    ...key,
    ...readPlace(place),
    name: key.accessKeyId,
    colour: 'violet',
    cname: place.cname,
    signVersion: 'v4',
    startPath: null,
    role: null,
    stsEndpoint: null,
    defaultExpirySeconds: 3600,
    tokenValidUntil: null,
    remember: false,
  };
}
