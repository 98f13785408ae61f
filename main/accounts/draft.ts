import { isDeepStrictEqual } from 'node:util';
import { checkAccessKey } from './check-key.ts';
import { WaybillError } from '../failure.ts';
import { own } from '../own.ts';
import type { Account, AccountDraft, KeyAccount, KeyDraft } from './account.ts';
import type { DomainFinding } from './bucket-ways.ts';
import type { AccountSecret } from './keychain.ts';
import { readPlace } from './written-place.ts';

/**
 * The account of a draft, without its secrets.
 * @throws WaybillError `input` for an invalid endpoint or region
 */
export function accountOf(
  id: string,
  draft: AccountDraft,
  { origin, temporary }: { readonly origin: Account['origin']; readonly temporary: boolean },
): Account {
  const common = {
    id,
    name: draft.name,
    colour: draft.colour,
    origin,
    endpoint: draft.endpoint,
    region: placed(draft).region,
    cname: draft.cname,
    signVersion: draft.signVersion,
    startPath: draft.startPath,
    role: draft.role,
    stsEndpoint: draft.stsEndpoint === '' ? null : draft.stsEndpoint,
    defaultExpirySeconds: draft.defaultExpirySeconds,
  };
  if (draft.kind === 'sourced') return { ...common, kind: 'sourced', source: draft.source };
  const { accessKeyId, tokenValidUntil } = draft;
  return { ...common, kind: 'key', accessKeyId, temporary, tokenValidUntil: temporary ? tokenValidUntil : null };
}

/** A draft, and how its buckets are known to be reached. */
export type KeptDraft = { readonly draft: AccountDraft } & Pick<Account, 'ways'>;

/** What an account keeps of how its buckets are reached, unless the draft names another server or another key. */
export function keptWays(before: Account | null, draft: AccountDraft): Pick<Account, 'ways'> {
  const isSame = (['endpoint', 'cname'] as const).every((field) => before?.[field] === draft[field]);
  return isSame && hasSameSigner(before, draft) && before?.ways !== undefined ? { ways: before.ways } : {};
}

/** Whether the account and the draft have the same AccessKey, or the same source of credentials. */
export function hasSameSigner(before: Account | null, draft: AccountDraft): boolean {
  if (before?.kind === 'key' && draft.kind === 'key') return before.accessKeyId === draft.accessKeyId;
  return before?.kind === 'sourced' && draft.kind === 'sourced' && isDeepStrictEqual(before.source, draft.source);
}

/** Whether someone's choice among several domains outlasts a check that chose none: OSS may still list it. */
export function outlasts({ ways }: Pick<Account, 'ways'>, { bucket, way, lost }: DomainFinding): boolean {
  return lost === null && way.domain === null && (own(ways ?? {}, bucket)?.domain ?? null) !== null;
}

/**
 * The secret of a draft; null for a source, which has none. An empty secret, and with it an empty token, stands for the
 * stored one of the same AccessKey.
 * @throws WaybillError `input` for an empty secret without a stored one, or for an invalid endpoint or region
 */
export async function secretOf(
  draft: AccountDraft,
  before: Account | null,
  load: (account: Account) => Promise<AccountSecret>,
): Promise<AccountSecret | null> {
  placed(draft);
  if (draft.kind === 'sourced') return null;
  const token = draft.securityToken === '' ? null : draft.securityToken;
  if (draft.accessKeySecret !== '') {
    const secret = { accessKeySecret: draft.accessKeySecret, securityToken: token };
    checkAccessKey({ ...secret, accessKeyId: draft.accessKeyId });
    return secret;
  }
  if (before?.kind !== 'key' || before.accessKeyId !== draft.accessKeyId) {
    throw new WaybillError({ kind: 'input', field: 'accessKeySecret', rule: 'required' });
  }
  const stored = await load(before);
  return token === null ? stored : { ...stored, securityToken: token };
}

/** The same draft with the region that its requests are signed for. @throws WaybillError `input`, as readPlace() */
export function placed<T extends AccountDraft>(draft: T): T {
  const { endpoint, cname, signVersion } = draft;
  const written = draft.region === '' ? null : draft.region;
  return {
    ...draft,
    region: readPlace({ endpoint, region: written, cname, signsRegion: signVersion === 'v4' }).region,
  };
}

/**
 * The draft that would recreate this account, without its secrets. Where an earlier version saved a region that contradicts
 * the endpoint, the endpoint's counts.
 */
export function draftOf(account: KeyAccount): KeyDraft;
export function draftOf(account: Account): AccountDraft;
export function draftOf(account: Account): AccountDraft {
  const draft = draftAsSaved(account);
  try {
    placed(draft);
    return draft;
  } catch {
    return { ...draft, region: '' };
  }
}

function draftAsSaved(account: Account): AccountDraft {
  const common = {
    name: account.name,
    colour: account.colour,
    endpoint: account.endpoint,
    region: account.region,
    cname: account.cname,
    signVersion: account.signVersion,
    startPath: account.startPath,
    role: account.role,
    stsEndpoint: account.stsEndpoint,
    defaultExpirySeconds: account.defaultExpirySeconds,
    remember: account.origin === 'saved',
  };
  if (account.kind === 'sourced') return { ...common, kind: 'sourced', source: account.source };
  const { accessKeyId, tokenValidUntil } = account;
  return { ...common, kind: 'key', accessKeyId, accessKeySecret: '', securityToken: null, tokenValidUntil };
}
