import { describe, expect, test } from 'vitest';
import { remedyOf } from '../../../../main/causes.ts';
import { causeOf, signedByKey, signedByLink } from '../../../../main/oss/exchange/cause.ts';
import type { OssError } from '../../../../main/oss/exchange/oss-error.ts';

const account = { through: 'account', isTokenMissing: false } as const;
const error = (more: Partial<OssError>): OssError => ({
  ...{ status: 403, code: 'AccessDenied', message: '', requestId: '5C3D' },
  ...more,
});

describe('the cause of a refusal', () => {
  test.each([
    ['needs-custom-domain', { status: 400, code: 'PublicEndpointForbidden', ec: '0048-00000401' }],
    ['apk-forbidden', { status: 400, code: 'ApkDownloadForbidden', ec: '0048-00000203' }],
    ['denied-by-referer', { message: 'You are denied by bucket referer policy.' }],
    ['denied-by-source', { ec: '0002-00000603' }],
    ['no-such-version', { status: 405, code: 'MethodNotAllowed', deleteMarker: true }],
    ['other', { status: 405, code: 'MethodNotAllowed' }],
    ['busy', { status: 503, code: 'ActiveRequestLimitExceeded' }],
    ['other', { status: 501, code: 'NotImplemented' }],
    ['other', { status: 304, code: 'NotModified', isCodeGuessed: true }],
  ] as const)('%s: %j', (cause, more) => {
    expect(causeOf(error(more), account)).toBe(cause);
  });

  test('a link that binds addresses is denied for the address, not for the signer’s rights', () => {
    const link = 'https://b.oss-cn-hangzhou.aliyuncs.com/k?x-oss-ac-source-ip=192.0.2.1&Expires=1';
    expect(causeOf(error({}), signedByLink(link))).toBe('denied-by-source');
    expect(causeOf(error({}), signedByLink(link.replace('x-oss-ac', 'x-oss-xy')))).toBe('denied-by-policy');
  });
});

test('an address without a signature is denied because the file isn’t public', () => {
  const address = 'https://b.oss-cn-hangzhou.aliyuncs.com/k';
  expect(causeOf(error({}), signedByLink(address))).toBe('not-public');
  expect(causeOf(error({}), signedByLink(`${address}?x-oss-process=image/info`))).toBe('not-public');
  expect(causeOf(error({}), signedByLink(`${address}?Signature=s`))).toBe('denied-by-policy');
  expect(causeOf(error({ code: 'NoSuchKey', status: 404 }), signedByLink(address))).toBe('no-such-key');
});

test.each([
  ['?OSSAccessKeyId=STS.a&Expires=1&Signature=s', true],
  ['?OSSAccessKeyId=STS.a&Expires=1&Signature=s&security-token=t', false],
  ['?x-oss-credential=STS.a%2F20261129%2Fcn-hangzhou%2Foss%2Faliyun_v4_request', true],
  ['?x-oss-credential=STS.a%2F20261129%2Fcn-hangzhou%2Foss%2Faliyun_v4_request&x-oss-security-token=t', false],
  ['?OSSAccessKeyId=LTAI&Expires=1&Signature=s', false],
])('%s lacks its token: %s', (query, isTokenMissing) => {
  expect(signedByLink(`https://b.oss-cn-hangzhou.aliyuncs.com/k${query}`)).toMatchObject({ isTokenMissing });
});

test('a key lacks its token only if it is temporary', () => {
  const key = { accessKeyId: 'STS.a', accessKeySecret: 's', securityToken: null };
  expect(signedByKey(key).isTokenMissing).toBe(true);
  expect(signedByKey({ ...key, securityToken: 't' }).isTokenMissing).toBe(false);
  expect(signedByKey({ ...key, accessKeyId: 'LTAI' }).isTokenMissing).toBe(false);
});

test('an expired session is renewed, an expired link is replaced', () => {
  expect(remedyOf('token-expired', 'account')).toBe('renew');
  expect(remedyOf('token-expired', 'link')).toBe('fresh-link');
  expect(remedyOf('wrong-key', 'link')).toBe('none');
});
