import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toFailure } from '../../../main/failure.ts';
import { checkHead } from '../../../main/http/request-head.ts';
import { rawRequestOf } from '../../../main/http/threads/raw-request.ts';
import { anyUnicode } from '../../support/any-unicode.ts';

const request = { origin: 'https://host', path: '/k?a=b', method: 'GET', headers: { accept: '*/*' } };

test.each([
  [{ origin: 'http://x\u010d\u010aPOST' }, 'endpoint', 'endpoint-format'],
  [{ origin: 'http://x\r\ny' }, 'endpoint', 'endpoint-format'],
  [{ origin: 'http://user@x' }, 'endpoint', 'endpoint-format'],
  [{ origin: 'http://x/' }, 'endpoint', 'endpoint-format'],
  [{ path: '/a b' }, 'key', 'key-not-unicode'],
  [{ path: '/\u4f60' }, 'key', 'key-not-unicode'],
  [{ method: 'GET / HTTP/1.1\r\nX:' }, 'key', 'key-not-unicode'],
  [{ headers: { x: 'a\r\nb: c' } }, 'x', 'not-ascii'],
  [{ headers: { x: '\u0085\u0100' } }, 'x', 'not-ascii'],
  [{ headers: { x: '\u010a' } }, 'x', 'not-ascii'],
  [{ headers: { 'x y': 'a' } }, 'header', 'not-ascii'],
])('a head with %j is refused, and named', (change, field, rule) => {
  let thrown: unknown;
  try {
    checkHead({ ...request, ...change });
  } catch (error) {
    thrown = error;
  }
  expect(toFailure(thrown)).toEqual({ kind: 'input', field, rule });
});

test('a head that passes has the lines that it should have, and no byte is lost', () => {
  const name = fc.oneof(fc.constant('x-oss-meta-a'), anyUnicode);
  const heads = fc.record({ host: anyUnicode, path: anyUnicode, name, value: anyUnicode });
  fc.assert(
    fc.property(heads, ({ host, path, name: field, value }) => {
      const head = { origin: `http://a.${host}`, path: `/${path}`, method: 'PUT', headers: { [field]: value } };
      try {
        checkHead(head);
      } catch (error) {
        expect(toFailure(error).kind).toBe('input');
        return;
      }
      const text = rawRequestOf(head, {}).head;
      expect(Buffer.from(text, 'ascii').toString('ascii')).toBe(text);
      const lines = text.split(/\r|\n|\r\n/).filter((line) => line !== '');
      const hosts = field.toLowerCase() === 'host' ? [] : [`host: a.${host}`];
      expect(lines).toEqual([`PUT /${path} HTTP/1.1`, `${field}: ${value}`, ...hosts, 'connection: keep-alive']);
    }),
  );
});
