import type { Account, Failure, LinkValidity, ObjectVersion, SharedLink } from '../../preload/contract.ts';
import { type call, failureOf } from '../lib/bridge.ts';
import { type ExpiryChoice, type ExpiryProblem, readExpiry, toExpiryChoice } from '../share/expiry.ts';
import type { ShareObject } from './dialogs.svelte.ts';

interface ShareOptions {
  readonly expiry: ExpiryChoice;
  /** Null is whatever is current when the link is opened. */
  readonly versionId: string | null;
  /** Empty keeps the key's own name. */
  readonly fileName: string;
  readonly open: 'preview' | 'download';
}

/**
 * The share dialog of one object. The link is a secret: it lives here only as long as it is shown, and any change of
 * an option drops it, since it would no longer be what the form says.
 */
export class ShareForm {
  readonly object: ShareObject;
  readonly account: Account | null;
  /** What a person calls the object. */
  readonly name: string;
  readonly #call: typeof call;
  #options = $state.raw<ShareOptions>({
    expiry: toExpiryChoice(3600),
    versionId: null,
    fileName: '',
    open: 'download',
  });
  #asked = 0;

  versions = $state.raw<readonly ObjectVersion[]>([]);
  versionsFailure = $state.raw<Failure | null>(null);
  /** What a link made now would be; null while unknown or while the expiry means nothing. */
  validity = $state.raw<LinkValidity | null>(null);
  link = $state.raw<SharedLink | null>(null);
  copied = $state(false);
  making = $state(false);
  failure = $state.raw<Failure | null>(null);

  /** Only a bucket that keeps versions gives a choice. */
  readonly versioned = $derived(this.versions.some((version) => version.versionId !== 'null' || !version.isLatest));
  /** The key was deleted: only its older versions can still be shared. */
  readonly currentDeleted = $derived(this.versions.some((version) => version.isLatest && version.deleteMarker));
  readonly expiryProblem = $derived.by((): ExpiryProblem | null => {
    const seconds = readExpiry(this.#options.expiry, Date.now());
    return typeof seconds === 'number' ? null : seconds;
  });

  constructor(object: ShareObject, account: Account | null, callMain: typeof call) {
    this.object = object;
    this.account = account;
    this.name = object.key.split('/').findLast((segment) => segment !== '') ?? object.key;
    this.#call = callMain;
    this.#options = {
      ...this.#options,
      expiry: toExpiryChoice(account?.defaultExpirySeconds ?? 3600),
      versionId: object.versionId,
    };
  }

  get options(): ShareOptions {
    return this.#options;
  }

  /** OSS's own domains answer with a forced download, whatever the link asks for. */
  get previewIsForced(): boolean {
    const { account } = this;
    return this.#options.open === 'preview' && account?.cname === false && account.endpoint.includes('aliyuncs.com');
  }

  set(patch: Partial<ShareOptions>): void {
    this.#options = { ...this.#options, ...patch };
    this.link = null;
    this.copied = false;
    this.failure = null;
  }

  async loadVersions(): Promise<void> {
    const { accountId, bucket, key } = this.object;
    try {
      this.versions = await this.#call('objects.versions', { accountId, bucket, key });
    } catch (error) {
      this.versionsFailure = failureOf(error);
      return;
    }
    const newest = this.versions.find((version) => !version.deleteMarker);
    if (this.currentDeleted && this.#options.versionId === null && newest !== undefined) {
      this.set({ versionId: newest.versionId });
    }
  }

  /** Asks main when a link made now would end. Only the newest question's answer counts. */
  async refreshValidity(): Promise<void> {
    const expiresSeconds = readExpiry(this.#options.expiry, Date.now());
    this.#asked += 1;
    const asked = this.#asked;
    if (typeof expiresSeconds !== 'number') {
      this.validity = null;
      return;
    }
    try {
      const validity = await this.#call('links.validity', { accountId: this.object.accountId, expiresSeconds });
      if (asked === this.#asked) this.validity = validity;
    } catch (error) {
      if (asked === this.#asked) this.#fail(error);
    }
  }

  /** Makes the link and copies it. An answer to options that have changed meanwhile is thrown away. */
  async makeAndCopy(): Promise<void> {
    const options = this.#options;
    const expiresSeconds = readExpiry(options.expiry, Date.now());
    if (this.making || typeof expiresSeconds !== 'number') return;
    this.making = true;
    this.failure = null;
    try {
      const { accountId, bucket, key } = this.object;
      const link = await this.#call('links.make', {
        accountId,
        bucket,
        key,
        versionId: options.versionId,
        expiresSeconds,
        fileName: options.fileName.trim() === '' ? null : options.fileName.trim(),
        open: options.open,
      });
      if (this.#options !== options) return;
      this.link = link;
      await this.copy();
    } catch (error) {
      if (this.#options === options) this.#fail(error);
    } finally {
      this.making = false;
    }
  }

  async copy(): Promise<void> {
    if (this.link === null) return;
    try {
      await this.#call('clipboard.copy', { text: this.link.url });
      this.copied = true;
    } catch (error) {
      this.failure = failureOf(error);
    }
  }

  #fail(error: unknown): void {
    this.validity = null;
    this.failure = failureOf(error);
  }
}
