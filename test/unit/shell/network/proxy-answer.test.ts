import { expect, test } from 'vitest';
import { readProxyAnswer } from '../../../../main/shell/network/proxy-answer.ts';

test.each([
  ['DIRECT', [null]],
  ['PROXY a.example:8080', ['http://a.example:8080']],
  ['PROXY a:1;HTTPS b:2; SOCKS5 [::1]:3 ;DIRECT', ['http://a:1', 'https://b:2', 'socks5://[::1]:3', null]],
  ['proxy a:1', ['http://a:1']],
  ['SOCKS a:1; PROXY b:2', ['http://b:2']],
  ['QUIC a:1', []],
  ['PROXY', []],
  ['PROXY user@a:1; PROXY a:99999; PROXY a/b; PROXY x\u010a:1; PROXY b:2', ['http://b:2']],
  ['', []],
])('%j names %j', (answer, named) => {
  expect(readProxyAnswer(answer)).toEqual(named);
});
