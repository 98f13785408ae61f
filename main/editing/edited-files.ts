import { chmod, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunAs } from '../accounts/accounts-options.ts';
import { toFailure, WaybillError } from '../failure.ts';
import { withFileErrors } from '../local-files/file-failure.ts';
import type { FileTrouble } from '../local-files/file-trouble.ts';
import { headObject } from '../oss/operations/objects.ts';
import { EditStore } from './edit-store.ts';
import { EditedFile, type EditPatience, type EditRecord, USUAL_PATIENCE } from './edited-file.ts';
import { fetchFile } from './fetch-file.ts';
import { keptHeaders } from './kept-headers.ts';
import { dangerAnswer, localNameOf, type OpenRequest, type ShowFile, sizeAnswer } from './open-request.ts';
import type { OpenAnswer, OpenedFile, OpenedState } from './opened-file.ts';
import { makeFolderFor, removeFolderOf, sweepFolders } from './private-folder.ts';
import { takeSnapshot } from './snapshot.ts';

/** Changes are reported at most once in so many milliseconds while bytes arrive. */
const PROGRESS_MS = 100;

interface EditedFilesOptions {
  /** Holds a folder for each file, which only Waybill and editors write to. */
  readonly root: string;
  /** The JSON file that remembers them. */
  readonly store: string;
  readonly run: RunAs;
  readonly onChange: () => void;
  /** An object was stored. */
  readonly onStored: (accountId: string, bucket: string, key: string) => void;
  readonly patience?: EditPatience;
}

/** A file that is on its way. */
interface Fetching {
  readonly file: Omit<OpenedFile, 'state'>;
  readonly stop: AbortController;
  state: OpenedState;
}

/** The files that editors have open. What isn't saved survives a restart, and is offered then. */
export class EditedFiles {
  /** What was wrong with the file that remembers them. */
  readonly troubles: readonly FileTrouble[];
  readonly #options: EditedFilesOptions;
  readonly #store: EditStore;
  readonly #files = new Map<string, EditedFile>();
  readonly #fetching = new Map<string, Fetching>();
  /** By object: two copies of it would be in conflict with each other. */
  readonly #starting = new Map<string, Promise<OpenAnswer>>();
  #reportedAt = -Infinity;

  private constructor(options: EditedFilesOptions, store: EditStore) {
    this.#options = options;
    this.#store = store;
    this.troubles = store.troubles;
  }

