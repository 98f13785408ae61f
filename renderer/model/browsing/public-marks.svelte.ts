import { SvelteMap, SvelteSet } from 'svelte/reactivity';
import type { ObjectAccess, Opening } from '../../../main/contract/contract.ts';
import type { call } from '../../lib/bridge.ts';
import type { BucketRef, ObjectRef } from '../../lib/subjects.ts';

/** What opens a bucket to everyone, where something does. */
export type PublicOpening = Exclude<Opening, 'none' | 'unknown'>;

/**
 * What everyone may do with an object, as far as that is known: `maybe` where the bucket's policy decides, or where the
 * object's own ACL can't be asked; `closed` for an object that is private in a public bucket.
 */
export type ObjectOpening = 'read' | 'write' | 'maybe' | 'closed' | 'none';

/** Buckets of a list that are marked without being opened. Each takes two requests at most. */
const maxListed = 100;
/** What was found out is asked again after this time, in milliseconds: when the buckets are listed, and when one is opened. */
const listedAgainMs = 30_000;
const openedAgainMs = 300_000;
/** Objects whose access is remembered. */
const maxObjects = 2000;

/** What is open to everyone: buckets, asked about when they are listed or opened, and objects whose details are asked for. */
export class PublicMarks {
  readonly #call: typeof call;
  readonly #buckets = new SvelteMap<string, { readonly opening: Opening; readonly foundAt: number }>();
  readonly #objects = new SvelteMap<string, ObjectAccess>();
  /** Asked about, and not answered yet. */
  readonly #asked = new SvelteSet<string>();

  constructor(callMain: typeof call) {
    this.#call = callMain;
  }

  /** What opens a bucket to everyone; null if nothing does, or nothing is known. */
  of(bucket: BucketRef): PublicOpening | null {
    const opening = this.openingOf(bucket);
    return opening === 'none' || opening === 'unknown' ? null : opening;
  }

  /** `unknown` also while it is being asked. */
  openingOf(bucket: BucketRef): Opening {
    return this.#buckets.get(nameOf(bucket))?.opening ?? 'unknown';
  }

  /** What everyone may do with an object; null until askObject() was answered. */
  ofObject(object: ObjectRef): ObjectOpening | null {
    const access = this.#objects.get(nameOfObject(object));
    return access === undefined ? null : openingOfObject(access, this.openingOf(object));
  }

  /** Asks about the buckets of a list that aren't known yet, or since long. Failures leave them unmarked. */
  async list(accountId: string, names: readonly string[]): Promise<void> {
    const shown = names.slice(0, maxListed);
    await this.#ask(
      accountId,
      shown.filter((bucket) => this.#isOld({ accountId, bucket }, listedAgainMs)),
    );
  }

  /** Asks about a bucket that is opened, unless it is known. */
  async open({ accountId, bucket }: BucketRef): Promise<void> {
    if (this.#isOld({ accountId, bucket }, openedAgainMs)) await this.#ask(accountId, [bucket]);
  }

  /** Asks again: the access of the bucket has changed. */
  async refresh({ accountId, bucket }: BucketRef): Promise<void> {
    this.forgetObjects({ accountId, bucket, prefix: '' });
    await this.#ask(accountId, [bucket]);
  }

  /** Asks for an object's own ACL, and about its bucket. Without an answer nothing is said. */
  async askObject(object: ObjectRef): Promise<void> {
    const { accountId, bucket, key, versionId } = object;
    const [access] = await Promise.all([
      this.#call('access.ofObject', { accountId, bucket, key, versionId }).catch(() => null),
      this.open(object),
    ]);
    if (access === null) return;
    for (const oldest of this.#objects.keys()) {
      if (this.#objects.size < maxObjects) break;
      this.#objects.delete(oldest);
    }
    this.#objects.set(nameOfObject(object), access);
  }

  /** Forgets the objects below a prefix, which were changed. */
  forgetObjects({ accountId, bucket, prefix }: BucketRef & { readonly prefix: string }): void {
    const start = `${nameOf({ accountId, bucket })} ${prefix}`;
    for (const name of this.#objects.keys()) if (name.startsWith(start)) this.#objects.delete(name);
  }

  #isOld(bucket: BucketRef, ageMs: number): boolean {
    const known = this.#buckets.get(nameOf(bucket));
    return known === undefined || performance.now() - known.foundAt > ageMs;
  }

  async #ask(accountId: string, names: readonly string[]): Promise<void> {
    const buckets = names.filter((bucket) => !this.#asked.has(nameOf({ accountId, bucket })));
    if (buckets.length === 0) return;
    for (const bucket of buckets) this.#asked.add(nameOf({ accountId, bucket }));
    try {
      const found = await this.#call('access.exposures', { accountId, buckets });
      const foundAt = performance.now();
      for (const { bucket, opening } of found) this.#buckets.set(nameOf({ accountId, bucket }), { opening, foundAt });
    } catch {
      // Nothing is marked: what failed shows where it is asked for.
    } finally {
      for (const bucket of buckets) this.#asked.delete(nameOf({ accountId, bucket }));
    }
  }
}

function openingOfObject({ acl, isBlocked }: ObjectAccess, bucket: Opening): ObjectOpening {
  const isBucketOpen = bucket !== 'none' && bucket !== 'unknown';
  if (acl === 'public-read') return isBlocked ? 'none' : 'read';
  if (acl === 'public-read-write') return isBlocked ? 'none' : 'write';
  if (!isBucketOpen) return 'none';
  if (acl === null || bucket === 'policy') return 'maybe';
  if (acl === 'private') return 'closed';
  return bucket === 'public-read' ? 'read' : 'write';
}

function nameOf({ accountId, bucket }: BucketRef): string {
  return `${accountId} ${bucket}`;
}

function nameOfObject(object: ObjectRef): string {
  return `${nameOf(object)} ${object.key}\n${object.versionId ?? ''}`;
}
