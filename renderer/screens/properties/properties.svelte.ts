import type {
  Failure,
  ObjectAcl,
  ObjectChange,
  ObjectProperties,
  RestoreTier,
} from '../../../main/contract/contract.ts';
import { type call, failureOf } from '../../lib/bridge.ts';
import { Newest } from '../../lib/newest.ts';
import { type Draft, changeOf, draftOf } from './draft.ts';
import type { ShareObject } from '../../model/dialogs.svelte.ts';

/** The properties of one object, or of one version of it: as they are, and as they shall be. */
export class PropertiesForm {
  readonly object: ShareObject;
  readonly #call: typeof call;
  readonly #reads = new Newest();
  properties = $state.raw<ObjectProperties | null>(null);
  loadFailure = $state.raw<Failure | null>(null);
  failure = $state.raw<Failure | null>(null);
  busy = $state(false);
  #draft = $state.raw<Draft | null>(null);

  /** What would be changed; null where nothing would. */
  readonly change = $derived.by((): ObjectChange | null =>
    this.properties === null || this.#draft === null ? null : changeOf(this.properties, this.#draft),
  );
  /** A version's bytes, class and headers are as they are for good; so are a symlink's. */
  readonly fixed = $derived.by(() => this.object.versionId !== null || this.properties?.head.objectType === 'Symlink');
  /** Writing the object anew makes a version of it. */
  readonly makesVersion = $derived(
    !this.fixed && this.properties?.versioning.ok === true && this.properties.versioning.value === 'enabled',
  );
  /** Anybody could read it, who could not before. */
  readonly opensUp = $derived(this.change?.acl?.startsWith('public') ?? false);

  constructor(object: ShareObject, callMain: typeof call) {
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
    this.failure = null;
  }

  async load(): Promise<void> {
    this.loadFailure = null;
    await this.#reads.ask(
      () => this.#call('properties.read', this.object),
      (properties) => {
        this.properties = properties;
        this.#draft = draftOf(properties);
      },
      (error) => (this.loadFailure = failureOf(error)),
    );
  }

  /** Looks whether a restoration has ended; what was typed meanwhile stays. */
  async follow(): Promise<void> {
    await this.#reads.ask(
      () => this.#call('properties.read', this.object),
      (properties) => (this.properties = properties),
      // It is looked at again in a while.
      () => undefined,
    );
  }

  /** Carries out what was changed. True once it is done. */
  async save(): Promise<boolean> {
    const { change } = this;
    return change !== null && (await this.#apply(change));
  }

  async restore(days: number, tier: RestoreTier): Promise<boolean> {
    return this.#apply({ restore: { days, tier } });
  }

  async #apply(change: ObjectChange): Promise<boolean> {
    if (this.busy) return false;
    const { key, ...place } = this.object;
    this.busy = true;
    this.failure = null;
    try {
      const changeId = crypto.randomUUID();
      const { failed, stopped } = await this.#call('properties.change', {
        ...{ ...place, changeId, keys: [key], prefixes: [], change },
      });
      this.failure = failed[0]?.failure ?? stopped;
      if (this.failure === null) await this.load();
    } catch (error) {
      this.failure = failureOf(error);
    } finally {
      this.busy = false;
    }
    return this.failure === null;
  }
}
