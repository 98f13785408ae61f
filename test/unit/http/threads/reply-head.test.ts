import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseReplyHead } from '../../../../main/http/threads/reply-head.ts';

const head = (...lines: string[]): string => lines.join('\r\n');

describe('a reply head', () => {
  test('is read into status and headers, names in lower case and repeated ones joined', () => {
    expect(parseReplyHead(head('HTTP/1.1 200 OK', 'Content-Length: 5', 'X-A:1', 'x-a:  2 ', 'ETag: "a:b"'))).toEqual({
      status: 200,
      headers: { 'content-length': '5', 'x-a': '1, 2', etag: '"a:b"' },
      lengthBytes: 5,
      isKeepAlive: true,
    });
  });

  test.each([
    ['HTTP/1.1 200 OK', null],
    ['HTTP/1.1 204 No Content', 0],
    ['HTTP/1.1 304 Not Modified', 0],
    [head('HTTP/1.1 200 OK', 'Content-Length: 0'), 0],
    [head('HTTP/1.1 200 OK', 'Content-Length: -1'), null],
    [head('HTTP/1.1 200 OK', 'Content-Length: 5, 5'), null],
    [head('HTTP/1.1 200 OK', 'Content-Length: 5', 'Transfer-Encoding: chunked'), null],
  ])('%j has a body of %j bytes', (text, lengthBytes) => {
    expect(parseReplyHead(text).lengthBytes).toBe(lengthBytes);
  });

  test.each([
    ['HTTP/1.1 200 OK', true],
    ['HTTP/1.1 200', true],
    ['HTTP/1.0 200 OK', false],
    [head('HTTP/1.1 200 OK', 'Connection: close'), false],
    [head('HTTP/1.1 200 OK', 'Connection: Keep-Alive'), true],
    [head('HTTP/1.1 200 OK', 'Connection: foo, CLOSE'), false],
  ])('%j keeps the connection open: %j', (text, isKeepAlive) => {
    expect(parseReplyHead(text).isKeepAlive).toBe(isKeepAlive);
  });

  test.each([
    '',
    'SSH-2.0-OpenSSH_9.6',
    'HTTP/2 200',
    'HTTP/1.1 20 OK',
    'HTTP/1.1 2000 OK',
    head('HTTP/1.1 200 OK', 'no colon'),
    head('HTTP/1.1 200 OK', ': no name'),
    head('HTTP/1.1 200 OK', 'X-A: 1', ' folded: line'),
    head('HTTP/1.1 200 OK', 'Content-Length : 5'),
  ])('%j is refused as malformed', (text) => {
    expect(() => parseReplyHead(text)).toThrow(
      expect.objectContaining({ failure: expect.objectContaining({ kind: 'oss', code: 'MalformedReply' }) as unknown }),
    );
  });

  test('of any text is read or refused, never anything else', () => {
    const line = fc.oneof(fc.string(), fc.constantFrom('HTTP/1.1 200 OK', 'Content-Length: 5', ' x', 'a: b'));
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        try {
          expect(parseReplyHead(head(...lines)).status).toBeGreaterThanOrEqual(0);
        } catch (error) {
          expect(error).toMatchObject({ failure: { code: 'MalformedReply' } });
        }
      }),
    );
  });
});
