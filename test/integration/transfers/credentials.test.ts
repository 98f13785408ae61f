import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { readPaste } from '../../../main/accounts/pasting/paste.ts';
import { assumeRole } from '../../../main/accounts/sts/sts.ts';
import { ServerClock } from '../../../main/oss/connection.ts';
import { headObject } from '../../../main/oss/operations/objects.ts';
import { startPractice } from '../../../main/practice/server.ts';
import { TransferQueue } from '../../../main/transfers/queue/queue.ts';
import { makeDesk } from '../links/desk.ts';

const minute = 60_000;
const bucket = 'waybill-inbox';
let desk: Awaited<ReturnType<typeof makeDesk>>;
const queues: TransferQueue[] = [];

beforeAll(async () => {
  desk = await makeDesk();
});

afterEach(async () => {
  for (const queue of queues.splice(0)) await queue.close();
  desk.run.server.faults.clear();
  desk.time.ahead = 0;
});

afterAll(() => desk.close());

/** A queue over the desk's accounts, and a way to wait for what it tells. */
function makeQueue(onProgress: (doneBytes: number) => void = () => undefined) {
  let wake = (): void => undefined;
  const queue = new TransferQueue({
    connection: (id, name) => desk.accounts.connection(id, name),
    refresh: (id) => Promise.resolve(void desk.accounts.access(id).renew()),
    dispatcher: desk.run.dispatcher,
    journalFile: null,
    onUploaded: () => undefined,
    onBatch: ({ changed }) => {
      for (const { doneBytes } of changed) onProgress(doneBytes);
      wake();
    },
  });
  queues.push(queue);
  return {
    queue,
    until: async (at: string): Promise<void> => {
      while (!queue.list().every(({ state }) => state.at === at)) {
        const failed = queue.list().find(({ state }) => state.at === 'failed');
        if (failed !== undefined) throw new Error(JSON.stringify(failed.state));
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}

async function file(name: string, sizeBytes: number): Promise<string> {
  const folder = join(desk.folder, 'files');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, name), randomBytes(sizeBytes));
  return join(folder, name);
}

test('an upload of hours runs across the sessions of its role', async () => {
  const accountId = await desk.addRole(desk.run.server.roleArn, 900);
  const seen = new Set<string>();
  let steps = 0;
  const { queue, until } = makeQueue((doneBytes) => {
    // Each time some more is through, 13 minutes have passed: a session lasts 15.
    const reached = Math.floor(doneBytes / 8_000_000);
    if (reached > steps && steps < 8) {
      steps = reached;
      desk.time.ahead += 13 * minute;
      void desk.accounts.session(accountId).then(({ accessKey }) => seen.add(accessKey.accessKeyId));
    }
  });
  desk.run.server.faults.add({ match: { operation: 'UploadPart' }, effect: { kind: 'latency', ms: 100 } });
  await queue.addUploads({ accountId, bucket, prefix: '', paths: [await file('long.bin', 64_000_000)] });
  await until('done');
  expect(steps).toBeGreaterThan(1);
  expect(seen.size).toBeGreaterThan(1);
  expect(queue.list()[0]?.state).toMatchObject({ at: 'done', verified: 'crc64' });
});

test('transfers of pasted credentials that ended wait for new ones, and go on with them', async () => {
  const { accessKeyId, accessKeySecret, roleArn, stsEndpoint } = desk.run.server;
  const session = () =>
    assumeRole({
      accessKey: { accessKeyId, accessKeySecret, securityToken: null },
      ...{ stsEndpoint: `http://${stsEndpoint}`, roleArn, sessionName: 'pasted', durationSeconds: 900 },
      ...{ clock: new ServerClock(() => Date.now() + desk.time.ahead), dispatcher: desk.run.dispatcher },
    });
  const first = await session();
  const { id } = await desk.accounts.add(
    desk.run.draft({ ...first.accessKey, tokenValidUntil: first.validUntil, remember: false }),
  );
  desk.time.ahead = 16 * minute;
  const { queue, until } = makeQueue();
  const paths = [await file('one.bin', 300_000), await file('two.bin', 300_000)];
  await queue.addUploads({ accountId: id, bucket, prefix: 'pasted/', paths });
  await until('blocked');
  expect(queue.list().map(({ state }) => state)).toMatchObject(Array(2).fill({ at: 'blocked', need: 'credentials' }));

  for (const end of [null, first.validUntil]) {
    await expect(desk.accounts.replaceCredentials(id, { ...first.accessKey }, end)).rejects.toMatchObject({
      failure: { cause: 'token-expired' },
    });
  }
  const second = await session();
  const { accessKey } = second;
  const reading = readPaste(
    JSON.stringify({
      Credentials: {
        AccessKeyId: accessKey.accessKeyId,
        AccessKeySecret: accessKey.accessKeySecret,
        SecurityToken: accessKey.securityToken,
        Expiration: new Date(second.validUntil).toISOString(),
      },
    }),
  );
  const pasted = reading.kind === 'found' ? reading.found[0] : undefined;
  if (pasted === undefined) throw new Error(reading.kind);
  const account = await desk.accounts.replaceCredentials(id, pasted, pasted.validUntil);
  expect(account).toMatchObject({ id, temporary: true, tokenValidUntil: second.validUntil });
  queue.credentialsRenewed(id);
  await until('done');
  const key = 'pasted/one.bin';
  const head = await desk.accounts.run(id, bucket, (connection) => headObject(connection, { bucket, key }));
  expect(head.sizeBytes).toBe(300_000);
});

test('credentials that see none of the buckets of an account are not taken for its own', async () => {
  const theirs = await startPractice({ dataDir: join(desk.folder, 'theirs') });
  const { endpoint, accessKeyId, accessKeySecret } = theirs;
  const { id } = await desk.accounts.add(desk.run.draft({ endpoint, accessKeyId, accessKeySecret, remember: false }));
  await desk.accounts.buckets(id);
  await theirs.close();
  // Another Alibaba Cloud account at the same endpoint, with no bucket of the first.
  const port = Number(new URL(endpoint).port);
  const stranger = await startPractice({ dataDir: join(desk.folder, 'stranger'), seed: false, port });
  const key = { ...stranger, securityToken: null };
  await expect(desk.accounts.replaceCredentials(id, key, null)).rejects.toMatchObject({
    failure: { kind: 'input', rule: 'other-account' },
  });
  expect(desk.accounts.get(id)).toMatchObject({ accessKeyId });
  await stranger.close();
});