  /** Finds what an earlier run left unsaved, and removes the rest. Never rejects. */
  static async open(options: EditedFilesOptions): Promise<EditedFiles> {
    const store = await EditStore.open(options.store, options.root);
    const edited = new EditedFiles(options, store);
    for (const record of store.records) {
      const file = edited.#create(record, { at: 'kept' });
      // What can't be read may be someone's work.
      if (await file.isUnsaved().catch(() => true)) edited.#files.set(record.id, file);
    }
    await sweepFolders(options.root, new Set([...edited.#files.keys(), ...store.unlisted]));
    if (store.troubles.length > 0 || edited.#files.size < store.records.length) await edited.#write();
    return edited;
  }

  list(): readonly OpenedFile[] {
    const edited = [...this.#files.values()].map(({ record, state }) => {
      const { id, accountId, bucket, key, name } = record;
      return { id, accountId, bucket, key, versionId: null, name, state };
    });
    return [...[...this.#fetching.values()].map(({ file, state }) => ({ ...file, state })), ...edited];
  }

  /**
   * Fetches an object, has a program show it, and brings back what is saved there. Where it is edited already, only shows it.
   * @throws WaybillError as OpenedFiles.open(); `credentials` if the account may not read what a save must keep
   */
  async edit(request: OpenRequest, show: ShowFile): Promise<OpenAnswer> {
    const object = JSON.stringify([request.accountId, request.bucket, request.key]);
    const started = this.#starting.get(object);
    if (started !== undefined) {
      const answer = await started;
      return answer.kind === 'opened' ? this.edit(request, show) : answer;
    }
    const starting = this.#edit(request, show).finally(() => this.#starting.delete(object));
    this.#starting.set(object, starting);
    return starting;
  }

  async #edit(request: OpenRequest, show: ShowFile): Promise<OpenAnswer> {
    const refusal = dangerAnswer(request);
    if (refusal !== null) return refusal;
    const { accountId, bucket, key } = request;
    const known = [...this.#files.values()].find(
      ({ record }) => record.accountId === accountId && record.bucket === bucket && record.key === key,
    );
    if (known !== undefined) {
      // Kept beside another one, it has another key than the name of its copy.
      if (known.isProgram && !request.isProgramChosen) return { kind: 'program', isText: true };
      known.watch();
      await show(known.path);
      return { kind: 'opened' };
    }
    const stop = new AbortController();
    const head = await this.#options.run(accountId, bucket, async (connection) => {
      const found = await headObject(connection, { bucket, key }, stop.signal);
      if (found.objectType === 'Symlink') {
        throw new WaybillError({ kind: 'input', field: 'key', rule: 'symlink-edited' });
      }
      // Whoever can't save should know before they write.
      await keptHeaders(connection, { bucket, key }, found, stop.signal);
      return found;
    });
    const question = sizeAnswer(request, head.sizeBytes);
    if (question !== null) return question;
    const file = await this.#fetch(request, stop);
    file.watch();
    await show(file.path);
    return { kind: 'opened' };
  }

  /**
   * Shows a file again, and follows it. Unknown IDs are ignored.
   * @param showElsewhere asks for a program, for a file that the usual one could run
   */
  async show(id: string, showUsually: ShowFile, showElsewhere: ShowFile): Promise<void> {
    const file = this.#files.get(id);
    if (file === undefined) return;
    file.watch();
    await (file.isProgram ? showElsewhere : showUsually)(file.path);
  }

  /** Saves what isn't saved, now. Unknown IDs are ignored. */
  async save(id: string): Promise<void> {
    await this.#files.get(id)?.save();
  }

  /** Ends a conflict. Unknown IDs are ignored. */
  async resolve(id: string, choice: 'mine' | 'both' | 'theirs'): Promise<void> {
    await this.#files.get(id)?.resolve(choice);
  }

  /** The name of a file whose changes aren't saved; null if all are, and for an unknown ID. */
  async unsavedName(id: string): Promise<string | null> {
    const file = this.#files.get(id);
    if (file === undefined) return null;
    return (await file.isUnsaved().catch(() => true)) ? file.record.name : null;
  }

  /** Stops fetching a file, or stops following it and removes it with what isn't saved. Unknown IDs are ignored. */
  async finish(id: string): Promise<void> {
    this.#fetching.get(id)?.stop.abort();
    const file = this.#files.get(id);
    if (file === undefined) return;
    await this.#remove(file);
    await this.#write();
    this.#report();
  }

  /**
   * Removes what is saved and no editor holds. What isn't saved is found at the next start; and what an editor without lock
   * files saves until then, which creates the folder again.
   */
  async close(): Promise<void> {
    for (const { stop } of this.#fetching.values()) stop.abort();
    for (const file of [...this.#files.values()]) {
      await file.close();
      const isKept = (await file.isHeld()) || (await file.isUnsaved().catch(() => true));
      if (!isKept) await removeFolderOf(file.path);
    }
    await this.#write();
  }

  /** Removes all files, with what isn't saved. */
  async clear(): Promise<void> {
    for (const { stop } of this.#fetching.values()) stop.abort();
    for (const file of [...this.#files.values()]) await this.#remove(file);
    await this.#write();
    this.#report();
  }

  async #remove(file: EditedFile): Promise<void> {
    this.#files.delete(file.record.id);
    await file.close();
    await removeFolderOf(file.path);
  }

  async #fetch(request: OpenRequest, stop: AbortController): Promise<EditedFile> {
    const { root, run } = this.#options;
    const { accountId, bucket, key } = request;
    const name = localNameOf(request);
    const id = crypto.randomUUID();
    const path = await makeFolderFor(root, id, name);
    const file = { id, accountId, bucket, key, versionId: null, name };
    const fetching: Fetching = { file, stop, state: { at: 'fetching', doneBytes: 0, sizeBytes: null } };
    this.#fetching.set(id, fetching);
    this.#report();
    const onProgress = (progress: { readonly doneBytes: number; readonly sizeBytes: number | null }): void => {
      fetching.state = { at: 'fetching', ...progress };
      if (performance.now() - this.#reportedAt >= PROGRESS_MS) this.#report();
    };
    const watch = { signal: stop.signal, onProgress };
    try {
      const { etag } = await run(accountId, bucket, (connection) =>
        fetchFile(connection, { bucket, key }, path, watch),
      );
      await withFileErrors(path, chmod(path, 0o600));
      const content = await takeSnapshot(path, this.#snapshotPathOf(id));
      if (typeof content === 'string') throw new WaybillError({ kind: 'file', reason: 'changed', path });
      const edited = this.#create(
        { id, accountId, bucket, key, name, base: { etag, ...content }, attempted: [] },
        { at: 'saved', savedAt: null },
      );
      this.#files.set(id, edited);
      // What isn't written down would be swept at the next start, with what an editor saved there.
      await this.#store.write(this.#records());
      return edited;
    } catch (error) {
      this.#files.delete(id);
      await removeFolderOf(path);
      const isStopped = stop.signal.aborted && toFailure(error).kind !== 'cancelled';
      throw isStopped ? new WaybillError({ kind: 'cancelled' }, { cause: error }) : error;
    } finally {
      await rm(this.#snapshotPathOf(id), { force: true }).catch(() => undefined);
      this.#fetching.delete(id);
      this.#report();
    }
  }

  #create(record: EditRecord, state: OpenedState): EditedFile {
    const { root, run, onStored, patience = USUAL_PATIENCE } = this.#options;
    return new EditedFile(record, state, {
      ...{ run, patience, path: join(root, record.id, record.name), snapshotPath: this.#snapshotPathOf(record.id) },
      onChange: () => this.#report(),
      onRecord: () => this.#write(),
      onStored: (key) => onStored(record.accountId, record.bucket, key),
    });
  }

  /** Not in the file's folder, where an editor would see it. */
  #snapshotPathOf(id: string): string {
    return join(this.#options.root, `${id}.saving`);
  }

  /** A full disk must not end what is edited; the files themselves stay. */
  async #write(): Promise<void> {
    await this.#store.write(this.#records()).catch(() => undefined);
  }

  #records(): readonly EditRecord[] {
    return [...this.#files.values()].map(({ record }) => record);
  }

  #report(): void {
    this.#reportedAt = performance.now();
    this.#options.onChange();
  }
}
