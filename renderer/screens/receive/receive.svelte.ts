import type {
  Failure,
  LinkCard,
  LinkDiagnosis,
  LinkProbe,
  ReceivedCard,
  ReceivedLink,
} from '../../../main/contract/contract.ts';
import { Attempt } from '../../lib/attempt.svelte.ts';
import type { call } from '../../lib/bridge.ts';
import type { NameValue } from '../../lib/name-value.ts';
import { Newest } from '../../lib/newest.ts';
import type { Clock } from '../../model/clock.svelte.ts';
import type { SentText } from '../../model/dialogs.svelte.ts';
import type { TransferList } from '../../model/transfers/transfers.svelte.ts';
import { ListReceipt } from './manifest/list-receipt.svelte.ts';
import type { RequestCard } from './slots/slot-receipt.svelte.ts';
import type { TicketCard } from './ticket/ticket-receipt.svelte.ts';

interface ReceiptNeeds {
  readonly call: typeof call;
  readonly clock: Clock;
  readonly transfers: TransferList;
  /** The download folder, used as the default. */
  readonly folder: string;
  /** Whether size and type of a pasted link are asked for without a click. */
  readonly looksAtOnce: () => boolean;
}

/** That the server doesn't accept the link: its answer when asked why, or to an attempt. */
export type Refusal =
  | { readonly kind: 'diagnosis'; readonly diagnosis: LinkDiagnosis }
  | { readonly kind: 'failure'; readonly failure: Failure; readonly tried: 'upload' | 'download' | null };

/**
 * A received link, or a file of links, and what is done with it. The text is never kept: main holds the signed URLs and
 * the renderer knows them by `linkId` or `fileId`.
 */
export class Receipt {
  readonly #call: typeof call;
  readonly #clock: Clock;
  readonly #transfers: TransferList;
  readonly #looksAtOnce: () => boolean;

  card = $state.raw<LinkCard | null>(null);
  /** Several links instead of a single one; it stays while one of them is open. */
  list = $state.raw<ListReceipt | null>(null);
  request = $state.raw<RequestCard | null>(null);
  ticket = $state.raw<TicketCard | null>(null);
  readonly reading = new Attempt();
  mode = $state<'download' | 'upload'>('download');
  /** The destination of a download, and its name there. */
  folder = $state('');
  fileName = $state('');
  /** The file to upload. */
  path = $state<string | null>(null);
  headers = $state.raw<readonly NameValue[]>([]);
  probe = $state.raw<LinkProbe | null>(null);
  readonly probing = new Attempt();
  /** The server's reason why the link doesn't work. */
  diagnosis = $state.raw<LinkDiagnosis | null>(null);
  readonly diagnosing = new Attempt();
  transferId = $state<string | null>(null);
  readonly starting = new Attempt();
  /** Dropped for each new link, so that a file chosen for one link isn't uploaded through the next. */
  readonly #picking = new Newest();
  /** The user wants to try although this computer's clock says that the link can't work. */
  insisted = $state(false);

