// The same bytes of a reply, given to both transports: they must agree on what it says, or on why it is none. What
// they don't agree on, and why, is in test/integration/security/raw-replies.test.ts.
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { RawReplies, type RawReply } from '../support/raw-replies.ts';
import { fuzz } from './runs.ts';

const REPLIES_A_RUN = 5;

const replies = new RawReplies();
beforeAll(() => replies.listen());
afterAll(() => replies.close());

/** Parts of replies that are right, and of those that mean harm. */
const lines = [
  'HTTP/1.1 200 OK',
  'HTTP/1.1 206 Partial Content',
  'HTTP/1.1 204 No Content',
  'HTTP/1.1 304 Not Modified',
  'HTTP/1.1 403 Forbidden',
  'HTTP/1.1 200',
  'HTTP/1.0 200 OK',
  'HTTP/1.1 102 Processing',
  'HTTP/1.1 103 Early Hints',
  'HTTP/1.1 101 Switching Protocols',
  'HTTP/1.1 099 Low',
  'HTTP/1.1 999 High',
  'HTTP/2.0 200 OK',
  'HTTP/1.1  200 OK',
  'http/1.1 200 OK',
  'ICY 200 OK',
  'Content-Length: 5',
  'Content-Length: 05',
  'Content-Length: 0',
  'Content-Length: -1',
  'Content-Length: +5',
  'Content-Length: 5, 5',
  'Content-Length:',
  'Content-Length: 0x5',
  'Content-Length : 5',
  'Content-Length: 99999999999999999999',
  'Transfer-Encoding: chunked',
  'Transfer-Encoding: gzip, chunked',
  'Transfer-Encoding: chunked, gzip',
  'Transfer-Encoding: identity',
  'Transfer-Encoding: Chunked ',
  'Connection: close',
  'Connection: keep-alive',
  'Connection: upgrade',
  'Upgrade: h2c',
  'Keep-Alive: timeout=1',
  'ETag: "5B3C1A2E"',
  'x-oss-hash-crc64ecma: 1',
  'X-Empty:',
  'constructor: one',
  '__proto__: two',
  'toString: three',
  'x y: z',
  ' folded: line',
  '\tfolded',
  'x-nul: a\0b',
  'x-high: \xe4\xb8\xad',
  'x-control: \x01\x7f',
  ': no name',
  'no colon',
  'Trailer: x',
  `x-long: ${'a'.repeat(17_000)}`,
  '',
  'hello',
  '5',
  '5;name=value',
  '5 ',
  ' 5',
  '0',
  'FFFFFFFFFFFFFFFFF',
  '-5',
  '0x5',
];
const line = fc.constantFrom(...lines);
const ending = fc.oneof(
  { weight: 20, arbitrary: fc.constant('\r\n') },
  { weight: 1, arbitrary: fc.constantFrom('\n', '\r', '', '\r\r\n', ' \r\n') },
);
const text = (part: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.array(fc.tuple(part, ending), { maxLength: 8 }).map((parts) => parts.map((pair) => pair.join('')).join(''));

const chunk = fc.constantFrom(
  '5\r\nhello\r\n',
  '0\r\n\r\n',
  '0\r\nx-trailer: a\r\n\r\n',
  '5;a=b\r\nhello\r\n',
  'a\r\n0123456789\r\n',
);
const chunks = fc.array(chunk, { maxLength: 4 }).map((parts) => `${parts.join('')}0\r\n\r\n`);
const header = fc.constantFrom(...lines.slice(16));

/** A reply that is nearly right: a status line, headers, a body. */
const reply = fc.oneof(
  fc
    .tuple(
      fc.constantFrom(...lines.slice(0, 10)),
      fc.array(header, { maxLength: 4 }),
      fc.constantFrom('', 'hello', 'hello, world'),
    )
    .map(([status, headers, body]) => [status, ...headers, '', body].join('\r\n')),
  fc
    .tuple(fc.constantFrom(...lines.slice(0, 6)), fc.array(header, { maxLength: 2 }), chunks)
    .map(([status, headers, body]) => [status, ...headers, 'Transfer-Encoding: chunked', '', body].join('\r\n')),
  fc
    .tuple(fc.constantFrom(...lines.slice(0, 6)), fc.array(header, { maxLength: 2 }))
    .map(([status, headers]) => [status, ...headers, 'Content-Length: 5', '', 'hello'].join('\r\n')),
  text(line).map((rest) => `HTTP/1.1 200 OK\r\n${rest}`),
  text(line),
);

/** A few of its characters replaced by others, or by what means something to a parser. */
const cut = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.nat(4),
  by: fc.oneof(
    fc.constantFrom('\r\n', '\n', '\r', '\0', ' ', '\t', ':', ';', ',', '0', '5', '\r\n\r\n', 'HTTP/1.1 200 OK\r\n'),
    fc.string({ unit: fc.nat(255).map((code) => String.fromCharCode(code)), maxLength: 3 }),
    line,
  ),
});
const interim = fc.constantFrom('', '', '', 'HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n', 'HTTP/1.1 102 P\r\n\r\n');
const mutated = fc
  .tuple(
    interim,
    reply,
    fc.array(cut, { maxLength: 2 }),
    fc.constantFrom('', '', '', 'more', '\r\n', 'HTTP/1.1 200 OK\r\n\r\n'),
  )
  .map(([first, whole, cuts, excess]) =>
    cuts.reduce(
      (rest, { at, length, by }) => {
        const start = Math.floor(at * rest.length);
        return rest.slice(0, start) + by + rest.slice(start + length);
      },
      first + whole + excess,
    ),
  );

const rawReply: fc.Arbitrary<RawReply> = fc
  .tuple(
    fc.constantFrom<'GET' | 'PUT'>('GET', 'GET', 'PUT'),
    mutated,
    fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 3 }),
  )
  .map(([method, whole, splits]) => {
    const bytes = Buffer.from(whole, 'latin1');
    const at = [0, ...splits.map((split) => Math.floor(split * bytes.length)), bytes.length].sort((a, b) => a - b);
    return { method, pieces: at.slice(1).map((end, index) => bytes.subarray(at[index], end)) };
  });

/** undici refuses a 100 that nothing asked for; the threads skip it, as RFC 9110 (15.2) has it. */
const differsOnPurpose = ({ pieces }: RawReply): boolean =>
  /HTTP\/1\.[01] 100/.test(Buffer.concat(pieces).toString('latin1'));

test('a reply means the same to the pools and to the threads', async () => {
  const some = fc.array(
    rawReply.filter((one) => !differsOnPurpose(one)),
    { minLength: REPLIES_A_RUN, maxLength: REPLIES_A_RUN },
  );
  await fuzz(
    'bytes of replies',
    fc.asyncProperty(some, async (batch) => {
      await Promise.all(
        batch.map(async (one) => {
          const ask = () => Promise.all([replies.verdict('pool', one), replies.verdict('thread', one)]);
          // A kept connection that the server closes as the next request takes it loses that request, whatever its
          // reply is; that doesn't happen twice. And comparing here is much faster than with expect(), which says more.
          if (isDeepStrictEqual(...(await ask()))) return;
          const [pool, thread] = await ask();
          expect(thread, Buffer.concat(one.pieces).toString('latin1')).toEqual(pool);
        }),
      );
    }),
    { inputsEach: REPLIES_A_RUN },
  );
});
