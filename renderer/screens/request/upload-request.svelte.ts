import type { Account, ArgsOf, Failure, InputFailure, LinkPlan, Results } from '../../../main/contract/contract.ts';
import { type call, failureOf } from '../../lib/bridge.ts';
import { type ExpiryChoice, type ExpiryProblem, readExpiry, toExpiryChoice } from '../../lib/expiry.ts';
import type { PlannedForm } from './planned-form.ts';
import type { UploadFolder } from '../../model/dialogs.svelte.ts';

type Request = ArgsOf<'links.requestUploads'>;

interface RequestOptions {
  readonly expiry: ExpiryChoice;
  readonly slotsBy: 'names' | 'count';
  /** One a line; blank lines are none. */
  readonly names: string;
  readonly count: string;
  readonly note: string;
  readonly recipient: string;
  readonly contentType: string;
  readonly forbidOverwrite: boolean;
  readonly format: Request['format'];
}

/** Problems that the fields of the slots tell, or that follow from them. */
const slotFields: readonly string[] = ['slots', 'key'];

/** The dialog that asks others for files. Its links never come here: main writes them into a file, or copies them. */
export class UploadRequestForm implements PlannedForm {
  readonly folder: UploadFolder;
  readonly link = null;
  readonly previewIsForced = false;
  readonly #call: typeof call;
  #options = $state.raw<RequestOptions>({
    expiry: toExpiryChoice(86_400),
    slotsBy: 'names',
    names: '',
    count: '1',
    note: '',
    recipient: '',
    contentType: '',
    forbidOverwrite: true,
    format: 'request',
  });
  #asked = 0;
  /** Before that, an empty form is no mistake. */
  #touched = $state(false);

  /** What a request made now would be; null while unknown. */
  plan = $state.raw<LinkPlan | null>(null);
  making = $state(false);
  result = $state.raw<Results['links.requestUploads']>(null);
  failure = $state.raw<Failure | null>(null);

  readonly expiryProblem = $derived.by((): ExpiryProblem | null => {
    const seconds = readExpiry(this.#options.expiry, Date.now());
    return typeof seconds === 'number' ? null : seconds;
  });
  readonly validity = $derived(this.plan?.validity ?? null);
  /** Those that are not about the slots. */
  readonly problems = $derived<readonly InputFailure[]>(
    this.plan?.problems.filter(({ field }) => !slotFields.includes(field)) ?? [],
  );
  readonly slotProblem = $derived.by((): InputFailure | null => {
    return this.#touched ? (this.plan?.problems.find(({ field }) => field === 'slots') ?? null) : null;
  });
  readonly contentTypeProblem = $derived(this.problems.find(({ field }) => field === 'content-type') ?? null);

  constructor(folder: UploadFolder, account: Account | null, callMain: typeof call) {
    this.folder = folder;
    this.#call = callMain;
    this.#options = { ...this.#options, expiry: toExpiryChoice(account?.defaultExpirySeconds ?? 86_400) };
  }

  get options(): RequestOptions {
    return this.#options;
  }

  set(patch: Partial<RequestOptions>): void {
    this.#options = { ...this.#options, ...patch };
    this.#touched ||= 'names' in patch || 'count' in patch;
    this.result = null;
    this.failure = null;
  }

  /** Asks main what a request made now would be, and shows the newest question's answer. */
  async refreshPlan(): Promise<void> {
    try {
      await this.#askPlan();
    } catch (error) {
      this.failure = failureOf(error);
    }
  }

  /** Null while the expiry means nothing. */
  async #askPlan(): Promise<LinkPlan | null> {
    const asked = (this.#asked += 1);
    const links = this.#links();
    const plan = links === null ? null : await this.#call('links.checkUploads', links);
    if (asked === this.#asked) this.plan = plan;
    return plan;
  }

  /** Makes the request, unless something stands in its way, which is then said where it was typed. */
  async make(to: Request['to']): Promise<void> {
    if (this.making) return;
    this.making = true;
    this.#touched = true;
    this.failure = null;
    this.result = null;
    const options = this.#options;
    try {
      // What was typed last may not have been asked about yet, and a later question may be on its way already.
      const plan = await this.#askPlan();
      const links = this.#links();
      if (plan === null || links === null || plan.problems.length > 0) return;
      const { note, recipient, format } = options;
      const result = await this.#call('links.requestUploads', { ...links, note, recipient, format, to });
      if (this.#options === options) this.result = result;
    } catch (error) {
      if (this.#options === options) this.failure = failureOf(error);
    } finally {
      this.making = false;
    }
  }

  /** Null while the expiry means nothing. */
  #links(): ArgsOf<'links.checkUploads'> | null {
    const { expiry, contentType, forbidOverwrite } = this.#options;
    const expiresSeconds = readExpiry(expiry, Date.now());
    if (typeof expiresSeconds !== 'number') return null;
    const type = contentType.trim();
    return {
      ...this.folder,
      ...{ slots: this.#slots(), expiresSeconds, fileName: null, open: null },
      upload: {
        forbidOverwrite: forbidOverwrite ? true : undefined,
        ...(type === '' ? {} : { contentType: type }),
      },
    };
  }

  #slots(): Request['slots'] {
    const { slotsBy, names, count } = this.#options;
    if (slotsBy === 'count') return { count: /^\d+$/.test(count.trim()) ? Number(count) : 0 };
    const lines = names.split('\n').map((line) => line.trim());
    return { names: lines.filter((line) => line !== '') };
  }
}
