import type { ObjectHead, ObjectVersion } from '../../../main/contract/contract.ts';
import { Attempt } from '../../lib/attempt.svelte.ts';
import type { call } from '../../lib/bridge.ts';
import type { ObjectRef } from '../../lib/subjects.ts';

interface Subject extends ObjectRef {
  /** Of a delete marker there are no headers. */
  readonly deleteMarker: boolean;
}

/** One object, or one version of it, looked at closely: its headers, and all versions that there are. */
export class Inspection {
  readonly subject: Subject;
  readonly #call: typeof call;
  head = $state.raw<ObjectHead | null>(null);
  readonly readingHead = new Attempt();
  /** Null while they load. */
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
