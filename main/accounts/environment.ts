import type { AccessKey } from '../oss/connection.ts';
import { own } from '../own.ts';
import { checkAccessKey, type KeyNames } from './check-key.ts';
import type { WrittenPlace } from './written-place.ts';

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The region of Alibaba Cloud's SDKs for all products, so that the region in OSS_ENDPOINT goes first. */
const SDK_REGION = 'ALIBABA_CLOUD_REGION_ID';

const ossNames: KeyNames = {
  accessKeyId: 'OSS_ACCESS_KEY_ID',
  accessKeySecret: 'OSS_ACCESS_KEY_SECRET',
  securityToken: 'OSS_SESSION_TOKEN',
};

const sdkNames: KeyNames = {
  accessKeyId: 'ALIBABA_CLOUD_ACCESS_KEY_ID',
  accessKeySecret: 'ALIBABA_CLOUD_ACCESS_KEY_SECRET',
  securityToken: 'ALIBABA_CLOUD_SECURITY_TOKEN',
};

/**
 * The key in the environment as it is written, and what its variables are called. Those of OSS's own tools take precedence
 * over those of Alibaba Cloud's SDKs. The two sets are never mixed.
 */
export function readKey(environment: Environment): { readonly key: AccessKey; readonly names: KeyNames } | null {
  return pick(environment, ossNames) ?? pick(environment, sdkNames);
}

function pick(environment: Environment, names: KeyNames) {
  const accessKeyId = valueOf(environment, names.accessKeyId);
  const accessKeySecret = valueOf(environment, names.accessKeySecret);
  if (accessKeyId === null || accessKeySecret === null) return null;
  return { key: { accessKeyId, accessKeySecret, securityToken: valueOf(environment, names.securityToken) }, names };
}

/** The variable that a key in the environment lacks, whose other half is set; null if none does, or another key is whole. */
export function missingHalf(environment: Environment): string | null {
  if (readKey(environment) !== null) return null;
  const halves = [ossNames, sdkNames].map(({ accessKeyId, accessKeySecret }) => [accessKeyId, accessKeySecret]);
  const half = halves.find((names) => names.some((name) => valueOf(environment, name) !== null));
  return half?.find((name) => valueOf(environment, name) === null) ?? null;
}

/** The value of a variable without blanks around it; null if it isn't set, or is empty. */
export function valueOf(environment: Environment, name: string): string | null {
  const value = own(environment, name)?.trim();
  return value === undefined || value === '' ? null : value;
}

/** The value of the first of these variables that is set; null if none is. */
export function firstValueOf(environment: Environment, names: readonly string[]): string | null {
  return names.map((name) => valueOf(environment, name)).find((value) => value !== null) ?? null;
}

/**
 * The key in the environment; null if there is none.
 * @throws WaybillError `input` for a key that can't work, naming the variable
 */
export function environmentKey(environment: Environment): AccessKey | null {
  const found = readKey(environment);
  if (found === null) return null;
  checkAccessKey(found.key, found.names);
  return found.key;
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
