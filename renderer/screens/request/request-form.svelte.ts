import type { Account, InputFailure, LinkPlan } from '../../../main/contract/contract.ts';
import { Attempt } from '../../lib/attempt.svelte.ts';
import type { call } from '../../lib/bridge.ts';
import { type ExpiryProblem, readExpiry, toExpiryChoice, toLocalInput } from '../../lib/expiry.ts';
import { Newest } from '../../lib/newest.ts';
import type { FolderRef } from '../../lib/subjects.ts';
import { BucketVersions } from '../../parts/bucket-versions.svelte.ts';
import type { PlannedForm } from '../../parts/planned-form.ts';
import { plainRequest, type RequestOptions, type RequestWay } from './request-options.ts';
import { links, slotsOf } from './links-way.ts';
import type { Asked, Made, Output, Way } from './way.ts';
import { page } from './page-way.ts';
import { ticket } from './ticket-way.ts';

const ways: Readonly<Record<RequestWay, Way>> = { page, links, ticket };

/** Problems shown at the fields for the files' names, or caused by them. */
const slotFields: readonly string[] = ['slots', 'key', 'keys'];

/** The dialog that asks for files. What it creates never reaches the renderer: main writes it to a file, or copies it. */
export class RequestForm implements PlannedForm {
  readonly folder: FolderRef;
  readonly hasRole: boolean;
  readonly link = null;
  readonly #isTemporary: boolean;
  readonly #call: typeof call;
  #options = $state.raw<RequestOptions>(plainRequest);
  readonly #plans = new Newest();
  readonly #planning = new Attempt();
  /** Until the first edit, an empty form isn't an error. */
  #touched = $state(false);
  /** Touched once the plan knows of the edit: the one before may miss what was just typed. */
  #edited = false;

  readonly bucketVersions: BucketVersions;
  #found = $state.raw<LinkPlan | null>(null);
  readonly making = new Attempt();
  result = $state.raw<Made | null>(null);
  readonly failure = $derived(this.making.failure ?? this.#planning.failure);

  readonly expiryProblem = $derived.by((): ExpiryProblem | null => {
    const seconds = readExpiry(this.#options.expiry, Date.now());
    return typeof seconds === 'number' ? null : seconds;
  });
  readonly validity = $derived(this.#found?.validity ?? null);
  /** The problems that don't concern the names of files. */
  readonly problems = $derived<readonly InputFailure[]>(
    this.#found?.problems.filter(({ field }) => !slotFields.includes(field)) ?? [],
  );
  readonly slotProblem = $derived.by((): InputFailure | null => {
    return this.#touched ? (this.#found?.problems.find(({ field }) => slotFields.includes(field)) ?? null) : null;
  });

  constructor(folder: FolderRef, account: Account | null, callMain: typeof call) {
    this.folder = folder;
    this.hasRole = account?.role !== null && account?.role !== undefined;
    this.#isTemporary = account?.kind === 'sourced' || account?.temporary === true;
    this.#call = callMain;
    this.bucketVersions = new BucketVersions(folder, callMain);
    const expiry = toExpiryChoice(account?.defaultExpirySeconds ?? 86_400);
    this.#options = { ...plainRequest, expiry, folderName: newFolderName(Date.now()) };
  }

  /** Which files: of links there are as many as files, so that "any number" isn't offered. */
  get slotsBy(): RequestOptions['slotsBy'] {
    const { way, slotsBy } = this.#options;
    return way !== 'page' && slotsBy === 'any' ? 'names' : slotsBy;
  }

  /** How many files may be handed in at most; null if any number. */
  get fileCount(): number | null {
    if (this.#options.way === 'ticket') return 1;
    if (this.slotsBy === 'any') return null;
    const slots = slotsOf(this.#options);
    return 'count' in slots ? slots.count : slots.names.length;
  }

  /** Who signs pages and tickets: with a role, a session assumed for this one alone. */
  get signer(): 'session' | 'key' | 'token' {
    if (this.hasRole) return 'session';
    return this.#isTemporary ? 'token' : 'key';
  }

  /** The request as it would be created now, with the warnings that apply to its bucket; null while unknown. */
  get plan(): LinkPlan | null {
    return this.bucketVersions.applying(this.#found);
  }

  get options(): RequestOptions {
    return this.#options;
  }

  set(patch: Partial<RequestOptions>): void {
    this.#options = { ...this.#options, ...patch };
    this.#edited ||= 'names' in patch || 'count' in patch || 'fileName' in patch;
    this.result = null;
    this.making.discard();
    this.#planning.failure = null;
    if ('way' in patch) {
      this.#found = null;
      this.#touched = this.#edited = false;
    }
  }

  problemOf(field: string): InputFailure | null {
    return this.problems.find((problem) => problem.field === field) ?? null;
  }

  /** Asks main how the request would be created now. */
  async refreshPlan(): Promise<void> {
    await this.#planning.rerun(() => this.#askPlan());
  }

  /** Creates the request, unless there are problems, which the form then shows. */
  async make(output: Output): Promise<void> {
    if (this.making.busy) return;
    this.#touched = true;
    this.#planning.failure = null;
    this.result = null;
    await this.making.run(
      () => this.#make(output),
      (result) => (this.result = result),
    );
  }

  /** Null while the expiry isn't valid. */
  async #askPlan(): Promise<LinkPlan | null> {
    const isNewest = this.#plans.begin();
    const asked = this.#asked();
    const isEdited = this.#edited;
    const plan = asked === null ? null : await ways[asked.options.way].check(this.#call, asked);
    if (isNewest()) {
      this.#found = plan;
      this.#touched ||= isEdited;
    }
    return plan;
  }

  /** The latest edits may be unchecked, so main checks them before anything is created. */
  async #make(output: Output): Promise<Made | null> {
    const plan = await this.#askPlan();
    const asked = this.#asked();
    if (plan === null || asked === null || plan.problems.length > 0) return null;
    return ways[asked.options.way].make(this.#call, asked, output);
  }

  /** Null while the expiry isn't valid. */
  #asked(): Asked | null {
    const expiresSeconds = readExpiry(this.#options.expiry, Date.now());
    if (typeof expiresSeconds !== 'number') return null;
    return { folder: this.folder, hasRole: this.hasRole, expiresSeconds, options: this.#options };
  }
}

/** Such as drop-2026-11-30-7f3a: sorted by day, and new even for several pages of a day. */
function newFolderName(now: number): string {
  const [random = 0] = crypto.getRandomValues(new Uint16Array(1));
  return `drop-${toLocalInput(now).slice(0, 10)}-${random.toString(16).padStart(4, '0')}`;
}
