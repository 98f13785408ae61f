import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readNote, withNote } from '../../../../main/links/text/link-note.ts';

const url = 'https://samples.oss-cn-hangzhou.aliyuncs.com/a?x-oss-signature=0';
const note = { method: 'PUT', headers: { 'content-type': 'text/plain', 'x-oss-meta-a': "it's" } } as const;

function fragmentOf(value: unknown): string {
  return `waybill=${Buffer.from(JSON.stringify(value)).toString('base64url')}`;
}

test('what was written behind a URL is what is read', () => {
  const noted = withNote(url, note);
  expect(noted.startsWith(`${url}#waybill=`)).toBe(true);
  expect(readNote(noted.slice(url.length + 1))).toEqual(note);
});

test('another fragment is no note', () => {
  expect(readNote('')).toBeNull();
  expect(readNote('page=2')).toBeNull();
});

describe('a note that a stranger wrote is not read', () => {
  test.each([
    ['damaged', 'waybill=%%%'],
    ['not JSON', `waybill=${Buffer.from('{').toString('base64url')}`],
    ['of another version', fragmentOf({ v: 2, m: 'PUT' })],
    ['with another method', fragmentOf({ v: 1, m: 'POST' })],
    ['with a Host', fragmentOf({ v: 1, m: 'PUT', h: { host: 'evil.example' } })],
    ['with credentials', fragmentOf({ v: 1, m: 'PUT', h: { authorization: 'Basic x' } })],
    ['with a cookie', fragmentOf({ v: 1, m: 'GET', h: { cookie: 'a=b' } })],
    ['with a copy source', fragmentOf({ v: 1, m: 'PUT', h: { 'x-oss-copy-source': '/other/secret' } })],
    ['with a token', fragmentOf({ v: 1, m: 'PUT', h: { 'x-oss-security-token': 'x' } })],
    ['with a line break', fragmentOf({ v: 1, m: 'PUT', h: { 'content-type': 'a/b\r\nhost: evil' } })],
    ['with a prototype', 'waybill=' + Buffer.from('{"v":1,"m":"PUT","h":{"__proto__":{"a":1}}}').toString('base64url')],
    ['of 100 KB', `waybill=${'A'.repeat(100_000)}`],
    [
      'with a hundred headers',
      fragmentOf({
        v: 1,
        m: 'PUT',
        h: Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`x-oss-meta-${n}`, ''])),
      }),
    ],
  ])('%s', (_what, fragment) => {
    const read = readNote(fragment);
    expect(read === 'unreadable' || Object.keys(read?.headers ?? { a: 1 }).length === 0).toBe(true);
  });

  test('whatever it is, reading does not throw', () => {
    fc.assert(fc.property(fc.string(), (text) => void readNote(`waybill=${text}`)));
    fc.assert(fc.property(fc.json(), (json) => void readNote(`waybill=${Buffer.from(json).toString('base64url')}`)));
  });
});
