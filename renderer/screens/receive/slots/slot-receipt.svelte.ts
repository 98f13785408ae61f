import { SvelteMap } from 'svelte/reactivity';
import type { Failure, FileCard, Results, Transfer } from '../../../../main/contract/contract.ts';
import { Attempt } from '../../../lib/attempt.svelte.ts';
import { type call, failureOf } from '../../../lib/bridge.ts';
import { pairUp } from '../chosen-places.ts';
import { assignFiles } from './slot-matching.ts';
import type { TransferList } from '../../../model/transfers/transfers.svelte.ts';

export type RequestCard = Extract<FileCard, { readonly kind: 'upload-request' }>;
export type CheckedSlot = Results['links.checkRequest']['slots'][number];

/** An opened upload request: which file goes to which slot, and which slots are filled. */
export class SlotReceipt {
  readonly request: RequestCard;
  readonly #call: typeof call;
  readonly #transfers: TransferList;
  readonly #transferIds = new SvelteMap<string, string>();
  /** Files that match no slot. */
  left = $state.raw<readonly string[]>([]);
  /** The latest failure. Several files may be uploading at once. */
  #fillFailure = $state.raw<Failure | null>(null);
  readonly checking = new Attempt();
  /** What the account that created the request sees in the bucket, by slot name; null until checked. */
  checked = $state.raw<ReadonlyMap<string, CheckedSlot> | null>(null);

  readonly failure = $derived(this.#fillFailure ?? this.checking.failure);
  readonly filled = $derived(
    this.checked === null ? 0 : [...this.checked.values()].filter(({ state }) => state === 'filled').length,
  );
  readonly sent = $derived.by(
    () => this.request.slots.filter(({ name }) => this.transferOf(name)?.state.at === 'done').length,
  );

  constructor(request: RequestCard, callMain: typeof call, transfers: TransferList) {
    this.request = request;
    this.#call = callMain;
    this.#transfers = transfers;
  }

  transferOf(name: string): Transfer | undefined {
    const id = this.#transferIds.get(name);
    return id === undefined ? undefined : this.#transfers.get(id);
  }

  /** Uploads a file to a slot. */
  async fill(name: string, path: string): Promise<void> {
    this.#fillFailure = null;
    this.checking.failure = null;
    try {
      const { transferId } = await this.#call('links.fillSlot', { fileId: this.request.fileId, name, path });
      this.#transferIds.set(name, transferId);
    } catch (error) {
      this.#fillFailure = await failureOf(error);
    }
  }

  /** Uploads files to the free slots that match their names. */
  async fillByName(paths: readonly string[]): Promise<void> {
    const free = this.request.slots.map(({ name }) => name).filter((name) => this.#isFree(name));
    const { taken, left } = assignFiles(free, paths);
    this.left = left;
    for (const { name, path } of taken) await this.fill(name, path);
  }

  async pick(name: string): Promise<void> {
    const [path] = await this.#call('dialogs.pickFiles', { what: 'files' });
    if (path !== undefined) await this.fill(name, path);
  }

  async pickSeveral(): Promise<void> {
    const paths = await this.#call('dialogs.pickFiles', { what: 'files' });
    if (paths.length > 0) await this.fillByName(paths);
  }

  /** Checks the bucket, using an account that can read it. */
  async check(accountId: string): Promise<void> {
    this.#fillFailure = null;
    await this.checking.run(
      () => this.#call('links.checkRequest', { accountId, fileId: this.request.fileId }),
      ({ slots }) => {
        const names = slots.map(({ name }) => name);
        this.checked = pairUp(names, slots);
      },
    );
  }

  /** True if no file was sent to the slot, or its upload failed. */
  #isFree(name: string): boolean {
    const at = this.transferOf(name)?.state.at;
    const isSent = this.#transferIds.has(name) && at !== 'failed' && at !== 'cancelled';
    return !isSent && this.checked?.get(name)?.state !== 'filled';
  }
}
