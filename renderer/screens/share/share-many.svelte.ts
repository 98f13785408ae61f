import type { Account, ArgsOf, LinkListFormat, Results } from '../../../main/contract/contract.ts';
import { Attempt } from '../../lib/attempt.svelte.ts';
import type { call } from '../../lib/bridge.ts';
import { type ExpiryChoice, type ExpiryProblem, readExpiry, toExpiryChoice } from '../../lib/expiry.ts';
import type { ObjectsRef } from '../../lib/subjects.ts';
import type { ManyStart } from '../../model/dialogs.svelte.ts';

interface ManyOptions {
  readonly expiry: ExpiryChoice;
  readonly format: LinkListFormat;
  readonly recipient: string;
  /** Signed by a session of the account's role created for these links alone, which can be denied later. */
  readonly revocable: boolean;
}

/** The form for links to several objects and everything in the selected folders. The links never reach the renderer. */
export class ShareManyForm {
  readonly subject: ObjectsRef;
  readonly account: Account | null;
  readonly #call: typeof call;
  #options = $state.raw<ManyOptions>({
    expiry: toExpiryChoice(3600),
    format: 'text',
    recipient: '',
    revocable: false,
  });

  /** How many links have been created so far. */
  made = $state(0);
  readonly making = new Attempt();
  readonly #picking = new Attempt();
  result = $state.raw<Results['links.makeMany'] | null>(null);
  readonly failure = $derived(this.making.failure ?? this.#picking.failure);

  readonly expiryProblem = $derived.by((): ExpiryProblem | null => {
    const seconds = readExpiry(this.#options.expiry, Date.now());
    return typeof seconds === 'number' ? null : seconds;
  });

  constructor(subject: ObjectsRef, account: Account | null, callMain: typeof call, start: Partial<ManyStart> = {}) {
    this.subject = subject;
    this.account = account;
    this.#call = callMain;
    this.#options = { ...this.#options, ...start, expiry: toExpiryChoice(account?.defaultExpirySeconds ?? 3600) };
  }

  get options(): ManyOptions {
    return this.#options;
  }

  set(patch: Partial<ManyOptions>): void {
    this.#options = { ...this.#options, ...patch };
    this.result = null;
    this.making.discard();
    this.#picking.failure = null;
  }

  /** Copies the list to the clipboard. */
  async copy(): Promise<void> {
    await this.#make(null);
  }

  /** Asks for a folder and writes the list there. */
  async save(): Promise<void> {
    if (this.making.busy) return;
    await this.#picking.run(
      () => this.#call('dialogs.pickFolder', {}),
      (folder) => (folder === null ? undefined : this.#make(folder)),
    );
  }

  /** Cancels the creation: nothing is copied, saved or recorded. */
  async cancel(): Promise<void> {
    if (this.making.busy) await this.#call('links.cancelMaking', {});
  }

  #record(): Pick<ArgsOf<'links.makeMany'>, 'record'> {
    const { recipient, revocable } = this.#options;
    return recipient === '' && !revocable ? {} : { record: { recipient, revocable } };
  }

  async #make(folder: string | null): Promise<void> {
    const options = this.#options;
    const expiresSeconds = readExpiry(options.expiry, Date.now());
    if (this.making.busy || typeof expiresSeconds !== 'number') return;
    const { accountId, bucket, keys, prefixes } = this.subject;
    this.made = 0;
    this.result = null;
    this.#picking.failure = null;
    const request: ArgsOf<'links.makeMany'> = {
      ...{ accountId, bucket, folder, expiresSeconds, format: options.format },
      keys: [...keys],
      prefixes: [...prefixes],
      fileName: null,
      open: 'download',
      ...this.#record(),
    };
    await this.making.run(
      () => this.#call('links.makeMany', request),
      (result) => (this.result = result),
    );
  }
}
