/**
 * One condition of a statement; all of them must hold. Times are in Unix milliseconds.
 * - `until`, `from`: the statement counts before or after a moment.
 * - `addresses`, `not-addresses`: requests from these addresses or networks, or from none of them.
 * - `vpcs`, `not-vpcs`: requests from these VPCs (patterns), or from none of them. `internet`: from no VPC.
 * - `https`: encrypted requests only.
 * - `key-ids`: requests signed with one of these AccessKey IDs (patterns).
 * - `listing`: lists of keys whose prefix matches one of these patterns.
 * - `other`: anything else, as text.
 * @see https://www.alibabacloud.com/help/en/oss/user-guide/authorization-syntax-and-elements
 */
export type Condition =
  | { readonly kind: 'until' | 'from'; readonly at: number }
  | {
      readonly kind: 'addresses' | 'not-addresses' | 'vpcs' | 'not-vpcs' | 'key-ids' | 'listing';
      readonly values: readonly string[];
    }
  | { readonly kind: 'internet' }
  | { readonly kind: 'https' }
  | { readonly kind: 'other'; readonly text: string };

/** The conditions of a statement, by operator and by key. */
export type WrittenConditions = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

type Reader = (values: readonly string[]) => Condition | null;
type ListKind = Extract<Condition, { readonly values: readonly string[] }>['kind'];

const listed =
  (kind: ListKind): Reader =>
  (values) => ({ kind, values });

/** Several moments in one condition are alternatives: the statement counts as long as one of them allows it. */
const moment =
  (kind: 'until' | 'from', choose: (...times: number[]) => number): Reader =>
  (values) => {
    const times = values.map((value) => (/^\d{4}-\d{2}-\d{2}T/.test(value) ? Date.parse(value) : Number.NaN));
    return times.length === 0 || times.some(Number.isNaN) ? null : { kind, at: choose(...times) };
  };

const notVpcs: Reader = (values) =>
  values.length === 1 && values[0] === 'vpc-*' ? { kind: 'internet' } : { kind: 'not-vpcs', values };
const encrypted: Reader = ([value, ...more]) =>
  more.length === 0 && value?.toLowerCase() === 'true' ? { kind: 'https' } : null;

/** By operator and key in lower case. */
const readers: ReadonlyMap<string, Reader> = new Map([
  ['datelessthan acs:currenttime', moment('until', Math.max)],
  ['datelessthanequals acs:currenttime', moment('until', Math.max)],
  ['dategreaterthan acs:currenttime', moment('from', Math.min)],
  ['dategreaterthanequals acs:currenttime', moment('from', Math.min)],
  ['ipaddress acs:sourceip', listed('addresses')],
  ['notipaddress acs:sourceip', listed('not-addresses')],
  ['stringequals acs:sourcevpc', listed('vpcs')],
  ['stringlike acs:sourcevpc', listed('vpcs')],
  ['stringnotequals acs:sourcevpc', listed('not-vpcs')],
  ['stringnotlike acs:sourcevpc', notVpcs],
  ['bool acs:securetransport', encrypted],
  ['stringequals acs:accessid', listed('key-ids')],
  ['stringlike acs:accessid', listed('key-ids')],
  ['stringequals oss:prefix', listed('listing')],
  ['stringlike oss:prefix', listed('listing')],
]);

/** Reads the conditions of a statement. Nothing is left out: what has no kind of its own is `other`. */
export function readConditions(written: WrittenConditions): readonly Condition[] {
  return Object.entries(written).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, values]): Condition => {
      const read = readers.get(`${operator} ${key}`.toLowerCase());
      return read?.(values) ?? { kind: 'other', text: `${operator} ${key}: ${values.join(', ')}` };
    }),
  );
}

/** When a statement stops counting, in Unix milliseconds; null: never. */
export function endOf(conditions: readonly Condition[]): number | null {
  const ends = conditions.flatMap((one) => (one.kind === 'until' ? [one.at] : []));
  return ends.reduce<number | null>((first, at) => Math.min(first ?? at, at), null);
}

/** The values of all conditions on a key, in lower case, apart from those that say what must not be. */
export function requiredValues(written: WrittenConditions, key: string): readonly (readonly string[])[] {
  return Object.entries(written).flatMap(([operator, keys]) =>
    operator.toLowerCase().includes('not')
      ? []
      : Object.entries(keys).flatMap(([name, values]) => (name.toLowerCase() === key ? [values] : [])),
  );
}

/** Whether any condition is on a key, in lower case. */
export function hasKey(written: WrittenConditions, key: string): boolean {
  return Object.values(written).some((keys) => Object.keys(keys).some((name) => name.toLowerCase() === key));
}
