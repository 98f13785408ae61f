import { chmod } from 'node:fs/promises';
import type { RunAs } from '../accounts/accounts-options.ts';
import { toFailure, WaybillError } from '../failure.ts';
import { withFileErrors } from '../local-files/file-failure.ts';
import { headObject } from '../oss/operations/objects.ts';
import { fetchFile } from './fetch-file.ts';
import { dangerAnswer, localNameOf, type OpenRequest, type ShowFile, sizeAnswer } from './open-request.ts';
import type { OpenAnswer, OpenedFile, OpenedState } from './opened-file.ts';
import { makeFolderFor, removeFolderOf, sweepFolders } from './private-folder.ts';

/** Changes are reported at most once in so many milliseconds while bytes arrive. */
const PROGRESS_MS = 100;

/** Files that are open at once, at most: each is a copy on the disk. */
const MAX_OPEN = 200;

interface OpenedFilesOptions {
  /** Holds a folder for each file; only Waybill writes there. */
  readonly root: string;
  readonly run: RunAs;
  readonly onChange: () => void;
}

interface Entry {
  readonly file: Omit<OpenedFile, 'state'>;
  readonly path: string;
  readonly stop: AbortController;
  /** Its path, once it is fetched. */
  readonly fetched: Promise<string>;
  state: OpenedState;
  /** Of the object that is or was fetched; null if OSS didn't say. */
  etag: string | null;
}

/**
 * Copies of objects that other programs show. Each has a private folder of its own, so that it keeps its name, is read-only,
 * and disappears when Waybill quits.
 */
export class OpenedFiles {
  readonly #options: OpenedFilesOptions;
  readonly #entries = new Map<string, Entry>();
  #reportedAt = -Infinity;

  private constructor(options: OpenedFilesOptions) {
    this.#options = options;
  }

  /** Removes what an earlier run left. Never rejects. */
  static async open(options: OpenedFilesOptions): Promise<OpenedFiles> {
    await sweepFolders(options.root, new Set());
    return new OpenedFiles(options);
  }

  list(): readonly OpenedFile[] {
    return [...this.#entries.values()].map(({ file, state }) => ({ ...file, state }));
  }

  /**
   * Fetches an object and has a program show it. Nothing that could run is fetched, unless as a text for a program that the
   * person chose. @throws WaybillError what OSS or the disk answered; `cancelled` after stop()
   */
  async open(request: OpenRequest, show: ShowFile): Promise<OpenAnswer> {
    const refusal = dangerAnswer(request);
    if (refusal !== null) return refusal;
    const { accountId, bucket, key, versionId } = request;
    const object = { bucket, key, versionId: versionId ?? undefined };
    const head = await this.#options.run(accountId, bucket, (connection) => headObject(connection, object));
    const known = this.#find(request, head.etag);
    const question = known === null ? sizeAnswer(request, head.sizeBytes) : null;
    if (question !== null) return question;
    const name = localNameOf(request);
    const file = { id: crypto.randomUUID(), accountId, bucket, key, versionId, name };
    const entry = known ?? (await this.#add(file, head.etag));
    await show(await entry.fetched);
    return { kind: 'opened' };
  }

  /** Stops fetching a file. Unknown IDs are ignored. */
  stop(id: string): void {
    this.#entries.get(id)?.stop.abort();
  }

  /** Stops all fetches and removes all copies. */
  async close(): Promise<void> {
    const entries = [...this.#entries.values()];
    for (const { stop } of entries) stop.abort();
    await Promise.allSettled(entries.map(({ fetched }) => fetched));
    for (const { path, file } of entries) {
      await removeFolderOf(path);
      this.#entries.delete(file.id);
    }
  }

  /** A copy of this state of the object, maybe still being fetched. */
  #find({ accountId, bucket, key, versionId }: OpenRequest, etag: string | null): Entry | null {
    const isSame = ({ file, ...entry }: Entry): boolean =>
      entry.etag === etag && file.accountId === accountId && file.bucket === bucket && file.versionId === versionId;
    if (etag === null) return null;
    return [...this.#entries.values()].find((entry) => entry.file.key === key && isSame(entry)) ?? null;
  }

  async #add(file: Entry['file'], etag: string | null): Promise<Entry> {
    if (this.#entries.size >= MAX_OPEN)
      throw new WaybillError({ kind: 'input', field: 'key', rule: 'too-many-opened' });
    const path = await makeFolderFor(this.#options.root, file.id, file.name);
    const stop = new AbortController();
    const state: OpenedState = { at: 'fetching', doneBytes: 0, sizeBytes: null };
    const entry: Entry = { file, path, stop, etag, state, fetched: Promise.resolve().then(() => this.#fetch(entry)) };
    this.#entries.set(file.id, entry);
    this.#report();
    return entry;
  }

  async #fetch(entry: Entry): Promise<string> {
    const { file, path, stop } = entry;
    const { accountId, bucket, key, versionId } = file;
    const object = { bucket, key, versionId: versionId ?? undefined };
    const onProgress = (progress: { readonly doneBytes: number; readonly sizeBytes: number | null }): void => {
      entry.state = { at: 'fetching', ...progress };
      if (performance.now() - this.#reportedAt >= PROGRESS_MS) this.#report();
    };
    const watch = { signal: stop.signal, onProgress };
    try {
      const { run } = this.#options;
      const fetched = await run(accountId, bucket, (connection) => fetchFile(connection, object, path, watch));
      // Nobody changes a copy that nothing brings back; and nothing marks it as a program.
      await withFileErrors(path, chmod(path, 0o400));
      entry.etag = fetched.etag;
      entry.state = { at: 'open' };
      return path;
    } catch (error) {
      this.#entries.delete(file.id);
      await removeFolderOf(path);
      const isStopped = stop.signal.aborted && toFailure(error).kind !== 'cancelled';
      throw isStopped ? new WaybillError({ kind: 'cancelled' }, { cause: error }) : error;
    } finally {
      this.#report();
    }
  }

  #report(): void {
    this.#reportedAt = performance.now();
    this.#options.onChange();
  }
}
