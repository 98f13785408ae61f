import type { ObjectAcl, ObjectChange, ObjectProperties, RestoreTier } from '../../../main/contract/contract.ts';
import { Attempt } from '../../lib/attempt.svelte.ts';
import type { call } from '../../lib/bridge.ts';
import { Newest } from '../../lib/newest.ts';
import type { ObjectRef } from '../../lib/subjects.ts';
import { type Draft, changeOf, draftOf } from './draft.ts';

/** The properties of an object or of one of its versions, with the user's edits. */
export class PropertiesForm {
  readonly object: ObjectRef;
  readonly #call: typeof call;
  readonly #reads = new Newest();
  properties = $state.raw<ObjectProperties | null>(null);
  readonly loading = new Attempt();
  readonly saving = new Attempt();
  #draft = $state.raw<Draft | null>(null);

  /** The changes to save; null if there are none. */
  readonly change = $derived.by((): ObjectChange | null =>
    this.properties === null || this.#draft === null ? null : changeOf(this.properties, this.#draft),
  );
  /** Content, storage class and headers of a version or a symlink can't be changed. */
  readonly fixed = $derived.by(() => this.object.versionId !== null || this.properties?.head.objectType === 'Symlink');
  /** Rewriting the object creates a new version. */
  readonly makesVersion = $derived(
    !this.fixed && this.properties?.versioning.ok === true && this.properties.versioning.value === 'enabled',
  );
  /** The change would make the object readable by anyone. */
  readonly opensUp = $derived(this.change?.acl?.startsWith('public') ?? false);

  constructor(object: ObjectRef, callMain: typeof call) {
    this.object = object;
    this.#call = callMain;
  }

  get draft(): Draft | null {
    return this.#draft;
  }

  get acl(): ObjectAcl | null {
    return this.#draft?.acl ?? null;
  }

  set(patch: Partial<Draft>): void {
    if (this.#draft !== null) this.#draft = { ...this.#draft, ...patch };
    this.saving.failure = null;
  }

  async load(): Promise<void> {
    const take = (properties: ObjectProperties) => {
      this.properties = properties;
      this.#draft = draftOf(properties);
    };
    await this.loading.rerun(() => this.#reads.ask(() => this.#call('properties.read', this.object), take));
  }

  /** Checks whether a restore has finished, and keeps the user's edits. */
  async follow(): Promise<void> {
    await this.#reads.ask(
      () => this.#call('properties.read', this.object),
      (properties) => (this.properties = properties),
      // The next check may succeed.
      () => undefined,
    );
  }

  /** Saves the changes. Returns true on success. */
  async save(): Promise<boolean> {
    const { change } = this;
    return change !== null && (await this.#apply(change));
  }

  async restore(days: number, tier: RestoreTier): Promise<boolean> {
    return this.#apply({ restore: { days, tier } });
  }

  async #apply(change: ObjectChange): Promise<boolean> {
    const { key, ...place } = this.object;
    const request = { ...place, changeId: crypto.randomUUID(), keys: [key], prefixes: [], change };
    const isDone = await this.saving.run(
      () => this.#call('properties.change', request),
      async ({ failed, stopped }) => {
        this.saving.failure = failed[0]?.failure ?? stopped;
        if (this.saving.failure === null) await this.load();
      },
    );
    return isDone && this.saving.failure === null;
  }
}
