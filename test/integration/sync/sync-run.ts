import { lstat, mkdir, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { deleteObjects } from '../../../main/oss/operations/deletes.ts';
import { objectPages } from '../../../main/oss/operations/ranges/object-pages.ts';
import { compare } from '../../../main/sync/compare.ts';
import { type Deleted, deleteGone } from '../../../main/sync/deletions.ts';
import { SyncPlan } from '../../../main/sync/plan.ts';
import type { AtBucket } from '../../../main/sync/remote-side.ts';
import type { SyncRule } from '../../../main/sync/rule.ts';
import type { SyncEntry } from '../../../main/sync/step.ts';
import type { Transfer } from '../../../main/transfers/tasks/transfer.ts';
import type { PracticeBucket } from '../transfers/practice-bucket.ts';
import { accountId, makeQueue } from '../transfers/queue-run.ts';

/** What a sync planned, and what came of it. */
export interface SyncResult {
  readonly plan: readonly SyncEntry[];
  readonly ended: readonly Transfer[];
  readonly deleted: readonly Deleted[];
}

/** Files by their path. */
export type Tree = Readonly<Record<string, string>>;

/** A practice bucket and a local folder that are synced. */
export class SyncPair {
  readonly practice: PracticeBucket;
  readonly folder: string;
  #plans = 0;

  constructor(practice: PracticeBucket) {
    this.practice = practice;
    this.folder = join(practice.folder, 'synced');
  }

  rule(direction: SyncRule['direction'], more: Partial<SyncRule> = {}): SyncRule {
    const { bucket } = this.practice;
    const base = { direction, folder: this.folder, bucket, prefix: 'to/', compare: 'time', keepsNewer: false } as const;
    return { ...base, deletes: false, include: [], exclude: [], ...more };
  }

  get tools(): { readonly atBucket: AtBucket; readonly signal: AbortSignal; readonly foldsNames: boolean } {
    const atBucket: AtBucket = (operation) => operation(this.practice.connection);
    return { atBucket, signal: new AbortController().signal, foldsNames: false };
  }

  async compared(rule: SyncRule, more: { readonly foldsNames?: boolean } = {}): Promise<readonly SyncEntry[]> {
    const entries: SyncEntry[] = [];
    for await (const page of compare(rule, { ...this.tools, ...more })) entries.push(...page);
    return entries;
  }

  /** Plans, lets `meanwhile` happen, transfers, then deletes. */
  async sync(rule: SyncRule, meanwhile: () => Promise<unknown> = () => Promise.resolve()): Promise<SyncResult> {
    const plan = await SyncPlan.make(rule, join(this.practice.folder, `${(this.#plans += 1)}.plan`), this.tools);
    await meanwhile();
    const ended: Transfer[] = [];
    const transfer = plan.transfer(accountId, 'synced');
    if (transfer !== null) {
      const run = makeQueue(this.practice, { onEnded: (each) => void (each.folderId !== null && ended.push(each)) });
      await run.queue.add([transfer]);
      await run.settled();
      await run.close();
    }
    const deleted: Deleted[] = [];
    for await (const page of deleteGone(plan, this.tools)) deleted.push(...page);
    const entries = [...plan.entries('upload', 'download', 'delete', 'skip', 'fail')];
    plan.remove();
    return { plan: entries, ended, deleted };
  }

  async putAll(tree: Tree): Promise<void> {
    for (const [path, text] of Object.entries(tree)) await this.practice.put(`to/${path}`, text);
  }

  async writeAll(tree: Tree, ageMs = 60_000): Promise<void> {
    for (const [path, text] of Object.entries(tree)) {
      const file = join(this.folder, path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text);
      const time = (Date.now() - ageMs) / 1000;
      await utimes(file, time, time);
    }
  }

  async clear(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
    await mkdir(this.folder);
  }

  /** The files of the folder; undefined contents for what is no file. */
  async files(): Promise<Tree> {
    const found = await readdir(this.folder, { recursive: true }).catch(() => []);
    const tree: Record<string, string> = {};
    for (const path of found) {
      const file = join(this.folder, path);
      if ((await lstat(file)).isFile()) tree[path] = await readFile(file, 'utf8');
    }
    return tree;
  }

  async objects(): Promise<Tree> {
    const tree: Record<string, string> = {};
    for (const key of await this.#keys()) {
      if (key.startsWith('to/')) tree[key.slice(3)] = (await this.practice.read(key)).toString();
    }
    return tree;
  }

  /** Removes all objects. */
  async empty(): Promise<void> {
    const keys = (await this.#keys()).map((key) => ({ key }));
    if (keys.length > 0) await deleteObjects(this.practice.connection, this.practice.bucket, keys);
  }

  async #keys(): Promise<readonly string[]> {
    const keys: string[] = [];
    for await (const { objects } of objectPages(this.practice.connection, this.practice.bucket)) {
      keys.push(...objects.map(({ key }) => key));
    }
    return keys;
  }
}

/** `upload a`, `skip b taken`: what a plan does, a line a path. */
export function stepsOf(entries: readonly SyncEntry[]): readonly string[] {
  return entries
    .filter(({ step }) => step.action !== 'none')
    .map(({ path, step }) => `${step.action} ${path}${step.action === 'skip' ? ` ${step.because}` : ''}`);
}
