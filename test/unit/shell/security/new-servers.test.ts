import { describe, expect, test } from 'vitest';
import type { KeyAccount, KeyDraft } from '../../../../main/accounts/account.ts';
import { newProxyOf, newServersOf } from '../../../../main/shell/security/new-servers.ts';
import { makeSourced, makeSourcedDraft } from '../../accounts/make-account.ts';
import { defaultSettings } from '../../../../main/settings.ts';

const shared: Omit<KeyAccount, 'id' | 'origin' | 'temporary'> = {
  ...{ kind: 'key', name: 'Owner', colour: 'blue', accessKeyId: 'LTAI', endpoint: 'oss-cn-hangzhou.aliyuncs.com' },
  ...{ region: 'cn-hangzhou', cname: false, signVersion: 'v4', startPath: null, role: null, stsEndpoint: null },
  ...{ defaultExpirySeconds: 3600, tokenValidUntil: null },
};
const before: KeyAccount = { ...shared, id: 'a', origin: 'saved', temporary: false };
const same: KeyDraft = { ...shared, accessKeySecret: '', securityToken: null, remember: true };
const old = 'https://oss-cn-hangzhou.aliyuncs.com';

describe('a stored secret', () => {
  test.each([
    ['evil.example', 'https://evil.example'],
    ['http://oss-cn-hangzhou.aliyuncs.com', 'http://oss-cn-hangzhou.aliyuncs.com'],
    ['oss-cn-hangzhou.aliyuncs.com:8443', 'https://oss-cn-hangzhou.aliyuncs.com:8443'],
    ['oss-cn-hangzhou.aliyuncs.com.evil.example', 'https://oss-cn-hangzhou.aliyuncs.com.evil.example'],
  ])('isn’t led to %s without a question', (endpoint, to) => {
    expect(newServersOf(before, { ...same, endpoint })).toEqual([{ from: old, to }]);
  });

  test('isn’t led to another STS without a question', () => {
    const from = 'https://sts.aliyuncs.com';
    const bucketHosts = ['https://sts.oss-cn-hangzhou.aliyuncs.com', 'https://sts.evil.aliyuncs.com'];
    const others = ['https://evil.example', 'http://sts.cn-hangzhou.aliyuncs.com', 'https://sts.evil.example'];
    for (const to of [...bucketHosts, ...others]) {
      expect(newServersOf(before, { ...same, stsEndpoint: to })).toEqual([{ from, to }]);
    }
  });

  test('stays with Alibaba Cloud in another of its regions', () => {
    expect(newServersOf(before, same)).toEqual([]);
    expect(newServersOf(before, { ...same, endpoint: `${old}/`, stsEndpoint: '' })).toEqual([]);
    const moved = { endpoint: 'oss-ap-southeast-1-internal.aliyuncs.com', region: 'ap-southeast-1' };
    for (const stsEndpoint of ['sts.aliyuncs.com', 'sts.cn-hangzhou.aliyuncs.com', 'sts-vpc.cn-beijing.aliyuncs.com'])
      expect(newServersOf(before, { ...same, ...moved, stsEndpoint })).toEqual([]);
  });

  test('that is typed with another server is asked about too: the next one would follow it there', () => {
    const changed = { ...same, endpoint: 'evil.example', accessKeySecret: 'typed' };
    expect(newServersOf(before, changed)).toEqual([{ from: old, to: 'https://evil.example' }]);
  });
});

describe('credentials of a source', () => {
  const profile = (name: string) => ({ kind: 'profile', profile: { file: 'aliyun', name } }) as const;
  const evil = 'https://evil.example';

  test('aren’t led to another server by a new account without a question; a page may send its own key anywhere', () => {
    expect(newServersOf(null, makeSourcedDraft(profile('prod')))).toEqual([]);
    const led = { endpoint: evil, stsEndpoint: 'https://sts.evil.example' };
    expect(newServersOf(null, makeSourcedDraft(profile('prod'), led))).toEqual([
      { from: null, to: evil },
      { from: null, to: 'https://sts.evil.example' },
    ]);
    expect(newServersOf(null, { ...same, ...led, accessKeySecret: 'the page’s own' })).toEqual([]);
  });

  test('aren’t led there by an account that had another source, or a key, at that server', () => {
    const draft = makeSourcedDraft(profile('prod'), { endpoint: evil });
    expect(newServersOf({ ...before, endpoint: evil }, draft)).toEqual([{ from: null, to: evil }]);
    const other = makeSourced(profile('dev'), { endpoint: evil });
    expect(newServersOf(other, draft)).toEqual([{ from: null, to: evil }]);
    expect(newServersOf({ ...other, source: profile('prod') }, draft)).toEqual([]);
  });
});

describe('requests', () => {
  const { proxy: system } = defaultSettings;
  const corp = { ...system, mode: 'manual', url: 'http://proxy.corp.example:3128' } as const;
  const evil = { ...corp, url: 'http://evil.example:3128' };

  test('go through another proxy or script only after a question', () => {
    expect(newProxyOf(system, corp)).toEqual({ from: null, to: corp.url });
    expect(newProxyOf(corp, evil)).toEqual({ from: corp.url, to: evil.url });
    expect(newProxyOf(corp, { ...corp, url: 'https://proxy.corp.example:3128' })).not.toBeNull();
    const script = { ...corp, mode: 'pac', pacUrl: 'http://evil.example/?data' } as const;
    expect(newProxyOf(corp, script)).toEqual({ from: corp.url, to: 'http://evil.example/?data' });
  });

  test('named while no proxy is used, it is asked about when it is', () => {
    const prepared = { ...evil, mode: 'none' } as const;
    expect(newProxyOf(corp, prepared)).toBeNull();
    expect(newProxyOf(prepared, evil)).toEqual({ from: null, to: evil.url });
  });

  test('go on as before, or without a proxy that anyone named, without a question', () => {
    expect(newProxyOf(corp, { ...corp, user: 'li', bypass: '<local>' })).toBeNull();
    for (const mode of ['system', 'none'] as const) expect(newProxyOf(corp, { ...corp, mode })).toBeNull();
  });

  test('a host in other letters is named as it is sent', () => {
    const pacUrl = 'http://prоxy.example/p.pac';
    expect(newProxyOf(system, { ...system, mode: 'pac', pacUrl })?.to).toBe('http://xn--prxy-65d.example/p.pac');
  });
});
