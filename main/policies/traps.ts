import { isIP } from 'node:net';
import { hasKey, requiredValues, type WrittenConditions } from './condition.ts';
import type { Place } from './place.ts';
import type { Principal } from './principal.ts';

/**
 * What is easily overlooked in a statement.
 * - `no-principal`: its list of principals is empty, which means everyone.
 * - `public`: it allows everyone, or anyone with an account. `counts-as-public`: it allows all sessions of a role, which OSS
 *   counts as public for the wildcard. `blocked`: it does one of these, but Block Public Access is on.
 * - `hits-owner`: it denies everyone under a condition, the bucket's owner included.
 * - `address-alone`: it names addresses without a network; OSS takes no change to a policy that does.
 * - `names-nobody`: a principal is written as OSS doesn't know it.
 * - `elsewhere`: it names only other buckets.
 * - `expired`: it no longer counts; `not-yet`: it doesn't count yet.
 */
export type Trap =
  | 'no-principal'
  | 'public'
  | 'counts-as-public'
  | 'blocked'
  | 'hits-owner'
  | 'address-alone'
  | 'names-nobody'
  | 'elsewhere'
  | 'expired'
  | 'not-yet';

/** A statement, read. */
export interface TrapParts {
  readonly effect: 'allow' | 'deny';
  readonly principals: readonly Principal[];
  readonly places: readonly Place[];
  readonly written: WrittenConditions;
  readonly from: number | null;
  readonly until: number | null;
}

/** @param isBlocked whether Block Public Access is on, null if unknown */
export function trapsOf(
  parts: TrapParts,
  { now, isBlocked }: { readonly now: number; readonly isBlocked: boolean | null },
): readonly Trap[] {
  const { effect, principals, places, written, from, until } = parts;
  const isFor = (...kinds: readonly Principal['kind'][]): boolean =>
    principals.some(({ kind }) => kinds.includes(kind));
  const isForAll = principals.length === 0 || isFor('everyone');
  const found: readonly (readonly [Trap | null, boolean])[] = [
    ['no-principal', principals.length === 0],
    [effect === 'allow' ? openness(principals, isBlocked) : null, !isNarrowed(written)],
    ['hits-owner', effect === 'deny' && isForAll && Object.keys(written).length > 0],
    ['address-alone', hasKey(written, 'acs:sourceip') && !hasKey(written, 'acs:sourcevpc')],
    ['names-nobody', isFor('other')],
    ['elsewhere', places.length > 0 && places.every(({ kind }) => kind === 'elsewhere')],
    ['expired', until !== null && until <= now],
    ['not-yet', from !== null && from > now],
  ];
  return found.flatMap(([trap, isFound]) => (isFound && trap !== null ? [trap] : []));
}

/** What an Allow without conditions that narrow it means for those whom it names. */
function openness(
  principals: readonly Principal[],
  isBlocked: boolean | null,
): Extract<Trap, 'public' | 'counts-as-public' | 'blocked'> | null {
  const isForAny = principals.length === 0 || principals.some(({ kind }) => kind === 'everyone' || kind === 'pattern');
  if (!isForAny && !principals.some(({ kind }) => kind === 'role')) return null;
  if (isBlocked === true) return 'blocked';
  return isForAny ? 'public' : 'counts-as-public';
}

/**
 * Whether conditions narrow a statement so far that OSS doesn't count it as public, whatever its principals.
 * @see https://www.alibabacloud.com/help/en/oss/user-guide/block-public-access
 */
function isNarrowed(written: WrittenConditions): boolean {
  const isFixed = (values: readonly string[]): boolean =>
    values.length > 0 && values.every((one) => !one.includes('*'));
  const isSmall = (values: readonly string[]): boolean => values.length > 0 && values.every(isSmallNetwork);
  return (
    ['acs:accessid', 'acs:sourcevpc', 'acs:sourcevpcid'].some((key) => requiredValues(written, key).some(isFixed)) ||
    ['acs:sourceip', 'acs:sourcevpcip'].some((key) => requiredValues(written, key).some(isSmall))
  );
}

/** A mask of 8 bits or more for IPv4, of 32 or more for IPv6; an address alone is a network of one. */
function isSmallNetwork(text: string): boolean {
  const [base = '', bits] = text.split('/');
  const version = isIP(base);
  if (version === 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) >= (version === 4 ? 8 : 32));
}
