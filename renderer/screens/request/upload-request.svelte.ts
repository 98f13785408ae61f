import type { Account, ArgsOf, InputFailure, LinkPlan, Results } from '../../../main/contract/contract.ts';
import { Attempt } from '../../lib/attempt.svelte.ts';
import type { call } from '../../lib/bridge.ts';
import { Newest } from '../../lib/newest.ts';
import { type ExpiryChoice, type ExpiryProblem, readExpiry, toExpiryChoice } from '../../lib/expiry.ts';
import type { FolderRef } from '../../lib/subjects.ts';
import type { PlannedForm } from '../../parts/planned-form.ts';

type Request = ArgsOf<'links.requestUploads'>;

interface RequestOptions {
  readonly expiry: ExpiryChoice;
  readonly slotsBy: 'names' | 'count';
  /** One per line; blank lines are skipped. */
  readonly names: string;
  readonly count: string;
  readonly note: string;
  readonly recipient: string;
  readonly contentType: string;
  readonly forbidOverwrite: boolean;
  readonly format: Request['format'];
}

/** Problems shown at the fields for slots, or caused by them. */
const slotFields: readonly string[] = ['slots', 'key'];

/** The upload request dialog. Its links never reach the renderer: main writes them to a file, or copies them. */
export class UploadRequestForm implements PlannedForm {
  readonly folder: FolderRef;
  readonly link = null;
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
  readonly #plans = new Newest();
  readonly #planning = new Attempt();
  /** Until the first edit, an empty form isn't an error. */
  #touched = $state(false);

  /** The request as it would be created now; null while unknown. */
  plan = $state.raw<LinkPlan | null>(null);
  readonly making = new Attempt();
  result = $state.raw<Results['links.requestUploads']>(null);
  readonly failure = $derived(this.making.failure ?? this.#planning.failure);

  readonly expiryProblem = $derived.by((): ExpiryProblem | null => {
    const seconds = readExpiry(this.#options.expiry, Date.now());
    return typeof seconds === 'number' ? null : seconds;
  });
  readonly validity = $derived(this.plan?.validity ?? null);
  /** The problems that don't concern the slots. */
  readonly problems = $derived<readonly InputFailure[]>(
    this.plan?.problems.filter(({ field }) => !slotFields.includes(field)) ?? [],
  );
  readonly slotProblem = $derived.by((): InputFailure | null => {
    return this.#touched ? (this.plan?.problems.find(({ field }) => field === 'slots') ?? null) : null;
  });
  readonly contentTypeProblem = $derived(this.problems.find(({ field }) => field === 'content-type') ?? null);

  constructor(folder: FolderRef, account: Account | null, callMain: typeof call) {
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
    this.making.discard();
    this.#planning.failure = null;
  }

  /** Asks main how the request would be created now. */
  async refreshPlan(): Promise<void> {
    await this.#planning.rerun(() => this.#askPlan());
  }

  /** Null while the expiry isn't valid. */
  async #askPlan(): Promise<LinkPlan | null> {
    const isNewest = this.#plans.begin();
    const links = this.#links();
    const plan = links === null ? null : await this.#call('links.checkUploads', links);
    if (isNewest()) this.plan = plan;
    return plan;
  }

  /** Creates the request, unless there are problems, which the form then shows. */
  async make(to: Request['to']): Promise<void> {
    if (this.making.busy) return;
    this.#touched = true;
    this.#planning.failure = null;
    this.result = null;
    await this.making.run(
      () => this.#make(to),
      (result) => (this.result = result),
    );
  }

  /** The latest edits may be unchecked, so main checks them before anything is created. */
  async #make(to: Request['to']): Promise<Results['links.requestUploads']> {
    const { note, recipient, format } = this.#options;
    const plan = await this.#askPlan();
    const links = this.#links();
    if (plan === null || links === null || plan.problems.length > 0) return null;
    return this.#call('links.requestUploads', { ...links, note, recipient, format, to });
  }

  /** Null while the expiry isn't valid. */
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
