import type { EnvironmentAccount, KeyDraft } from './account.ts';
import { type Environment, environmentKey, environmentPlace, readKey } from './environment.ts';
import { readPlace } from './written-place.ts';

/** Credentials in the environment, without secrets; null if there are none. */
export function readEnvironment(environment: Environment): EnvironmentAccount | null {
  const key = readKey(environment)?.key;
  if (key === undefined) return null;
  const place = environmentPlace(environment);
  return {
    accessKeyId: key.accessKeyId,
    temporary: key.securityToken !== null,
    endpoint: place.endpoint,
    region: place.region ?? place.fallback ?? null,
  };
}

/**
 * The same as the draft of an account that isn't saved; null if there are no credentials. `place` replaces what the
 * environment says.
 * @throws WaybillError `input` for an invalid or missing endpoint or region, and for a key that can't work
 */
export function environmentDraft(environment: Environment, place = environmentPlace(environment)): KeyDraft | null {
  const key = environmentKey(environment);
  if (key === null) return null;
  return {
    kind: 'key',
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
