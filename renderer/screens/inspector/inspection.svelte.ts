import type { Failure, ObjectHead, ObjectVersion } from '../../../main/contract/contract.ts';
import { type call, failureOf } from '../../lib/bridge.ts';
import type { ShareObject } from '../../model/dialogs.svelte.ts';

interface Subject extends ShareObject {
  /** Of a delete marker there are no headers. */
  readonly deleteMarker: boolean;
}

/** One object, or one version of it, looked at closely: its headers, and all versions that there are. */
export class Inspection {
  readonly subject: Subject;
  readonly #call: typeof call;
  head = $state.raw<ObjectHead | null>(null);
  headFailure = $state.raw<Failure | null>(null);
  /** Null while they load. */
  versions = $state.raw<readonly ObjectVersion[] | null>(null);
  versionsFailure = $state.raw<Failure | null>(null);

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
    this.headFailure = null;
    try {
      this.head = await this.#call('objects.head', { accountId, bucket, key, versionId });
    } catch (error) {
      this.headFailure = failureOf(error);
    }
  }

  async #loadVersions(): Promise<void> {
    const { accountId, bucket, key } = this.subject;
    this.versionsFailure = null;
    try {
      this.versions = await this.#call('objects.versions', { accountId, bucket, key });
    } catch (error) {
      this.versionsFailure = failureOf(error);
    }
  }
}
