import type { Account, AccountDraft } from '../../../main/accounts/account.ts';

/** A saved account. */
export function makeAccount(fields: Partial<Account> = {}): Account {
  return {
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

/** A draft as the account form sends it. */
export function makeDraft(fields: Partial<AccountDraft> = {}): AccountDraft {
  return {
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
