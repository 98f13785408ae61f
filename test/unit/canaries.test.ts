import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startPractice } from '../../main/practice/server.ts';
import { canariesAnswered, canariesInFiles, canariesPrinted, canary } from '../support/canaries.ts';

test('a secret that a program leaves in a file or prints is noticed, however it is written', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'waybill-canaries-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  canary('a passphrase', 'correct horse+battery');
  await mkdir(join(folder, 'own'));
  await writeFile(join(folder, 'plain.json'), '{"passphrase":"correct horse+battery"}');
  await writeFile(join(folder, 'wide'), Buffer.from('x correct horse+battery', 'utf16le'));
  await writeFile(join(folder, 'query'), 'p=correct%20horse%2Bbattery');
  await writeFile(join(folder, 'base64'), Buffer.from('correct horse+battery').toString('base64'));
  await writeFile(join(folder, 'own', 'file'), 'correct horse+battery');
  await writeFile(join(folder, 'clean'), 'correct horse');
  const hits = ['base64', 'plain.json', 'query', 'wide'].map((file) => `${file}: a passphrase`);
  expect((await canariesInFiles(folder, (path) => path.startsWith('own/'))).sort()).toEqual(hits);
  await expect(canariesInFiles('')).rejects.toThrow('no folder');
  expect(canariesPrinted('… correct horse+battery …')).toEqual(['printed: a passphrase']);
});

test('signatures of requests and links that reach a server are noticed, and a link may be an answer', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'waybill-canaries-'));
  const server = await startPractice({ dataDir: folder });
  const { endpoint } = server;
  onTestFinished(async () => {
    await server.close();
    await rm(folder, { recursive: true });
  });
  const v4 = 'a'.repeat(64);
  const v1 = `${'b+/'.repeat(9)}=`;
  const link = 'c'.repeat(64);
  for (const authorization of [`OSS4-HMAC-SHA256 Credential=x,Signature=${v4}`, `OSS LTAI:${v1}`]) {
    await fetch(endpoint, { headers: { authorization } });
  }
  await fetch(`${endpoint}/?x-oss-signature=${link}`);
  expect(canariesAnswered(`(${v4})`)).toEqual(['answered: the signature of a request']);
  expect(canariesAnswered(`?Signature=${encodeURIComponent(v1)}`)).toEqual(['answered: the signature of a request']);
  expect(canariesAnswered(link)).toEqual([]);
  expect(canariesPrinted(link)).toEqual(['printed: the signature of a link']);
});
