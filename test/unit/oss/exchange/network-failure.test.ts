import { expect, test } from 'vitest';
import { networkFailure } from '../../../../main/oss/exchange/network-failure.ts';

test.each([
  ['ECONNRESET', { kind: 'network', reason: 'reset', host: 'h' }],
  ['UND_ERR_CONNECT_TIMEOUT', { kind: 'network', reason: 'timeout', host: 'h' }],
  ['UND_ERR_HEADERS_OVERFLOW', { kind: 'oss', status: 0, code: 'MalformedReply' }],
  ['SELF_SIGNED_CERT_IN_CHAIN', { kind: 'network', reason: 'tls', host: 'h' }],
  ['UND_ERR_ABORTED', { kind: 'cancelled' }],
  ['UND_ERR_REQ_CONTENT_LENGTH_MISMATCH', { kind: 'file', reason: 'changed', path: '' }],
  // No outage: the server may be there, and other transfers still reach it.
  ['EMFILE', { kind: 'file', reason: 'too-many-open', path: '' }],
  ['ENFILE', { kind: 'file', reason: 'too-many-open', path: '' }],
])('%s means %j', (code, failure) => {
  expect(networkFailure(Object.assign(new Error(code), { code }), 'h')).toMatchObject({ failure });
});

test('any other error stays what it is', () => {
  const error = Object.assign(new Error('x'), { code: 'ERR_UNKNOWN' });
  expect(networkFailure(error, 'h')).toBe(error);
});
