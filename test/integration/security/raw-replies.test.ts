// Replies that mean harm, or are merely odd, as bytes: both transports must take each for the same.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RawReplies } from '../../support/raw-replies.ts';

const replies = new RawReplies();
beforeAll(() => replies.listen());
afterAll(() => replies.close());

const ways = ['pool', 'thread'] as const;
const OK = 'HTTP/1.1 200 OK';
const chunked = 'Transfer-Encoding: chunked';
const lines = (...all: string[]): string => all.join('\r\n');
const malformed = { failed: 'oss', why: 'MalformedReply' };
const lost = { failed: 'network', why: 'reset' };
const hello = { status: 200, body: 'hello' };

const verdict = (way: 'pool' | 'thread', text: string, method: 'GET' | 'PUT' = 'GET') =>
  replies.verdict(way, { method, pieces: [Buffer.from(text, 'latin1')] });

describe.each(ways)('through a %s', (way) => {
  test.each([
    ['a length', lines(OK, 'Content-Length: 5', '', 'hello')],
    ['a length with zeros', lines(OK, 'Content-Length: 005', '', 'hello')],
    ['chunks', lines(OK, chunked, '', '2', 'he', '3;name=value', 'llo', '0', '', '')],
    ['chunks and trailers', lines(OK, chunked, '', '5', 'hello', '0', 'x-trailer: 9', '', '')],
    ['no length at all', lines(OK, '', 'hello')],
    ['HTTP/1.0', lines('HTTP/1.0 200 OK', '', 'hello')],
    ['bytes beyond its end', lines(OK, 'Content-Length: 5', '', 'hello, world')],
    ['another reply behind it', lines(OK, 'Content-Length: 5', '', `hello${OK}`, 'Content-Length: 3', '', 'bad')],
    [
      'an interim reply before it',
      lines('HTTP/1.1 103 Early Hints', 'Link: a', '', OK, 'Content-Length: 5', '', 'hello'),
    ],
    ['no reason', lines('HTTP/1.1 200', 'Content-Length: 5', '', 'hello')],
  ])('a reply with %s is read', async (_what, text) => {
    expect(await verdict(way, text)).toMatchObject(hello);
    expect(await verdict(way, text, 'PUT')).toMatchObject(hello);
  });

  test.each([
    ['that is SSH', 'SSH-2.0-OpenSSH_9.6\r\n\r\n'],
    ['that is HTTP/2', lines('HTTP/2 200', '', '')],
    ['of a status of two digits', lines('HTTP/1.1 20 OK', '', '')],
    ['of a status below 100', lines('HTTP/1.1 099 OK', 'Content-Length: 0', '', '')],
    ['that changes the protocol', lines('HTTP/1.1 101 Switching Protocols', '', '')],
    ['with a header without a colon', lines(OK, 'no colon', '', 'hello')],
    ['with a header without a name', lines(OK, ': x', '', 'hello')],
    ['with a blank in a name', lines(OK, 'x y: z', '', 'hello')],
    ['with a blank before a colon', lines(OK, 'Content-Length : 5', '', 'hello')],
    ['with a folded line', lines(OK, ' folded: x', '', 'hello')],
    ['with LF alone', `${OK}\nContent-Length: 5\n\nhello`],
    ['with a LF in a value', lines(OK, 'ETag: "e\ny: 1"', '', 'hello')],
    ['with a NUL', lines(OK, 'x: a\0b', '', 'hello')],
    ['of a negative length', lines(OK, 'Content-Length:-5', '', 'hello')],
    ['of a chunk that has no size', lines(OK, chunked, '', 'x', 'hello', '0', '', '')],
    ['of a chunk of a negative size', lines(OK, chunked, '', '-5', 'hello', '0', '', '')],
    ['of a chunk that is too large', lines(OK, chunked, '', 'F'.repeat(17), 'hello')],
    ['of a chunk that is longer than it says', lines(OK, chunked, '', '3', 'hello', '0', '', '')],
    ['of a length beside chunks', lines(OK, chunked, 'Content-Length: 0', '', '0', '', '')],
    ['of a head of 17 KB', lines(OK, `x: ${'a'.repeat(17_000)}`, '', 'hello')],
  ])('a reply %s is malformed', async (_what, text) => {
    expect(await verdict(way, text)).toEqual(malformed);
    expect(await verdict(way, text, 'PUT')).toEqual(malformed);
  });

  test.each([
    ['nothing', ''],
    ['half a head', lines(OK, 'Content-Le')],
    ['half a body', lines(OK, 'Content-Length: 5', '', 'he')],
    ['half a chunk', lines(OK, chunked, '', '5', 'he')],
    ['no last chunk', lines(OK, chunked, '', '5', 'hello', '')],
    ['two lengths', lines(OK, 'Content-Length: 5', 'Content-Length: 4', '', 'hello')],
    ['an interim reply alone', lines('HTTP/1.1 103 Early Hints', '', '')],
    // undici takes any fault behind a length for a body that was cut short.
    ['a list of lengths', lines(OK, 'Content-Length: 5, 5', '', 'hello')],
    ['chunks beside a length', lines(OK, 'Content-Length: 5', chunked, '', '0', '', '')],
    ['a length beyond all bounds', lines(OK, `Content-Length: ${'9'.repeat(30)}`, '', 'hello')],
    ['a protocol that nobody asked for', lines('HTTP/1.1 101 S', 'Connection: upgrade', 'Upgrade: h2c', '', '')],
  ])('%s is a lost connection', async (_what, text) => {
    expect(await verdict(way, text)).toEqual(lost);
    expect(await verdict(way, text, 'PUT')).toEqual(lost);
  });

  test('headers that are named like what every object has are headers like others', async () => {
    const names = ['__proto__', 'constructor', 'hasOwnProperty', 'toString'];
    const text = lines(OK, ...names.map((name) => `${name}: x`), '__proto__: y', 'Content-Length: 5', '', 'hello');
    const { headers } = (await verdict(way, text)) as { readonly headers: Readonly<Record<string, string>> };
    expect(Object.entries(headers)).toEqual([
      ['__proto__', 'x, y'],
      ['constructor', 'x'],
      ['hasownproperty', 'x'],
      ['tostring', 'x'],
      ['content-length', '5'],
    ]);
    expect(headers['valueOf']).toBeUndefined();
  });

  test('an error says what it is, however it is framed', async () => {
    const xml = '<Error><Code>NoSuchKey</Code><Message>none</Message></Error>';
    const status = 'HTTP/1.1 404 Not Found';
    const size = xml.length;
    for (const text of [
      lines(status, `Content-Length: ${String(size)}`, '', xml),
      lines(status, chunked, '', size.toString(16), xml, '0', '', ''),
      lines(status, '', xml),
    ]) {
      expect(await verdict(way, text)).toMatchObject({ error: { status: 404, code: 'NoSuchKey' } });
      expect(await verdict(way, text, 'PUT')).toMatchObject({ error: { status: 404, code: 'NoSuchKey' } });
    }
  });
});

describe('on purpose the transports differ', () => {
  test('about an unasked 100: a client has to skip it (RFC 9110, 15.2), but undici refuses it', async () => {
    const text = lines('HTTP/1.1 100 Continue', '', OK, 'Content-Length: 5', '', 'hello');
    expect(await verdict('thread', text)).toMatchObject(hello);
    expect(await verdict('pool', text)).toEqual(lost);
  });

  test('about trailers of 17 KB on a connection that closes: undici lets them pass, a thread bounds what it reads', async () => {
    const text = lines(OK, chunked, 'Connection: close', '', '5', 'hello', '0', `x: ${'a'.repeat(17_000)}`, '', '');
    expect(await verdict('thread', text)).toEqual(malformed);
    expect(await verdict('pool', text)).toMatchObject(hello);
  });
});
