import { formsOf, withoutSecrets } from '../oss/exchange/echoes.ts';

/** Whatever holds secrets in memory, under the names that it has for them. */
interface SecretOwner {
  readonly accessKeySecret?: string;
  readonly securityToken?: string | null;
  readonly password?: string;
  /** The key of a CDN's URL authentication. */
  readonly cdnKey?: string;
}

/** Most owners that are known at once; the oldest are forgotten first. */
const MAX_OWNERS = 500;

/** Shortest secret that is looked for: a shorter one stands in other words too. */
const SHORTEST = 8;

/** Weak, so that no secret is kept in memory longer than by its owner. */
let owners: readonly WeakRef<SecretOwner>[] = [];

/** Registers what holds secrets, so that withoutLiveSecrets() finds them. Returns it. */
export function registerSecrets<T extends SecretOwner>(owner: T): T {
  const others = owners.filter((known) => ![undefined, owner].includes(known.deref() as T | undefined));
  owners = [...others.slice(1 - MAX_OWNERS), new WeakRef(owner)];
  return owner;
}

/** Replaces every secret that is in memory now, as it is or percent-encoded, whole or in parts of 16 characters. */
export function withoutLiveSecrets(text: string): string {
  const secrets = owners.flatMap((known) => {
    const { accessKeySecret, securityToken, password, cdnKey } = known.deref() ?? {};
    return [accessKeySecret, securityToken, password, cdnKey].filter((secret) => (secret ?? '').length >= SHORTEST);
  });
  return withoutSecrets(text, formsOf(secrets));
}
