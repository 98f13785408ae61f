import { describe, expect, test } from 'vitest';
import { InterimReplies } from '../../../../main/http/interim-replies.ts';
import { type ReplyHead, ReplyParser } from '../../../../main/http/threads/reply-parser.ts';

interface Parsed extends ReplyHead {
  readonly body: string;
  readonly hasExcess: boolean;
}

/** Parses a reply that comes in pieces, and then the connection ends. */
function parse(...pieces: string[]): Parsed {
  const parser = new ReplyParser(new InterimReplies());
  const body: string[] = [];
  let excess = false;
  const take = (bytes: Buffer): void => {
    if (parser.isComplete) {
      excess = true;
      return;
    }
    const read = parser.readBody(bytes);
    body.push(read.body.toString('latin1'));
    excess ||= read.hasExcess;
  };
  try {
    for (const piece of pieces.map((text) => Buffer.from(text, 'latin1'))) {
      const rest = parser.head === null ? (parser.readHead(piece)?.rest ?? Buffer.alloc(0)) : piece;
      if (rest.length > 0) take(rest);
    }
    if (!parser.isComplete) parser.end();
    if (parser.head === null) throw new Error('no head');
    return { ...parser.head, body: body.join(''), hasExcess: excess };
  } finally {
    parser.free();
  }
}

const lines = (...all: string[]): string => all.map((line) => `${line}\r\n`).join('');
const malformed: unknown = expect.objectContaining({
  failure: expect.objectContaining({ code: 'MalformedReply' }) as unknown,
});
const lost: unknown = expect.objectContaining({ code: 'ECONNRESET' });

test('a head is read into its status and its headers, in order, names in lower case', () => {
  const text = lines(
    'HTTP/1.1 200 OK',
    'Content-Length: 5',
    'X-A:1',
    '__proto__:  2',
    'x-a: \xe4',
    'constructor: 3',
    '',
  );
  expect(parse(`${text}hello`)).toEqual({
    status: 200,
    headers: [
      ['content-length', '5'],
      ['x-a', '1'],
      ['__proto__', '2'],
      ['x-a', '\xe4'],
      ['constructor', '3'],
    ],
    lengthBytes: 5,
    isKeepAlive: true,
    body: 'hello',
    hasExcess: false,
  });
});

test.each([
  ['Content-Length', lines('HTTP/1.1 200 OK', 'Content-Length: 12', '', 'hello, bob')],
  [
    'chunks',
    lines(
      'HTTP/1.1 200 OK',
      'Transfer-Encoding: chunked',
      '',
      '5;a=b',
      'hello',
      '7',
      ', bob\r\n',
      '0',
      'X-Trailer: 1',
      '',
    ),
  ],
  ['the end of the connection', lines('HTTP/1.1 200 OK', '', 'hello, bob')],
])('a body that is marked by %s is the same wherever the bytes are split', (_how, text) => {
  for (let at = 1; at < text.length; at += 1)
    expect(parse(text.slice(0, at), text.slice(at)).body).toBe('hello, bob\r\n');
  expect(parse(...text.split('')).body).toBe('hello, bob\r\n');
});

test.each([
  ['a length', lines('HTTP/1.1 200 OK', 'Content-Length: 2', '', 'ok!')],
  ['no length', lines('HTTP/1.1 200 OK', 'Content-Length: 0', '', 'x')],
  ['chunks', lines('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked', '', '0', '', 'HTTP/1.1 200 OK')],
  ['no body', lines('HTTP/1.1 204 No Content', '', 'x')],
])('what follows a reply with %s is told', (_what, text) => {
  expect(parse(text).hasExcess).toBe(true);
  expect(parse(...text.split('')).hasExcess).toBe(true);
});

test.each([
  [lines('HTTP/1.1 200 OK', 'Content-Length: 0', ''), true],
  [lines('HTTP/1.0 200 OK', 'Content-Length: 0', ''), false],
  [lines('HTTP/1.1 200 OK', 'Connection: close', 'Content-Length: 0', ''), false],
  [lines('HTTP/1.1 200 OK', 'Connection: Keep-Alive', 'Content-Length: 0', ''), true],
  [lines('HTTP/1.1 200 OK', 'Connection: foo, CLOSE', 'Content-Length: 0', ''), false],
  [lines('HTTP/1.1 200 OK', ''), false],
])('%j keeps the connection open: %j', (text, isKeepAlive) => {
  expect(parse(text).isKeepAlive).toBe(isKeepAlive);
});

describe('interim replies', () => {
  const one = lines('HTTP/1.1 103 Early Hints', 'Link: a', 'Content-Length: 5', '');

  test('are skipped', () => {
    const final = lines('HTTP/1.1 200 OK', 'Content-Length: 2', '');
    expect(parse(`${lines('HTTP/1.1 100 Continue', '')}${one}${final}ok`)).toMatchObject({ status: 200, body: 'ok' });
    expect(parse(...`${one}${final}ok`.split(''))).toMatchObject({ headers: [['content-length', '2']], body: 'ok' });
  });

  test('without an end are refused', () => {
    expect(() => parse(one.repeat(16), one)).toThrow(malformed);
  });
});

test.each([
  ['SSH', 'SSH-2.0-OpenSSH_9.6\r\n'],
  ['HTTP/2', lines('HTTP/2 200', '')],
  ['a status of two digits', lines('HTTP/1.1 20 OK', '')],
  ['a status of four digits', lines('HTTP/1.1 2000 OK', '')],
  ['a status below 100', lines('HTTP/1.1 099 OK', '', '')],
  ['a line without a colon', lines('HTTP/1.1 200 OK', 'no colon', '')],
  ['a header without a name', lines('HTTP/1.1 200 OK', ': no name', '')],
  ['a line break within a header', lines('HTTP/1.1 200 OK', ' folded: line', '')],
  ['a line that ends in LF alone', 'HTTP/1.1 200 OK\nX-A: 1\n\n'],
  ['a NUL', lines('HTTP/1.1 200 OK', 'X-A: a\0b', '')],
  ['a negative length', lines('HTTP/1.1 200 OK', 'X-A: a', 'Content-Length:-1', '')],
  [
    'Transfer-Encoding beside a length',
    lines('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked', 'Content-Length: 0', ''),
  ],
  ['a chunk without a size', lines('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked', '', 'x', 'hello')],
  ['a negative chunk', lines('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked', '', '-5', 'hello')],
  ['a chunk that is too large', lines('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked', '', 'F'.repeat(17), 'hello')],
  ['a head that is too long', lines('HTTP/1.1 200 OK', `X-A: ${'a'.repeat(17_000)}`, '')],
  [
    'trailers that are too long',
    lines('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked', '', '0', `X-A: ${'a'.repeat(17_000)}`, ''),
  ],
])('%s is malformed', (_what, text) => {
  expect(() => parse(text)).toThrow(malformed);
  expect(() => parse(...text.split(''))).toThrow(malformed);
});

test.each([
  ['an incomplete head', 'HTTP/1.1 200 OK\r\nContent'],
  ['nothing after an interim reply', lines('HTTP/1.1 103 Early Hints', '')],
  ['a body that is too short', lines('HTTP/1.1 200 OK', 'Content-Length: 5', '', '')],
  ['chunks without the last', lines('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked', '', '5', 'hello')],
  ['a protocol that nobody asked for', lines('HTTP/1.1 101 Switching', 'Connection: upgrade', 'Upgrade: h2c', '')],
])('%s is a lost connection', (_what, text) => {
  expect(() => parse(text)).toThrow(lost);
});
