import { Agent } from 'undici';
import { expect, test } from 'vitest';
import { sealGrant } from '../../../../main/links/grants/grant-code.ts';
import { formatLinks } from '../../../../main/links/making/link-list.ts';
import { signLink } from '../../../../main/links/making/sign-link.ts';
import { recognise } from '../../../../main/links/receiving/recognise.ts';
import { type Connection, ServerClock } from '../../../../main/oss/connection.ts';
import { parseEndpoint } from '../../../../main/oss/endpoint.ts';

const accessKey = { accessKeyId: 'LTAI5tExampleExample', accessKeySecret: 'secret', securityToken: null };
const connection: Connection = {
  endpoint: parseEndpoint('oss-cn-hangzhou.aliyuncs.com'),
  region: 'cn-hangzhou',
  signVersion: 'v4',
  accessKey: () => Promise.resolve(accessKey),
  dispatcher: new Agent(),
  clock: new ServerClock(() => Date.UTC(2026, 10, 24)),
};
const { url } = signLink(
  connection,
  { accessKey, validUntil: null },
  { ...{ bucket: 'samples', key: 'a.txt', versionId: null }, expiresSeconds: 3600, fileName: null, open: null },
);
const head = { bucket: 'samples', base: '', validUntil: 1, madeAt: 0 };
const links = [{ key: 'a.txt', versionId: null, sizeBytes: 3, crc64: '42', url }];
const grant = {
  ...{ bucket: 'samples', keys: [], prefixes: ['in/'], allow: ['read'] as const, validUntil: 1 },
  ...{ endpoint: 'https://oss-cn-hangzhou.aliyuncs.com', region: 'cn-hangzhou', cname: false },
  signVersion: 'v4' as const,
  accessKey: { ...accessKey, securityToken: 'token' },
};

test('a share manifest is one, however long it is, and though only its start is there', () => {
  const manifest = [...formatLinks('manifest', head, links)].join('');
  expect(recognise(manifest)).toBe('manifest');
  expect(recognise(manifest.slice(0, 300))).toBe('manifest');
});

test('an upload request is one by its own word, not by a note that talks of one', () => {
  expect(recognise('{"waybill":"upload-request","version":1,"slots":[')).toBe('upload-request');
  expect(recognise('{\n  "waybill": "upload-ticket",\n  "version": 1,')).toBe('upload-ticket');
  expect(recognise('{"note":"waybill: upload-request"}')).toBeNull();
});

test('a grant code is one in a mail too, and its prefix in a program is none', async () => {
  const code = await sealGrant(grant, 'wombats juggle nine lanterns');
  expect(recognise(code)).toBe('grant-code');
  expect(recognise(`Hello,\n\nhere is your access:\n${code}\n\nBye`)).toBe('grant-code');
  expect(recognise("export const GRANT_PREFIX = 'waybill-grant:';")).toBeNull();
});

test('a link counts, whole or damaged, and another address does not', () => {
  expect(recognise(`See ${url}.`)).toBe('link');
  expect(recognise([...formatLinks('csv', head, links)].join(''))).toBe('link');
  expect(recognise(url.slice(0, -20))).toBe('link');
  expect(recognise('https://example.com/a.txt')).toBeNull();
});

test('credentials count, and those that cannot be used', () => {
  expect(recognise('AccessKey ID,AccessKey Secret\nLTAI5tExampleExample,a-secret-of-thirty-characters\n')).toBe(
    'credentials',
  );
  expect(recognise('[default]\nmode = EcsRamRole\nram_role_name = worker\n')).toBe('credentials');
});

test('anything else is nothing: a JSON, a program, binary data with a link in it', () => {
  expect(recognise('{"name":"report","rows":[1,2,3]}')).toBeNull();
  expect(recognise('')).toBeNull();
  expect(recognise(`\0\x01${url}`)).toBeNull();
  expect(recognise(`${' '.repeat(256 * 1024)}${url}`)).toBeNull();
});
