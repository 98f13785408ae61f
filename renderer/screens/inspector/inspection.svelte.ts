import type { ObjectHead, ObjectVersion } from '../../../main/contract/contract.ts';
import { Attempt } from '../../lib/attempt.svelte.ts';
import type { call } from '../../lib/bridge.ts';
import type { ObjectRef } from '../../lib/subjects.ts';

interface Subject extends ObjectRef {
  /** A delete marker has no headers. */
  readonly deleteMarker: boolean;
}

/** The details of an object or one of its versions: headers, and the list of all versions. */
export class Inspection {
  readonly subject: Subject;
  readonly #call: typeof call;
  head = $state.raw<ObjectHead | null>(null);
  readonly readingHead = new Attempt();
  /** Null while loading. */
  versions = $state.raw<readonly ObjectVersion[] | null>(null);
  readonly readingVersions = new Attempt();

  constructor(subject: Subject, callMain: typeof call) {
    this.subject = subject;
    this.#call = callMain;
  }

  async load(): Promise<void> {
    await Promise.all([this.#loadHead(), this.#loadVersions()]);
  }

  async #loadHead(): Promise<void> {
    const { accountId, bucket, key, versionId, deleteMarker } = this.subject;
    if (deleteMarker) return;
    await this.readingHead.rerun(
      () => this.#call('objects.head', { accountId, bucket, key, versionId }),
      (head) => (this.head = head),
    );
  }

  async #loadVersions(): Promise<void> {
    const { accountId, bucket, key } = this.subject;
    await this.readingVersions.rerun(
      () => this.#call('objects.versions', { accountId, bucket, key }),
      (versions) => (this.versions = versions),
    );
  }
}
