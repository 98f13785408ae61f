import type { Results, Versioning } from '../../../main/contract/contract.ts';
import { Attempt } from '../../lib/attempt.svelte.ts';
import type { call } from '../../lib/bridge.ts';
import type { BucketRef } from '../../lib/subjects.ts';

/** Versioning of a bucket, and its unfinished uploads. Each is asked for once it is shown. */
export class BucketSettings {
  readonly #subject: BucketRef;
  readonly #call: typeof call;
  versioning = $state.raw<Versioning | null>(null);
  /** Reads or sets versioning. */
  readonly versioningWork = new Attempt();
  uploads = $state.raw<Results['buckets.uploads'] | null>(null);
  /** Lists or aborts unfinished uploads. */
  readonly uploadsWork = new Attempt();

  constructor(subject: BucketRef, callMain: typeof call) {
    this.#subject = subject;
    this.#call = callMain;
  }

  async loadVersioning(): Promise<void> {
    await this.versioningWork.rerun(
      () => this.#call('buckets.versioning', this.#subject),
      (versioning) => (this.versioning = versioning),
    );
  }

  async loadUploads(): Promise<void> {
    await this.uploadsWork.rerun(
      () => this.#call('buckets.uploads', this.#subject),
      (uploads) => (this.uploads = uploads),
    );
  }

  async setVersioning(versioning: Exclude<Versioning, 'never'>): Promise<void> {
    await this.versioningWork.rerun(
      () => this.#call('buckets.setVersioning', { ...this.#subject, versioning }),
      () => (this.versioning = versioning),
    );
  }

  /** Aborts unfinished uploads and frees the storage of their parts. */
  async abortUploads(unwanted: Results['buckets.uploads']['uploads']): Promise<void> {
    const given = unwanted.map(({ key, uploadId }) => ({ key, uploadId }));
    await this.uploadsWork.rerun(
      async () => {
        await this.#call('buckets.abortUploads', { ...this.#subject, uploads: given });
        return this.#call('buckets.uploads', this.#subject);
      },
      (left) => (this.uploads = left),
    );
  }
}
