import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent } from 'undici';
import { memoryKeychain } from '../../../main/accounts/keychain.ts';
import type { Account } from '../../../main/accounts/account.ts';
import { WaybillError } from '../../../main/failure.ts';
import type { LedgerDraft } from '../../../main/links/ledger/ledger.ts';
import { startPractice } from '../../../main/practice/server.ts';
import { openState, type State } from '../../../main/shell/state.ts';
import { Journal } from '../../../main/transfers/tasks/journal.ts';
import type { TaskRecord } from '../../../main/transfers/tasks/task.ts';
import { TransferQueue } from '../../../main/transfers/queue/queue.ts';
import type { FileTrouble } from '../../../main/local-files/file-trouble.ts';
import { testCa, testTls } from '../../support/tls/certificate.ts';

/** A folder in memory where there is one: these tests start the app hundreds of times, and each start waits for the disk. */
export function makeFolder(): string {
  return mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'waybill-state-'));
}

/** A user-data folder with something in every file. */
export async function fillProfile(folder: string): Promise<void> {
  const state = await openState(folder, { keychain: memoryKeychain() });
  for (let at = 0; at < 30; at += 1) {
    const [id = ''] = await state.ledger.record([draft(`album/${at} 照片.jpg`)]);
    if (at % 3 === 0) await state.ledger.change([id], { note: `note ${at}` });
  }
  for (let at = 0; at < 5; at += 1) await state.accounts.save(account(at));
  await state.settings.set({ theme: 'dark', textSize: 120 });
  await state.window.save({ bounds: { x: 1, y: 2, width: 800, height: 600 }, maximized: true });
  await addAuthority(state, folder, testCa);
  await addAuthority(state, folder, testTls.cert);
  await state.ledger.close();
  fillJournal(join(folder, 'transfers.jsonl'));
  const practice = await startPractice({ dataDir: join(folder, 'practice') });
  await practice.close();
}

async function addAuthority({ authorities }: State, folder: string, pem: string): Promise<void> {
  const path = join(folder, 'added');
  appendFileSync(path, pem);
  await authorities.add(path);
}

export function draft(key: string): LedgerDraft {
  return {
    ...{ madeAt: 1_795_000_000_000, accountId: crypto.randomUUID(), accountName: 'Studio' },
    what: { kind: 'link', method: 'GET', bucket: 'photos', key, versionId: null },
    signer: { kind: 'key', accessKeyId: 'LTAI5tExample' },
    ...{ options: { expiresSeconds: 3600 }, validUntil: 1_795_003_600_000, sessionEndUnknown: false },
  };
}

export function account(at: number): Account {
  return {
    ...{
      id: crypto.randomUUID(),
      kind: 'key',
      name: `account ${at}`,
      colour: 'blue',
      origin: 'saved',
      accessKeyId: 'LTAI5tExample',
    },
    ...{ endpoint: 'https://oss-cn-hangzhou.aliyuncs.com', region: 'cn-hangzhou', cname: false, signVersion: 'v4' },
    ...{ startPath: null, role: null, stsEndpoint: null, defaultExpirySeconds: 3600, tokenValidUntil: null },
    temporary: false,
  };
}

export function record(id: string, at: number): TaskRecord {
  const place = { accountId: crypto.randomUUID(), bucket: 'photos', key: id, path: `/home/li/${id}` };
  const work =
    at % 4 === 3
      ? ({ kind: 'upload-folder', ...place } as const)
      : ({ kind: 'upload', what: 'file', ...place } as const);
  return { id, createdAt: at, work, name: `第 ${at} 个`, choice: null, priority: 'normal', rank: at, folder: null };
}

function fillJournal(path: string): void {
  const { journal } = Journal.open(path);
  for (let at = 0; at < 20; at += 1) {
    const id = crypto.randomUUID();
    journal.write({ type: 'task', task: record(id, at), sizeBytes: 100 });
    if (at % 4 === 3)
      journal.write({ type: 'settled', id, keys: ['a', 'b'], done: 2, skipped: 0, bytes: 5, unverified: 0 });
    const checkpoint = {
      bucket: 'photos',
      key: id,
      uploadId: 'u',
      partSizeBytes: 10,
      sizeBytes: 100,
      modifiedAt: 1,
      parts: [],
    };
    journal.write({ type: 'upload', id, checkpoint });
    for (let partNumber = 1; partNumber < 5; partNumber += 1)
      journal.write({ type: 'part', id, part: { partNumber, etag: 'e', crc64: '7', sizeBytes: 10 } });
    journal.write({ type: 'state', id, state: { at: 'paused' } });
  }
  void journal.close();
}

/** All files of a folder, by path within it. */
export function filesIn(folder: string): ReadonlyMap<string, Buffer> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  const files = names.filter((name) => statSync(join(folder, name)).isFile());
  return new Map(files.map((name) => [name, readFileSync(join(folder, name))]));
}

/** What the app has after a start. */
export interface Started {
  readonly state: State;
  readonly queue: TransferQueue;
  readonly practice: Awaited<ReturnType<typeof startPractice>>;
  /** What the start told. */
  readonly told: readonly FileTrouble[];
  close(): Promise<void>;
}

/** Starts on a profile as the app does, without Electron. */
export async function startApp(folder: string): Promise<Started> {
  mkdirSync(folder, { recursive: true });
  const state = await openState(folder, { keychain: memoryKeychain() });
  const dispatcher = new Agent();
  const queue = new TransferQueue({
    connection: () => Promise.reject(new WaybillError({ kind: 'credentials', cause: 'missing' })),
    dispatcher,
    journalFile: join(folder, 'transfers.jsonl'),
    onBatch: () => undefined,
    onUploaded: () => undefined,
    onTrouble: (trouble) => state.troubles.add('transfers', [trouble]),
  });
  const practice = await startPractice({ dataDir: join(folder, 'practice'), seed: false });
  const told = [...state.troubles.take(), ...practice.troubles];
  return {
    state,
    queue,
    practice,
    told,
    async close() {
      await queue.close();
      await state.ledger.close();
      await practice.close();
      await dispatcher.close();
    },
  };
}
