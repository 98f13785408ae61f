import { SvelteMap, SvelteSet } from 'svelte/reactivity';
import type { Transfer, TransferBatch } from '../../../main/contract/contract.ts';
import type { call } from '../../lib/bridge.ts';
import { OpenFolders } from './open-folders.ts';
import { QueueOrder, type QueueFilter } from './queue-order.ts';
import { noTransfers, RunningSums, type TransferTotals } from './transfer-totals.ts';

/** The queue as main reports it. A batch costs time proportional to its changes, not to the queue's length. */
export class TransferList {
  readonly #call: typeof call;
  readonly #byId = new SvelteMap<string, Transfer>();
  readonly #order = new QueueOrder();
  readonly #parts = new OpenFolders();
  readonly #open = new SvelteSet<string>();
  #filter = $state.raw<QueueFilter>('all');
  /** How many transfers of an account wait for credentials. */
  readonly #awaiting = new SvelteMap<string, number>();
  #ids = $state.raw<readonly string[]>([]);
  #totals = $state.raw(noTransfers);
  #asking = $state.raw<{ readonly firstId: string | null; readonly count: number }>({ firstId: null, count: 0 });

  readonly active = $derived(this.#totals.counts.running + this.#totals.counts.verifying + this.#totals.counts.waiting);
  readonly attention = $derived(this.#totals.attention);
  /** How many wait for an answer that can be given in the window. */
  readonly asking = $derived(this.#asking.count);
  /** The one that asked first. */
  readonly question = $derived(this.#asking.firstId === null ? null : (this.#byId.get(this.#asking.firstId) ?? null));
  readonly finished = $derived(this.#totals.counts.done + this.#totals.counts.skipped + this.#totals.counts.cancelled);
  /** How many transfers would end if all were cancelled. */
  readonly unfinished = $derived(
    this.active +
      this.#totals.counts.queued +
      this.#totals.counts.paused +
      this.#totals.counts.blocked +
      this.#totals.counts.failed,
  );
  /** 0 to 1, by bytes; null while no size is known. */
  readonly fraction = $derived(
    this.#totals.sizeBytes === 0 ? null : Math.min(1, this.#totals.doneBytes / this.#totals.sizeBytes),
  );
  /** Null while nothing moves. */
  readonly secondsLeft = $derived(
    this.#totals.bytesPerSecond === 0
      ? null
      : Math.max(0, this.#totals.sizeBytes - this.#totals.doneBytes) / this.#totals.bytesPerSecond,
  );

  constructor(callMain: typeof call) {
    this.#call = callMain;
  }

  /** In screen order. */
  get ids(): readonly string[] {
    return this.#ids;
  }

  get filter(): QueueFilter {
    return this.#filter;
  }

  set filter(filter: QueueFilter) {
    this.#filter = filter;
    this.#ids = this.#shown();
  }

  get totals(): TransferTotals {
    return this.#totals;
  }

  get(id: string): Transfer | undefined {
    return this.#byId.get(id);
  }

  isOpen(folderId: string): boolean {
    return this.#open.has(folderId);
  }

  /** How many transfers of the account are waiting for new credentials. */
  awaitingCredentials(accountId: string): number {
    return this.#awaiting.get(accountId) ?? 0;
  }

  async load(): Promise<void> {
    this.apply({ changed: await this.#call('transfers.list', {}), removed: [] });
  }

  /** Expands or collapses a folder. */
  async toggle(folderId: string): Promise<void> {
    if (!this.#open.delete(folderId)) this.#open.add(folderId);
    const parts = await this.#call('transfers.open', { ids: [...this.#open] });
    for (const id of this.#parts.clear()) this.#byId.delete(id);
    this.apply({ changed: parts, removed: [] });
    this.#ids = this.#shown();
  }

  apply(batch: TransferBatch): void {
    const sums = new RunningSums(this.#totals);
    let moved = false;
    for (const transfer of batch.changed) moved = this.#put(transfer, sums) || moved;
    for (const id of batch.removed) moved = this.#drop(id, sums) || moved;
    this.#totals = sums.totals();
    if (!moved) return;
    this.#ids = this.#shown();
    const { asking } = this.#order;
    const [firstId = null] = asking;
    this.#asking = { firstId, count: asking.size };
  }

  /** Each expanded folder is followed by its transfers. */
  #shown(): readonly string[] {
    return this.#parts.unfold(this.#order.ids(this.#filter));
  }

  #putPart(transfer: Transfer, folderId: string): boolean {
    // Reported before main knew that the folder was collapsed.
    if (!this.#open.has(folderId)) return false;
    this.#byId.set(transfer.id, transfer);
    return this.#parts.put(transfer);
  }

  #put(transfer: Transfer, sums: RunningSums): boolean {
    if (transfer.folderId !== null) return this.#putPart(transfer, transfer.folderId);
    const before = this.#byId.get(transfer.id);
    if (before !== undefined) sums.subtract(before);
    sums.add(transfer);
    this.#countAwaiting(before, transfer);
    this.#byId.set(transfer.id, transfer);
    return this.#order.put(before, transfer);
  }

  #drop(id: string, sums: RunningSums): boolean {
    const before = this.#byId.get(id);
    if (before === undefined) return false;
    this.#byId.delete(id);
    if (before.folderId !== null) return this.#parts.drop(before);
    sums.subtract(before);
    this.#countAwaiting(before, undefined);
    this.#order.drop(before);
    this.#open.delete(id);
    return true;
  }

  #countAwaiting(before: Transfer | undefined, after: Transfer | undefined): void {
    const [was, is] = [awaitsCredentials(before), awaitsCredentials(after)];
    const accountId = (after ?? before)?.accountId ?? null;
    if (was === is || accountId === null) return;
    this.#awaiting.set(accountId, this.awaitingCredentials(accountId) + (is ? 1 : -1));
  }
}

function awaitsCredentials(transfer: Transfer | undefined): boolean {
  return transfer?.state.at === 'blocked' && transfer.state.need === 'credentials';
}
