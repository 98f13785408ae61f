import type { Failure, Results, Versioning } from '../../../main/contract/contract.ts';
import { type call, failureOf } from '../../lib/bridge.ts';
import type { BucketSubject } from '../../model/dialogs.svelte.ts';

/** What is set for a whole bucket, and what was left unfinished in it. */
export class BucketSettings {
  readonly #subject: BucketSubject;
  readonly #call: typeof call;
  versioning = $state.raw<Versioning | null>(null);
  versioningFailure = $state.raw<Failure | null>(null);
  uploads = $state.raw<Results['buckets.uploads'] | null>(null);
  uploadsFailure = $state.raw<Failure | null>(null);
  busy = $state(false);

  constructor(subject: BucketSubject, callMain: typeof call) {
    this.#subject = subject;
    this.#call = callMain;
    void this.#loadVersioning();
    void this.#loadUploads();
  }

  async setVersioning(versioning: Exclude<Versioning, 'never'>): Promise<void> {
    this.busy = true;
    this.versioningFailure = null;
    try {
      await this.#call('buckets.setVersioning', { ...this.#subject, versioning });
      this.versioning = versioning;
    } catch (error) {
      this.versioningFailure = failureOf(error);
    } finally {
      this.busy = false;
    }
  }

  /** Gives up unfinished uploads, and frees what OSS keeps of them. */
  async abortUploads(unwanted: Results['buckets.uploads']['uploads']): Promise<void> {
    this.busy = true;
    try {
      const uploads = unwanted.map(({ key, uploadId }) => ({ key, uploadId }));
      await this.#call('buckets.abortUploads', { ...this.#subject, uploads });
      await this.#loadUploads();
    } catch (error) {
      this.uploadsFailure = failureOf(error);
    } finally {
      this.busy = false;
    }
  }

  async #loadVersioning(): Promise<void> {
    try {
      this.versioning = await this.#call('buckets.versioning', this.#subject);
    } catch (error) {
      this.versioningFailure = failureOf(error);
    }
  }

  async #loadUploads(): Promise<void> {
    this.uploadsFailure = null;
    try {
      this.uploads = await this.#call('buckets.uploads', this.#subject);
    } catch (error) {
      this.uploadsFailure = failureOf(error);
    }
  }
}