  /** What went wrong, unless it is that the server refuses the link. */
  readonly failure = $derived.by(() => {
    const failure = this.reading.failure ?? this.starting.failure ?? this.probing.failure;
    return failure?.kind === 'link' && this.link !== null ? null : failure;
  });
  readonly link = $derived(this.card?.kind === 'link' ? this.card : null);
  /** What can be downloaded, or uploaded to: a signed link, a file that may be public, or one of a CDN. */
  readonly target = $derived.by(() => {
    const { card } = this;
    return card?.kind === 'public-file' || card?.kind === 'cdn-link' ? card : this.link;
  });
  /** What says what the link is for; null for an address that nobody signed. A damaged note goes first. */
  readonly purpose = $derived.by(() => {
    const { link } = this;
    if (link === null) return null;
    if (link.noteUnreadable) return { at: 'unreadable' } as const;
    if (link.note !== null) return { at: 'noted', method: link.note.method } as const;
    const isPlain = link.direction === 'download' || link.direction === 'upload';
    return { at: isPlain ? (`only.${link.direction}` as const) : 'hint' } as const;
  });
  /** Why the link doesn't work, once the server was asked; null while it may work. The newest answer counts. */
  readonly refusal = $derived.by((): Refusal | null => {
    if (this.link === null) return null;
    const { diagnosis } = this;
    if (diagnosis !== null) return diagnosis.cause === 'none' ? null : { kind: 'diagnosis', diagnosis };
    const state = this.transferId === null ? null : this.#transfers.get(this.transferId)?.state;
    if (state?.at === 'failed' && state.because.kind === 'link') {
      return { kind: 'failure', failure: state.because, tried: this.mode };
    }
    const failure = this.starting.failure ?? this.probing.failure;
    return failure?.kind === 'link' ? { kind: 'failure', failure, tried: null } : null;
  });
  /** The state at this second: a link that was valid when it was pasted may have expired since. */
  get linkState(): ReceivedLink['state'] | null {
    return this.link === null ? null : stateAt(this.link, this.#clock.now);
  }

  constructor({ call: callMain, clock, transfers, folder, looksAtOnce }: ReceiptNeeds) {
    this.#call = callMain;
    this.#clock = clock;
    this.#transfers = transfers;
    this.#looksAtOnce = looksAtOnce;
    this.folder = folder;
  }

  /** Has main read a pasted text or a file. */
  async read(sent: SentText): Promise<void> {
    this.forget();
    await this.reading.rerun<ReceivedCard>(
      () => ('text' in sent ? this.#call('links.inspect', sent) : this.#call('links.openFile', sent)),
      (found) => this.show(found),
    );
    await this.#lookAtOnce();
  }

  /** Asks for a file and has main read it. */
  async pickAndRead(): Promise<void> {
    const [path] = await this.#call('dialogs.pickFiles', { what: 'files' });
    if (path !== undefined) await this.read({ path });
  }

  /** Shows the content that main has read. */
  show(found: ReceivedCard): void {
    this.forget();
    if (found.kind === 'upload-request') this.request = found;
    else if (found.kind === 'upload-ticket') this.ticket = found;
    else if (found.kind === 'manifest' || found.kind === 'link-list') {
      const needs = { call: this.#call, transfers: this.#transfers, folder: this.folder };
      this.list = new ListReceipt(found, needs);
    } else this.#showLink(found);
  }

  /** Opens one link of the list. */
  async openListed(place: number): Promise<void> {
    const { list } = this;
    if (list === null) return;
    const { fileId } = list.card;
    await this.reading.rerun(
      () => this.#call('links.openListed', { fileId, place }),
      (found) => this.#showLink(found),
    );
    await this.#lookAtOnce();
  }

  /** Returns to the empty paste box. */
  forget(): void {
    this.list = null;
    this.request = null;
    this.ticket = null;
    this.backToList();
  }

  /** Returns from one link to the list that it is in. */
  backToList(): void {
    this.card = null;
    this.probe = null;
    this.diagnosis = null;
    this.path = null;
    this.transferId = null;
    this.insisted = false;
    this.#picking.drop();
    // Pending calls belong to the previous link.
    for (const attempt of [this.reading, this.probing, this.diagnosing, this.starting]) attempt.drop();
  }

  /** Asks the server for size and type, by fetching one byte. */
  async check(): Promise<void> {
    if (this.target === null) return;
    const { linkId } = this.target;
    this.starting.failure = null;
    await this.probing.run(
      () => this.#call('links.probe', { linkId }),
      (probe) => (this.probe = probe),
    );
  }

  /** Asks the server why the link doesn't work, using read requests only. */
  async diagnose(): Promise<void> {
    if (this.link === null) return;
    const { linkId } = this.link;
    await this.diagnosing.run(
      () => this.#call('links.diagnose', { linkId }),
      (diagnosis) => (this.diagnosis = diagnosis),
    );
  }

  /** What a person can do with it here. A link that deletes a file or reads its details moves none. */
  get offer(): 'transfer' | 'try-anyway' | 'nothing' {
    if (this.target === null || this.link?.direction === 'other') return 'nothing';
    return this.link === null || this.linkState === 'valid' || this.insisted ? 'transfer' : 'try-anyway';
  }

  /** Whether the server can be asked about the file: an upload link would be refused, and so would one that isn't valid. */
  get canCheck(): boolean {
    if (this.link === null) return this.target !== null;
    return this.link.direction !== 'upload' && this.linkState === 'valid' && this.offer === 'transfer';
  }

  /** True if all inputs of the chosen mode are filled in. */
  get ready(): boolean {
    if (this.target === null || this.link?.direction === 'other') return false;
    return this.mode === 'download' ? this.fileName.trim() !== '' && this.folder !== '' : this.path !== null;
  }

  /** Switches the mode and discards the outcome of the previous attempt. */
  setMode(mode: 'download' | 'upload'): void {
    this.mode = mode;
    this.transferId = null;
    this.probing.failure = null;
    this.starting.discard();
  }

  /** Starts the transfer. The queue shows its progress under `transferId`. */
  async start(): Promise<void> {
    if (!this.ready) return;
    this.probing.failure = null;
    this.diagnosis = null;
    await this.starting.run(
      () => this.#begin(),
      (transferId) => (this.transferId = transferId),
    );
  }

  async pickFolder(): Promise<void> {
    const folder = await this.#call('dialogs.pickFolder', {});
    if (folder !== null) this.folder = folder;
  }

  async pickFile(): Promise<void> {
    await this.#picking.ask(
      () => this.#call('dialogs.pickFiles', { what: 'files' }),
      ([path]) => {
        if (path !== undefined) this.path = path;
      },
    );
  }

  /** Asks the server about a link for downloading, if the user wants that of each. */
  async #lookAtOnce(): Promise<void> {
    if (this.mode === 'download' && this.canCheck && this.#looksAtOnce()) await this.check();
  }

  #showLink(found: LinkCard): void {
    this.card = found;
    if (found.kind === 'link') this.#offer(found);
    if (found.kind !== 'public-file' && found.kind !== 'cdn-link') return;
    this.fileName = found.fileName;
    this.mode = 'download';
  }

  /** Fills in the sender's note. Without one, adds empty rows for the headers that the link names. */
  #offer(link: ReceivedLink): void {
    this.fileName = link.fileName;
    const bound = link.boundHeaders.filter((name) => name.toLowerCase() !== 'host');
    const isUpload = link.direction === null ? bound.length > 0 : link.direction === 'upload';
    this.mode = isUpload ? 'upload' : 'download';
    const headers = link.note?.headers ?? Object.fromEntries(bound.map((name) => [name, '']));
    this.headers = Object.entries(headers).map(([name, value]) => ({ name, value }));
  }

  async #begin(): Promise<string | null> {
    const { target, path, folder } = this;
    if (target === null) return null;
    const { linkId } = target;
    if (this.mode === 'download') {
      return (await this.#call('links.download', { linkId, folder, fileName: this.fileName.trim() })).transferId;
    }
    if (path === null) return null;
    const named = this.headers.filter((row) => row.name.trim() !== '');
    const headers = Object.fromEntries(named.map((row) => [row.name.trim(), row.value.trim()]));
    return (await this.#call('links.upload', { linkId, path, headers })).transferId;
  }
}

/** Main's state, updated by the clock. Main knows how far ahead of its start time OSS accepts a link. */
function stateAt(link: ReceivedLink, now: number): ReceivedLink['state'] {
  if (link.state === 'expired' || now >= link.validUntil) return 'expired';
  const early = link.state === 'not-yet-valid' && link.validFrom !== null && now < link.validFrom;
  return early ? 'not-yet-valid' : 'valid';
}
