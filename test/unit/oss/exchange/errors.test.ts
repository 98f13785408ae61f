import { describe, expect, test } from 'vitest';
import { failureOfLink, failureOfRequest, readOssError } from '../../../../main/oss/exchange/errors.ts';
import { networkFailure } from '../../../../main/oss/exchange/network-failure.ts';
import { WaybillError } from '../../../../main/failure.ts';

const serverDate = 'Tue, 24 Nov 2026 18:30:00 GMT';

const byAccount = { through: 'account', isTokenMissing: false } as const;
const signedUrl = 'https://b.oss-cn-hangzhou.aliyuncs.com/k?OSSAccessKeyId=LTAI&Expires=1&Signature=s';

function errorXml(fields: Readonly<Record<string, string>>): string {
  const inner = Object.entries(fields).map(([name, value]) => `<${name}>${value}</${name}>`);
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Error>\n${inner.join('\n')}\n</Error>`;
}

function makeError(status: number, fields: Readonly<Record<string, string>>): ReturnType<typeof readOssError> {
  return readOssError({ status, headers: { date: serverDate }, body: errorXml(fields) });
}

describe('an error reply', () => {
  test('keeps no secret that OSS echoes', () => {
    const error = makeError(403, {
      Code: 'SignatureDoesNotMatch',
      Message: 'The request signature we calculated does not match.',
      RequestId: '65467C42E001B4333337',
      SignatureProvided: 'c2lnbmF0dXJl',
      StringToSign: 'GET\n\n\n1\n/b/k?security-token=secret',
      OSSAccessKeyId: 'LTAIexample',
      EC: '0002-00000040',
    });
    const text = JSON.stringify([error, failureOfRequest(error, byAccount), failureOfLink(error, signedUrl)]);
    expect(text).not.toMatch(/c2lnbmF0dXJl|security-token|LTAIexample/);
    expect(failureOfRequest(error, byAccount)).toEqual({
      kind: 'credentials',
      cause: 'wrong-secret',
      code: 'SignatureDoesNotMatch',
      message: 'The request signature we calculated does not match.',
      ec: '0002-00000040',
      requestId: '65467C42E001B4333337',
    });
  });

  test('of a HEAD is read from its headers', () => {
    const xml = Buffer.from(errorXml({ Code: 'NoSuchKey', Message: 'gone', EC: '0026-00000001' })).toString('base64');
    expect(readOssError({ status: 404, headers: { 'x-oss-err': xml }, body: '' })).toMatchObject({
      code: 'NoSuchKey',
      message: 'gone',
      ec: '0026-00000001',
    });
  });

  test('without a body is known by its status, EC and RequestId', () => {
    const headers = { 'x-oss-ec': '0003-00000001', 'x-oss-request-id': 'r-1' };
    expect(failureOfRequest(readOssError({ status: 403, headers, body: '' }), byAccount)).toMatchObject({
      kind: 'credentials',
      cause: 'denied-by-policy',
      ec: '0003-00000001',
      requestId: 'r-1',
    });
    expect(failureOfRequest(readOssError({ status: 404, headers, body: '' }), byAccount)).toMatchObject({
      code: 'NotFound',
    });
  });

  test('that is a page of a proxy is an error all the same', () => {
    const error = readOssError({ status: 502, headers: {}, body: '<html><body>Bad Gateway</body></html>' });
    expect(failureOfRequest(error, byAccount)).toMatchObject({ kind: 'oss', status: 502, code: 'Http502' });
  });

  test('names the right endpoint of a bucket in another region', () => {
    const error = makeError(403, {
      Code: 'AccessDenied',
      Message: 'The bucket you are attempting to access must be addressed using the specified endpoint.',
      Endpoint: 'oss-cn-shanghai.aliyuncs.com',
    });
    expect(failureOfRequest(error, byAccount)).toMatchObject({ kind: 'oss', endpoint: 'oss-cn-shanghai.aliyuncs.com' });
  });
});

test.each([
  ['InvalidAccessKeyId', 'wrong-key'],
  ['SignatureDoesNotMatch', 'wrong-secret'],
  ['SecurityTokenExpired', 'token-expired'],
  ['InvalidSecurityToken', 'token-mismatch'],
  ['AccessDenied', 'denied-by-policy'],
  ['RequestTimeTooSkewed', 'clock-skew'],
])('%s of a signed request is a matter of credentials: %s', (code, cause) => {
  expect(failureOfRequest(makeError(403, { Code: code, Message: 'm' }), byAccount)).toMatchObject({
    kind: 'credentials',
    cause,
  });
});

test.each([
  ['0002-00000504', 'clock-skew'],
  ['0002-00000505', 'denied-by-policy'],
])('AccessDenied with the EC %s means %s', (ec, cause) => {
  const error = makeError(403, { Code: 'AccessDenied', Message: 'm', EC: ec });
  expect(failureOfRequest(error, byAccount)).toMatchObject({ kind: 'credentials', cause });
});

test.each([
  ['expired', { Code: 'AccessDenied', Message: 'Request has expired.', Expires: '2026-11-24T12:00:00.000Z' }, true],
  ['expired', { Code: 'AccessDenied', Message: 'Request has expired.' }, false],
  ['denied-by-policy', { Code: 'AccessDenied', Message: 'no', Expires: '2026-11-24T12:00:00.000Z' }, false],
])('a link that is %s: %j tells when, if it ended then: %s', (cause, fields, hasTime) => {
  const failure = failureOfLink(makeError(403, fields), signedUrl);
  const at = hasTime ? { at: Date.UTC(2026, 10, 24, 12) } : {};
  expect(failure).toEqual({ kind: 'link', cause, code: 'AccessDenied', message: fields.Message, ...at });
});

test('a missing permission keeps the sentence that names it', () => {
  expect(
    failureOfRequest(makeError(403, { Code: 'AccessDenied', Message: 'no oss:GetObject' }), byAccount),
  ).toMatchObject({
    message: 'no oss:GetObject',
  });
});

test('a wrong clock comes with the time of the server', () => {
  expect(failureOfRequest(makeError(403, { Code: 'RequestTimeTooSkewed', Message: 'm' }), byAccount)).toMatchObject({
    serverTime: Date.parse(serverDate),
  });
});

test.each([
  ['V1 end', { Code: 'AccessDenied', Message: 'Request has expired.', EC: '0002-00000069' }, 'expired'],
  ['V4 end', { Code: 'AccessDenied', Message: 'ended', EC: '0002-00000236' }, 'expired'],
  ['token end', { Code: 'SecurityTokenExpired', Message: 'm' }, 'token-expired'],
  ['V4 start', { Code: 'AccessDenied', Message: 'm', EC: '0002-00000235' }, 'not-yet-valid'],
  ['signature', { Code: 'SignatureDoesNotMatch', Message: 'm', EC: '0002-00000040' }, 'link-mismatch'],
  ['permission', { Code: 'AccessDenied', Message: 'm', EC: '0003-00000001' }, 'denied-by-policy'],
  ['field', { Code: 'InvalidArgument', Message: 'm', EC: '0002-00000232' }, 'link-mismatch'],
])('what is wrong with a link is told apart: %s', (_what, fields, cause) => {
  expect(failureOfLink(makeError(403, fields), signedUrl)).toMatchObject({ kind: 'link', cause });
});

test('an ended link says when it ended', () => {
  const fields = { Code: 'AccessDenied', Message: 'Request has expired.', Expires: '2026-11-24T18:00:00.000Z' };
  expect(failureOfLink(makeError(403, fields), signedUrl)).toMatchObject({ at: Date.parse('2026-11-24T18:00:00Z') });
});

test('a link to nothing is not the fault of the link', () => {
  expect(failureOfLink(makeError(404, { Code: 'NoSuchKey', Message: 'm' }), signedUrl)).toMatchObject({
    kind: 'oss',
    status: 404,
  });
  expect(failureOfLink(makeError(400, { Code: 'InvalidArgument', Message: 'm' }), signedUrl)).toMatchObject({
    kind: 'oss',
  });
});

describe('a broken network', () => {
  function codeError(code: string): Error {
    return Object.assign(new Error('x'), { code });
  }

  test.each([
    ['ENOTFOUND', 'dns'],
    ['ENETUNREACH', 'offline'],
    ['ECONNREFUSED', 'refused'],
    ['UND_ERR_CONNECT_TIMEOUT', 'timeout'],
    ['UND_ERR_BODY_TIMEOUT', 'timeout'],
    ['ECONNRESET', 'reset'],
    ['UND_ERR_SOCKET', 'reset'],
    ['CERT_HAS_EXPIRED', 'tls'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls'],
  ])('%s is %s', (code, reason) => {
    expect(networkFailure(codeError(code), 'h')).toMatchObject({ failure: { kind: 'network', reason, host: 'h' } });
  });

  test.each([
    [
      'what is not HTTP',
      'HTTPParserError',
      undefined,
      'Response does not match the HTTP/1.1 protocol (Expected HTTP/)',
    ],
    ['a head without an end', 'HeadersOverflowError', 'UND_ERR_HEADERS_OVERFLOW', 'Headers Overflow Error'],
    ['a protocol that nobody asked for', 'AssertionError', 'ERR_ASSERTION', 'assert(upgrade)'],
  ])('%s is a malformed reply, which is asked for again', (_what, name, code, message) => {
    const error = Object.assign(new Error(message), { name, code });
    expect(networkFailure(error, 'h')).toMatchObject({ failure: { kind: 'oss', status: 0, code: 'MalformedReply' } });
  });

  test('a reply whose end is missing is a lost connection', () => {
    const message = 'Response does not match the HTTP/1.1 protocol (Invalid EOF state)';
    const error = Object.assign(new Error(message), { name: 'HTTPParserError' });
    expect(networkFailure(error, 'h')).toMatchObject({ failure: { kind: 'network', reason: 'reset' } });
  });

  test('an abort is a cancel, not a network error', () => {
    expect(networkFailure(new DOMException('x', 'AbortError'), 'h')).toMatchObject({ failure: { kind: 'cancelled' } });
  });

  test('an error of something else passes through unchanged', () => {
    const own = new WaybillError({ kind: 'keychain', reason: 'locked' });
    expect(networkFailure(own, 'h')).toBe(own);
    const file = codeError('EIO');
    expect(networkFailure(file, 'h')).toBe(file);
  });
});
