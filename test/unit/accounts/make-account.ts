import type { Account, AccountDraft, KeyAccount, KeyDraft } from '../../../main/accounts/account.ts';

/** A saved account. */
export function makeAccount(fields: Partial<KeyAccount> = {}): KeyAccount {
  return {
    kind: 'key',
    id: crypto.randomUUID(),
    name: 'Work',
    colour: 'blue',
    origin: 'saved',
    accessKeyId: 'LTAI5tExampleExample',
    temporary: false,
    tokenValidUntil: null,
    endpoint: 'oss-cn-hangzhou.aliyuncs.com',
    region: 'cn-hangzhou',
    cname: false,
    signVersion: 'v4',
    startPath: null,
    role: null,
    stsEndpoint: null,
    defaultExpirySeconds: 3600,
    ...fields,
  };
}

type Sourced = Extract<Account, { readonly kind: 'sourced' }>;
type SourcedDraft = Extract<AccountDraft, { readonly kind: 'sourced' }>;

/** A saved account whose credentials come from elsewhere. */
export function makeSourced(source: Sourced['source'], fields: Partial<Sourced> = {}): Sourced {
  const { accessKeyId: _, temporary: __, tokenValidUntil: ___, ...common } = makeAccount();
  return { ...common, kind: 'sourced', source, ...fields };
}

/** Its draft. */
export function makeSourcedDraft(source: Sourced['source'], fields: Partial<SourcedDraft> = {}): SourcedDraft {
  const { accessKeyId: _, accessKeySecret: __, securityToken: ___, tokenValidUntil: ____, ...common } = makeDraft();
  return { ...common, kind: 'sourced', source, ...fields };
}

/** A draft as the account form sends it. */
export function makeDraft(fields: Partial<KeyDraft> = {}): KeyDraft {
  return {
    kind: 'key',
    name: 'Work',
    colour: 'blue',
    accessKeyId: 'LTAI5tExampleExample',
    accessKeySecret: 'the-secret',
    securityToken: null,
    tokenValidUntil: null,
    endpoint: 'oss-cn-hangzhou.aliyuncs.com',
    region: 'cn-hangzhou',
    cname: false,
    signVersion: 'v4',
    startPath: null,
    role: null,
    stsEndpoint: null,
    defaultExpirySeconds: 3600,
    remember: true,
    ...fields,
  };
}
