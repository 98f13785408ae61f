import { expect, test } from 'vitest';
import { defaultSettings, type ProxySettings } from '../../../../main/settings.ts';
import {
  loginOf,
  originOfProxy,
  readStoredLogin,
  writeStoredLogin,
} from '../../../../main/shell/network/proxy-login.ts';

function manual(url: string | null, user: string | null): ProxySettings {
  return { ...defaultSettings.proxy, mode: 'manual', url, user };
}

test.each([
  ['http://Proxy.corp.example', 'http://proxy.corp.example:80'],
  ['https://proxy.corp.example/', 'https://proxy.corp.example:443'],
  ['socks5://proxy.corp.example', 'socks5://proxy.corp.example:1080'],
  ['http://[::1]:3128', 'http://[::1]:3128'],
])('%s is the proxy %s', (url, origin) => {
  expect(originOfProxy(url)).toBe(origin);
});

test('a login is of one scheme, host, port and user', () => {
  const known = loginOf(manual('http://proxy.corp.example:3128', 'alice'));
  expect(known).toEqual({ proxy: 'http://proxy.corp.example:3128', user: 'alice' });
  for (const [url, user] of [
    ['https://proxy.corp.example:3128', 'alice'],
    ['http://proxy.corp.example:3129', 'alice'],
    ['http://evil.example:3128', 'alice'],
    ['http://proxy.corp.example:3128', 'bob'],
    [null, 'alice'],
    ['http://proxy.corp.example:3128', null],
  ] as const) {
    expect(loginOf(manual(url, user)), `${url ?? ''} ${user ?? ''}`).not.toEqual(known);
  }
  expect(loginOf({ ...manual('http://proxy.corp.example:3128', 'alice'), mode: 'pac' })).toBeNull();
});

test('a stored login is read as it was written; a bare password of an earlier version is none', () => {
  const login = { proxy: 'http://proxy.corp.example:3128', user: 'alice', password: '{"a":1}' };
  expect(readStoredLogin(writeStoredLogin(login))).toEqual(login);
  for (const text of ['a very secret word', '{"a":1}', '', '"text"']) expect(readStoredLogin(text)).toBeNull();
});
