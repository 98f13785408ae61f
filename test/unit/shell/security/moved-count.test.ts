import type { RequestListener } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import type { Accounts } from '../../../../main/accounts/accounts.ts';
import { countMoved } from '../../../../main/shell/security/moved-count.ts';
import { closeServers, makeServer } from '../../oss/scripted-server.ts';

afterEach(closeServers);

const from = { accountId: 'a', bucket: 'my-bucket', keys: ['k'], prefixes: ['p/', 'q/'], versionId: null };
const listed = (keys: readonly string[]): string =>
  `<ListBucketResult><IsTruncated>false</IsTruncated>${keys.map((key) => `<Contents><Key>${key}</Key><Size>1</Size><LastModified>2026-11-24T00:00:00.000Z</LastModified></Contents>`).join('')}</ListBucketResult>`;
const denied = '<Error><Code>AccessDenied</Code><Message>m</Message></Error>';

async function count(answer: RequestListener, prefixes: readonly string[] = from.prefixes): Promise<number> {
  const connection = await makeServer(answer);
  const accounts: Pick<Accounts, 'run'> = { run: (_id, _bucket, operation) => operation(connection) };
  return countMoved(accounts, { ...from, prefixes }, 1001);
}

test('a move takes away its files, and those in its folders', async () => {
  expect(await count((_, response) => response.end(listed(['a', 'b'])))).toBe(5);
});

test('what may not be listed is not moved either, and counts nothing', async () => {
  expect(await count((_, response) => response.writeHead(403).end(denied))).toBe(1);
});

test('where the list fails in passing, nobody knows how much the move takes away', async () => {
  expect(await count((_, response) => response.writeHead(503).end())).toBe(Infinity);
  expect(await count((request) => request.socket.destroy())).toBe(Infinity);
});

test('more folders than are listed in a moment count as too many files, without a request', async () => {
  let requests = 0;
  const answer: RequestListener = (_, response) => {
    requests += 1;
    response.end(listed([]));
  };
  const folders = Array.from({ length: 101 }, (_, index) => `${index}/`);
  expect(await count(answer, folders)).toBe(Infinity);
  expect(requests).toBe(0);
  expect(await count(answer, folders.slice(1))).toBe(1);
});
