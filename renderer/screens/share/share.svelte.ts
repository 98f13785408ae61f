import type {
  Account,
  ArgsOf,
  InputFailure,
  LinkPlan,
  LinkValidity,
  ObjectVersion,
  RecordedLink,
} from '../../../main/contract/contract.ts';
import { Attempt } from '../../lib/attempt.svelte.ts';
import type { call } from '../../lib/bridge.ts';
import { type ExpiryChoice, type ExpiryProblem, readExpiry, toExpiryChoice } from '../../lib/expiry.ts';
import { fileNameOfKey } from '../../lib/key-text.ts';
import type { ObjectRef } from '../../lib/subjects.ts';
import { BucketVersions } from '../../parts/bucket-versions.svelte.ts';
import { type LinkFields, plainFields, toLinkOptions } from '../../parts/link-fields.ts';
import { Planning } from '../../parts/planning.svelte.ts';

interface ShareOptions extends LinkFields {
  readonly expiry: ExpiryChoice;
  /** Null for the version that is current when the link is opened. */
  readonly versionId: string | null;
  /** Leave empty to keep the key's own name. */
  readonly fileName: string;
  readonly open: 'preview' | 'download';
  /** The destination of an upload; other methods refer to the object itself. */
  readonly uploadKey: string;
  readonly recipient: string;
  readonly note: string;
  /** Signed by a session of the account's role created for this link alone, which can be denied later. */
  readonly revocable: boolean;
}

/**
 * The share dialog of one object. The link is a secret: it is kept only while shown, and any change of an option drops
 * it, because it would no longer match the form.
 */
