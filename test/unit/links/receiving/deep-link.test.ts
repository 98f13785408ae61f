import fc from 'fast-check';
import { expect, test } from 'vitest';
import { linkFromCommandLine, linkFromArgument } from '../../../../main/links/receiving/deep-link.ts';

const signed = 'https://b.oss-cn-hangzhou.aliyuncs.com/a%20b.txt?Expires=1&OSSAccessKeyId=x&Signature=a%2Bb%3D';
const opening = (text: string) => `waybill:open?link=${encodeURIComponent(text)}`;

test.each([
  opening(signed),
  opening(signed).replace('waybill:', 'WAYBILL:'),
  opening(signed).replace('waybill:open', 'waybill://open'),
  opening(signed).replace('waybill:open', 'waybill://open/'),
  signed,
])('%s hands over the signed URL', (argument) => {
  expect(linkFromArgument(argument)).toBe(signed);
});

test.each(['.', '--user-data-dir=/tmp/x', '/home/li/waybill:open', 'file:///etc/passwd', 'ftp://host/', ''])(
  '%s is no link',
  (argument) => {
    expect(linkFromArgument(argument)).toBeNull();
  },
);

test.each([
  ['a command that there is not', 'waybill:download?link=https%3A%2F%2Fexample.com%2F'],
  ['no link', 'waybill:open'],
  ['an empty link', 'waybill:open?link='],
  ['another field', opening(signed).replace('link=', 'url=')],
  ['a fragment', `${opening(signed)}#x`],
  ['credentials in clear', opening('{"AccessKeyId":"LTAI","AccessKeySecret":"s","SecurityToken":"t"}')],
  ['credentials as an authorization code', opening(Buffer.from('{"id":"LTAI","secret":"s"}').toString('base64'))],
  ['a script', opening('javascript:alert(1)')],
  ['a file', opening('file:///etc/passwd')],
  ['broken percent-encoding', 'waybill:open?link=%E0%A4%A'],
  ['a megabyte of text', opening(`https://${'a'.repeat(1_000_000)}`)],
  ['a megabyte without any form', `waybill:${'%'.repeat(1_000_000)}`],
])('%s opens nothing but the empty card', (_what, argument) => {
  expect(linkFromArgument(argument)).toBe('');
});

test('an address of a megabyte is not read', () => {
  expect(linkFromArgument(`https://${'a'.repeat(1_000_000)}`)).toBe('');
});

test('the last link of a command line counts', () => {
  expect(linkFromCommandLine(['/usr/bin/waybill', '--lang=en', opening(signed)])).toBe(signed);
  expect(linkFromCommandLine(['/usr/bin/waybill', '--lang=en'])).toBeNull();
});

test('whatever the scheme is called with, nothing but an http address or nothing comes out', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.webUrl()), (text) => {
      for (const argument of [
        `waybill:${text}`,
        `waybill:open?link=${text}`,
        opening(text.replace(/\p{Surrogate}/gu, '')),
      ]) {
        expect(linkFromArgument(argument) ?? '-').toMatch(/^(https?:\/\/[^]*)?$/i);
      }
    }),
  );
});
