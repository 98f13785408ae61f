import type {
  ArgsOf,
  CdnCheck,
  InputFailure,
  LinkPlan,
  LinkValidity,
  RecordedLink,
  StoredCdnDomain,
} from '../../../../main/contract/contract.ts';
import { Attempt } from '../../../lib/attempt.svelte.ts';
import type { call } from '../../../lib/bridge.ts';
import { type ExpiryChoice, type ExpiryProblem, readExpiry, toExpiryChoice } from '../../../lib/expiry.ts';
import { fileNameOfKey } from '../../../lib/key-text.ts';
import type { ObjectRef } from '../../../lib/subjects.ts';
import type { PlannedForm } from '../../../parts/planned-form.ts';
import { Planning } from '../../../parts/planning.svelte.ts';

interface CdnOptions {
  readonly expiry: ExpiryChoice;
  /** One of the bucket's domains; empty while there is none. */
  readonly domain: string;
  readonly process: string;
  readonly recipient: string;
  readonly note: string;
}

/**
 * A link of a CDN domain. As in the share dialog, it is kept only while shown, and any change of an option drops it.
 */
export class CdnShareForm implements PlannedForm {
  readonly object: ObjectRef;
  readonly name: string;
  readonly #call: typeof call;
  #options = $state.raw<CdnOptions>({
    ...{ expiry: toExpiryChoice(3600), domain: '', process: '', recipient: '', note: '' },
  });

  /** Null until main has told them. */
  domains = $state.raw<readonly StoredCdnDomain[] | null>(null);
  readonly loading = new Attempt();
  readonly #planning = new Planning<LinkPlan>();
  readonly #copying = new Attempt();
  readonly making = new Attempt();
  readonly testing = new Attempt();
  link = $state.raw<RecordedLink | null>(null);
  /** When the link was created, in Unix milliseconds by this computer's clock. */
  madeAt = $state<number | null>(null);
  check = $state.raw<CdnCheck | null>(null);
  copied = $state(false);
  /** A link of a CDN has no note. */
  readonly withNote = false;

  readonly failure = $derived(
    this.loading.failure ??
      this.making.failure ??
      this.testing.failure ??
      this.#copying.failure ??
      this.#planning.failure,
  );
  readonly expiryProblem = $derived.by((): ExpiryProblem | null => {
    const seconds = readExpiry(this.#options.expiry, Date.now());
    return typeof seconds === 'number' ? null : seconds;
  });

  readonly validity = $derived<LinkValidity | null>(this.plan?.validity ?? null);
  readonly problems = $derived<readonly InputFailure[]>(this.plan?.problems ?? []);
  readonly url = $derived(this.link?.url ?? '');
  readonly chosen = $derived(this.domains?.find(({ domain }) => domain === this.#options.domain) ?? null);
  readonly ready = $derived(this.chosen !== null && this.expiryProblem === null && this.problems.length === 0);

  constructor(object: ObjectRef, defaultExpirySeconds: number, callMain: typeof call) {
    this.object = object;
    this.name = fileNameOfKey(object.key);
    this.#call = callMain;
    this.#options = { ...this.#options, expiry: toExpiryChoice(defaultExpirySeconds) };
  }

  get plan(): LinkPlan | null {
    return this.#planning.answer;
  }

  get options(): CdnOptions {
    return this.#options;
  }

  set(patch: Partial<CdnOptions>): void {
    this.#options = { ...this.#options, ...patch };
    this.link = null;
    this.check = null;
    this.copied = false;
    for (const attempt of [this.making, this.testing, this.#copying]) attempt.discard();
    this.#planning.failure = null;
  }

  setWithNote(): void {
    // There is none to choose.
  }

  async load(): Promise<void> {
    const { accountId, bucket } = this.object;
    await this.loading.rerun(
      () => this.#call('cdn.list', { accountId, bucket }),
      (domains) => this.use(domains),
    );
  }

  /** Takes the domains of the bucket; the first is chosen unless one is already. */
  use(domains: readonly StoredCdnDomain[]): void {
    this.domains = domains;
    if (this.chosen === null) this.set({ domain: domains[0]?.domain ?? '' });
  }

  async refreshPlan(): Promise<void> {
    const request = this.#request();
    await this.#planning.refresh(request && (() => this.#call('cdn.plan', request)));
  }

  async makeAndCopy(): Promise<void> {
    const request = this.#request();
    if (this.making.busy || request === null) return;
    const { recipient, note } = this.#options;
    await this.making.run(
      () => this.#call('cdn.make', { ...request, recipient, note }),
      async (link) => {
        this.link = link;
        this.madeAt = Date.now();
        await this.copy();
      },
    );
  }

  async copy(): Promise<void> {
    if (this.link === null) return;
    await this.#copying.rerun(
      () => this.#call('clipboard.copy', { text: this.url }),
      () => (this.copied = true),
    );
  }

  /** Tries another link with the same options, and the file without one. */
  async test(): Promise<void> {
    const request = this.#request();
    if (request === null) return;
    this.check = null;
    await this.testing.run(
      () => this.#call('cdn.test', request),
      (check) => (this.check = check),
    );
  }

  /** Null while there is no domain, or the expiry isn't valid. */
  #request(): ArgsOf<'cdn.plan'> | null {
    const { accountId, bucket, key } = this.object;
    const { domain, expiry, process } = this.#options;
    const expiresSeconds = readExpiry(expiry, Date.now());
    if (typeof expiresSeconds !== 'number' || domain === '') return null;
    const processing = process.trim() === '' ? {} : { process: process.trim() };
    return { accountId, bucket, domain, key, expiresSeconds, ...processing };
  }
}
