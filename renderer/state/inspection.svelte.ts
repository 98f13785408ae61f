import type { Failure, ObjectHead, ObjectVersion } from '../../preload/contract.ts';
import { type call, failureOf } from '../lib/bridge.ts';

interface Subject {
  readonly accountId: string;
  readonly bucket: string;
  readonly key: string;
}

/** One object looked at closely: its headers and its versions. */
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
    this.headFailure = null;
    try {
      this.head = await this.#call('objects.head', { ...this.subject, versionId: null });
    } catch (error) {
      this.headFailure = failureOf(error);
    }
  }

  async #loadVersions(): Promise<void> {
    this.versionsFailure = null;
    try {
      this.versions = await this.#call('objects.versions', this.subject);
    } catch (error) {
      this.versionsFailure = failureOf(error);
    }
  }
}
