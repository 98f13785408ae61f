import type { ArgsOf, ObjectAcl, ObjectChange, Results, StorageClass } from '../../../main/contract/contract.ts';
import { Attempt } from '../../lib/attempt.svelte.ts';
import type { call } from '../../lib/bridge.ts';
import { toMeta, toTags } from './draft.ts';
import type { NameValue } from '../../lib/name-value.ts';
import type { ObjectsRef } from '../../lib/subjects.ts';

/** How to treat existing metadata or tags: keep them, add to them, or replace them. */
export type SetMode = 'keep' | 'add' | 'only';

/** The new properties of many objects; `keep` leaves each object's own value. */
export interface ManyDraft {
  readonly storageClass: StorageClass | 'keep';
  readonly acl: ObjectAcl | 'keep';
  /** Headers to set; an empty value removes the header. */
  readonly headers: readonly NameValue[];
  readonly metaMode: SetMode;
  readonly meta: readonly NameValue[];
  readonly tagMode: SetMode;
  readonly tags: readonly NameValue[];
  readonly restore: { readonly days: number; readonly tier: 'Expedited' | 'Standard' | 'Bulk' } | null;
}

/** Changes properties of several objects and of everything in the selected folders. */
export class ChangeManyForm {
  readonly subject: ObjectsRef;
  readonly #call: typeof call;
  readonly #changeId = crypto.randomUUID();
  #closed = false;
  #draft = $state.raw<ManyDraft>({
    ...{ storageClass: 'keep', acl: 'keep', headers: [], metaMode: 'keep', meta: [], tagMode: 'keep', tags: [] },
    restore: null,
  });

  /** The objects counted so far; null before the first page. */
  count = $state.raw<{ readonly count: number; readonly isAll: boolean } | null>(null);
  done = $state(0);
  readonly running = new Attempt();
  readonly #counting = new Attempt();
  result = $state.raw<Results['properties.change'] | null>(null);
  readonly failure = $derived(this.running.failure ?? this.#counting.failure);

  readonly change = $derived.by((): ObjectChange | null => manyChange(this.#draft));
  readonly opensUp = $derived(this.#draft.acl.startsWith('public'));

  constructor(subject: ObjectsRef, restore: ManyDraft['restore'], callMain: typeof call) {
    this.subject = subject;
    this.#call = callMain;
    this.#draft = { ...this.#draft, restore };
  }

  get draft(): ManyDraft {
    return this.#draft;
  }

  set(patch: Partial<ManyDraft>): void {
    this.#draft = { ...this.#draft, ...patch };
    this.result = null;
    this.running.failure = null;
    this.#counting.failure = null;
  }

  /** Counts the objects until all are counted or the change starts. */
  async loadCount(): Promise<void> {
    await this.#counting.run(() => this.#count());
  }

  async #count(): Promise<void> {
    const { accountId, bucket, keys, prefixes } = this.subject;
    let count = keys.length;
    for (const prefix of prefixes) {
      let pageToken: string | null = null;
      do {
        if (this.running.busy || this.#closed) return;
        const page = await this.#measure({ accountId, bucket, prefix, pageToken });
        count += page.objects;
        pageToken = page.nextPageToken;
        this.count = { count, isAll: false };
      } while (pageToken !== null);
    }
    this.count = { count, isAll: true };
  }

  async start(): Promise<void> {
    const { change } = this;
    if (change === null) return;
    const { keys, prefixes, ...place } = this.subject;
    const all = {
      ...place,
      changeId: this.#changeId,
      keys: [...keys],
      prefixes: [...prefixes],
      versionId: null,
      change,
    };
    await this.#run('properties.change', all);
  }

  /** Retries the objects that failed. */
  async retry(): Promise<void> {
    await this.#run('properties.retry', { changeId: this.#changeId });
  }

  /** Cancels the change when its dialog closes. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.cancel();
  }

  /** Objects that have already changed stay changed. */
  async cancel(): Promise<void> {
    if (this.running.busy) await this.#call('properties.cancel', { changeId: this.#changeId });
  }

  follow({ changeId, done }: { readonly changeId: string; readonly done: number }): void {
    if (changeId === this.#changeId) this.done = done;
  }

  #measure(start: ArgsOf<'objects.measure'>): Promise<Results['objects.measure']> {
    return this.#call('objects.measure', start);
  }

  async #run<C extends 'properties.change' | 'properties.retry'>(name: C, args: ArgsOf<C>): Promise<void> {
    if (this.running.busy) return;
    this.done = 0;
    this.result = null;
    this.#counting.failure = null;
    await this.running.run(
      () => this.#call(name, args),
      (result) => (this.result = result),
    );
  }
}

function manyChange(draft: ManyDraft): ObjectChange | null {
  const { storageClass, acl, restore, metaMode, tagMode } = draft;
  const headers = Object.fromEntries(
    draft.headers
      .filter(({ name }) => name.trim() !== '')
      .map(({ name, value }) => [name.trim().toLowerCase(), value.trim() === '' ? null : value.trim()]),
  );
  const change: ObjectChange = {
    ...(storageClass === 'keep' ? {} : { storageClass }),
    ...(acl === 'keep' ? {} : { acl }),
    ...(Object.keys(headers).length === 0 ? {} : { headers }),
    ...(metaMode === 'keep' ? {} : { meta: { only: metaMode === 'only', values: toMeta(draft.meta) } }),
    ...(tagMode === 'keep' ? {} : { tags: { only: tagMode === 'only', values: toTags(draft.tags) } }),
    ...(restore === null ? {} : { restore }),
  };
  return Object.keys(change).length === 0 ? null : change;
}