export class ShareForm {
  readonly object: ObjectRef;
  readonly account: Account | null;
  /** The last segment of the key. */
  readonly name: string;
  readonly #call: typeof call;
  #options = $state.raw<ShareOptions>({
    ...plainFields,
    expiry: toExpiryChoice(3600),
    versionId: null,
    fileName: '',
    open: 'download',
    uploadKey: '',
    recipient: '',
    note: '',
    revocable: false,
  });

  readonly bucketVersions: BucketVersions;
  versions = $state.raw<readonly ObjectVersion[]>([]);
  readonly readingVersions = new Attempt();
  readonly #planning = new Planning<LinkPlan>();
  readonly #copying = new Attempt();
  /** The link shown and copied has method and headers after a `#`, if there are any to note. */
  withNote = $state(true);
  link = $state.raw<RecordedLink | null>(null);
  /** When the link was created, in Unix milliseconds by this computer's clock. */
  madeAt = $state<number | null>(null);
  copied = $state(false);
  readonly making = new Attempt();
  readonly failure = $derived(this.making.failure ?? this.#copying.failure ?? this.#planning.failure);

  /** Only a bucket with versioning offers a choice. */
  readonly versioned = $derived(this.versions.some((version) => version.versionId !== 'null' || !version.isLatest));
  /** The key was deleted: only its older versions can still be shared. */
  readonly currentDeleted = $derived(this.versions.some((version) => version.isLatest && version.deleteMarker));
  readonly expiryProblem = $derived.by((): ExpiryProblem | null => {
    const seconds = readExpiry(this.#options.expiry, Date.now());
    return typeof seconds === 'number' ? null : seconds;
  });

  readonly isRevocable = $derived(this.#options.revocable);
  readonly validity = $derived<LinkValidity | null>(this.plan?.validity ?? null);
  readonly problems = $derived<readonly InputFailure[]>(this.plan?.problems ?? []);
  /** The URL to share. */
  readonly url = $derived(
    this.link === null ? '' : this.withNote && this.link.noted !== null ? this.link.noted : this.link.url,
  );

  /** True if nothing prevents a link, as far as main has answered. */
  readonly ready = $derived(
    this.expiryProblem === null &&
      this.problems.length === 0 &&
      (this.#options.method !== 'PUT' || this.#options.uploadKey !== ''),
  );

  constructor(object: ObjectRef, account: Account | null, callMain: typeof call) {
    this.object = object;
    this.account = account;
    this.name = fileNameOfKey(object.key);
    this.#call = callMain;
    this.bucketVersions = new BucketVersions(object, callMain);
    this.#options = {
      ...this.#options,
      expiry: toExpiryChoice(account?.defaultExpirySeconds ?? 3600),
      versionId: object.versionId,
      uploadKey: object.key,
      signVersion: account?.signVersion ?? 'v4',
    };
  }

  /** The link as it would be created now, with the warnings that apply to its bucket; null while unknown or while the expiry isn't valid. */
  get plan(): LinkPlan | null {
    return this.bucketVersions.applying(this.#planning.answer);
  }

  get options(): ShareOptions {
    return this.#options;
  }

  set(patch: Partial<ShareOptions>): void {
    this.#options = { ...this.#options, ...patch };
    this.link = null;
    this.copied = false;
    this.making.discard();
    this.#copying.discard();
    this.#planning.failure = null;
  }

  /** The first problem with any of these: fields as OSS names them, or rules if one header holds several fields. */
  problemOf(...names: readonly string[]): InputFailure | null {
    return this.problems.find(({ field, rule }) => names.includes(field) || names.includes(rule)) ?? null;
  }

  async loadVersions(): Promise<void> {
    const { accountId, bucket, key } = this.object;
    await this.readingVersions.rerun(
      () => this.#call('objects.versions', { accountId, bucket, key }),
      (versions) => {
        this.versions = versions;
        const newest = versions.find((version) => !version.deleteMarker);
        if (this.currentDeleted && this.#options.versionId === null && newest !== undefined) {
          this.set({ versionId: newest.versionId });
        }
      },
    );
  }

  /** Asks main how the link would be created now. */
  async refreshPlan(): Promise<void> {
    const request = this.#request();
    await this.#planning.refresh(
      request && (() => this.#call('links.check', { ...request, revocable: this.#options.revocable })),
    );
  }

  /** Creates the link and copies it. The answer is discarded if the options have changed. */
  async makeAndCopy(): Promise<void> {
    const request = this.#request();
    if (this.making.busy || request === null) return;
    this.#copying.failure = null;
    this.#planning.failure = null;
    await this.making.run(
      () => this.#call('links.make', { ...request, ...this.#record() }),
      async (link) => {
        this.link = link;
        this.madeAt = Date.now();
        await this.copy();
      },
    );
    if (this.making.failure !== null) this.#planning.answer = null;
  }

  /** The clipboard no longer matches the link shown. */
  setWithNote(withNote: boolean): void {
    this.withNote = withNote;
    this.copied = false;
  }

  async copy(): Promise<void> {
    if (this.link === null) return;
    await this.#copying.rerun(
      () => this.#call('clipboard.copy', { text: this.url }),
      () => (this.copied = true),
    );
  }

  /** Null while the expiry isn't valid. */
  #request(): Omit<ArgsOf<'links.make'>, 'record'> | null {
    const { account, object } = this;
    const options = this.#options;
    const expiresSeconds = readExpiry(options.expiry, Date.now());
    const uploads = options.method === 'PUT';
    if (typeof expiresSeconds !== 'number' || (uploads && options.uploadKey === '')) return null;
    const names = options.method === 'GET';
    return {
      accountId: object.accountId,
      bucket: object.bucket,
      key: uploads ? options.uploadKey : object.key,
      // An upload creates its own version.
      versionId: uploads ? null : options.versionId,
      expiresSeconds,
      fileName: !names || options.fileName.trim() === '' ? null : options.fileName.trim(),
      open: names ? options.open : null,
      ...toLinkOptions(options, account?.signVersion),
    };
  }

  #record(): Pick<ArgsOf<'links.make'>, 'record'> {
    const { recipient, note, revocable } = this.#options;
    if (recipient === '' && note === '' && !revocable) return {};
    return { record: { recipient, note, revocable } };
  }
}
