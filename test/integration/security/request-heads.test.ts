// Whatever a key, a header or a link holds: no request has more lines on the wire than it should.
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { toFailure } from '../../../main/failure.ts';
import { makeDispatcher } from '../../../main/http/dispatcher.ts';
import { TransferAgent } from '../../../main/http/threads/transfer-agent.ts';
import { type Connection, ServerClock } from '../../../main/oss/connection.ts';
import { parseEndpoint } from '../../../main/oss/endpoint.ts';
import { send, sendUnsigned } from '../../../main/oss/exchange/request.ts';
import { anyUnicode } from '../../support/any-unicode.ts';
import { type RawServer, startRawServer } from '../../support/raw-server.ts';

const heads: string[] = [];
const dispatchers = [makeDispatcher(), new TransferAgent()];
let server: RawServer;

beforeAll(async () => {
  server = await startRawServer((socket, head, start) => {
    heads.push(head + start.toString('latin1'));
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
  });
});
afterAll(async () => {
  await Promise.all(dispatchers.map((dispatcher) => dispatcher.destroy()));
  await server.close();
});

/** Names of the headers that arrived, after checking that each line is whole. */
function readHead(): { readonly line: string; readonly fields: ReadonlyMap<string, string> } {
  expect(heads).toHaveLength(1);
  const [line = '', ...rest] = heads.splice(0).join('').split('\r\n');
  expect(line).toMatch(/^(GET|PUT) \/[\x21-\x7e]* HTTP\/1\.1$/);
  const fields = rest.map(
    (field) => /^([\w-]+): ?([\t\x20-\x7e\x80-\xff]*)$/.exec(field)?.slice(1) ?? [field, 'is no field'],
  );
  return { line, fields: new Map(fields.map(([name = '', value = '']) => [name.toLowerCase(), value])) };
}

/** Whether it was sent; what isn't sent must be refused in words. */
async function wasSent(sending: Promise<{ readonly body: { destroy(): unknown } }>): Promise<boolean> {
  try {
    (await sending).body.destroy();
    return true;
  } catch (error) {
    expect(toFailure(error).kind).toMatch(/^(input|link)$/);
    expect(heads).toEqual([]);
    return false;
  }
}

const expects = fc.constantFrom('text' as const, 'file' as const);
const allowed = new Set(
  ['host', 'connection', 'user-agent', 'authorization', 'content-length', 'x-oss-date', 'x-oss-meta-a'].concat([
    'x-oss-content-sha256',
    'x-oss-security-token',
    'content-type',
  ]),
);

test.each([0, 1])('a signed request has the header lines that were asked for, through transport %i', async (at) => {
  const dispatcher = dispatchers[at] ?? makeDispatcher();
  const connectionOf = (securityToken: string): Connection => ({
    endpoint: parseEndpoint(server.origin),
    region: 'cn-hangzhou',
    signVersion: 'v4',
    accessKey: () => Promise.resolve({ accessKeyId: 'AKID', accessKeySecret: 's', securityToken }),
    dispatcher,
    clock: new ServerClock(),
  });
  const plain = fc.constant('plain');
  const mostly = fc.oneof({ weight: 2, arbitrary: plain }, { weight: 1, arbitrary: anyUnicode });
  const request = fc.record({ key: fc.oneof(plain, anyUnicode), meta: mostly, token: mostly, marker: mostly, expects });
  await fc.assert(
    fc.asyncProperty(request, async ({ key, meta, token, marker, expects: reply }) => {
      const sending = send(connectionOf(token), {
        ...{ method: 'GET', bucket: 'bucket', key, params: { marker } },
        ...{ headers: { 'x-oss-meta-a': meta }, expects: reply },
      });
      if (!(await wasSent(sending))) return;
      const { line, fields } = readHead();
      const [path = '', query = ''] = (line.split(' ')[1] ?? '').split('?');
      expect(decodeURIComponent(path)).toBe(`/bucket/${key}`);
      expect(decodeURIComponent(query)).toBe(`marker=${marker}`);
      expect(fields.get('x-oss-meta-a')?.trim()).toBe(meta.trim());
      for (const name of fields.keys()) expect(allowed).toContain(name);
    }),
    { numRuns: 150 },
  );
});

test.each([0, 1])('a link is sent as it is or not at all, through transport %i', async (at) => {
  const dispatcher = dispatchers[at] ?? makeDispatcher();
  const link = fc.record({ host: fc.oneof(fc.constant(''), anyUnicode), path: anyUnicode, value: anyUnicode, expects });
  await fc.assert(
    fc.asyncProperty(link, async ({ host, path, value, expects: reply }) => {
      const url = `${server.origin}${host}/${path}`;
      // Nothing is sent to a host that a random port or name would be.
      fc.pre(host === '' || /[^\x21-\x7e]/.test(host));
      const sending = sendUnsigned(
        url,
        { method: 'GET', headers: { 'x-oss-meta-a': value }, expects: reply },
        dispatcher,
      );
      if (!(await wasSent(sending))) return;
      const { line, fields } = readHead();
      expect(line).toBe(`GET /${path.replace(/#.*/, '')} HTTP/1.1`);
      expect(fields.get('x-oss-meta-a')?.trim()).toBe(value.trim());
      for (const name of fields.keys()) expect(allowed).toContain(name);
    }),
    { numRuns: 150 },
  );
});
