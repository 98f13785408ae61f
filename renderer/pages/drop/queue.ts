import { type Closing } from './classify.ts';
import { Blocked, type Connection } from './connection.ts';
import type { Outcome } from './form-upload.ts';
import { canSendAgain, type Chosen, isBusy, type Item, type ItemState, type Problem, sentBytes } from './items.ts';

/** What the queue works with. */
export interface QueueMeans {
  readonly connection: Connection;
  /** Why a file can't be sent, found without sending. */
  readonly check: (chosen: Chosen) => Problem | null;
  readonly upload: (item: Item) => Promise<Outcome>;
  readonly onChange: (item: Item) => void;
  readonly makeStart: () => string;
}

/** Files under way at once. */
const filesAtOnce = 3;

/** The files of the page and their order. The first goes alone, until it is known that the bucket takes any. */
export class Queue {
  readonly items: Item[] = [];
  /** Why nothing more can be sent. */
  closing: Closing | null = null;
  readonly #means: QueueMeans;
  #running = 0;
  #lastId = 0;
  /** No item before this one waits. */
  #from = 0;

  constructor(means: QueueMeans) {
    this.#means = means;
  }

  /** Adds files to the end; those that would be refused are not sent. */
  add(chosen: readonly Chosen[]): readonly Item[] {
    const start = this.#means.makeStart();
    const added = chosen.map(({ file, path }, index): Item => {
      const problem = this.#means.check({ file, path });
      return {
        ...{ id: this.#lastId + index, file, path, start, key: null, mayHaveArrived: false },
        state: problem === null ? { at: 'ready' } : { at: 'failed', problem },
        control: new AbortController(),
      };
    });
    this.#lastId += added.length;
    // A call takes some 100,000 arguments at most.
    for (const item of added) this.items.push(item);
    return added;
  }

  /** Sends what is ready. */
  start(): void {
    for (const item of this.items) if (item.state.at === 'ready') this.#show(item, { at: 'waiting' });
    this.#from = 0;
    this.pump();
  }

  /** Starts as many as may run. */
  pump(): void {
    const { connection } = this.#means;
    if (this.closing !== null || connection.contact === 'blocked') return;
    const most = connection.contact === 'unknown' ? 1 : filesAtOnce;
    for (let item = this.items[this.#from]; item !== undefined; item = this.items[this.#from]) {
      if (this.#running >= most) return;
      if (item.state.at === 'waiting') void this.#run(item);
      this.#from += 1;
    }
  }

  /** Sends a file again that failed, was cancelled, or arrived damaged. */
  again(item: Item): void {
    const problem = this.#means.check(item);
    // What arrived damaged keeps its name there.
    if (item.state.at === 'failed' && item.state.problem.kind === 'damaged')
      [item.key, item.mayHaveArrived] = [null, false];
    this.#from = 0;
    this.#show(item, problem === null ? { at: 'waiting' } : { at: 'failed', problem });
    this.pump();
  }

  /** Sends again whatever failed on the way. */
  againAll(): void {
    for (const item of this.items) if (canSendAgain(item)) this.again(item);
  }

  /** Takes a file off the list of which nothing was sent. */
  remove(item: Item): void {
    this.items.splice(this.items.indexOf(item), 1);
    this.#from = 0;
  }

  cancel(item: Item): void {
    if (!isBusy(item) && item.state.at !== 'ready') return;
    item.mayHaveArrived ||= sentBytes(item) > 0;
    const mayHaveArrived = item.state.at === 'finishing';
    this.#show(item, { at: 'cancelled', mayHaveArrived });
    item.control.abort(new Error('cancelled'));
    item.control = new AbortController();
  }

  cancelAll(): void {
    for (const item of this.items) this.cancel(item);
  }

  /** Tries the bucket again that never answered. */
  unblock(): void {
    this.#means.connection.reset();
    this.pump();
  }

  /**
   * Nothing more is sent: the page has expired, or its permission is gone. OSS looks at the time as a request begins, so
   * that what runs when the page expires may end well; what has left altogether may be stored in any case.
   */
  close(closing: Closing): void {
    if (this.closing !== null) return;
    this.closing = closing;
    for (const item of this.items) {
      if (item.state.at !== 'ready' && !isBusy(item)) continue;
      const isRunning = item.state.at !== 'ready' && item.state.at !== 'waiting';
      if (isRunning && (closing.because === 'expired' || item.state.at === 'finishing')) continue;
      item.control.abort(new Error('closed'));
      this.#show(item, { at: 'failed', problem: { kind: 'closed', closing } });
    }
  }

  async #run(item: Item): Promise<void> {
    this.#running += 1;
    const { signal } = item.control;
    this.#show(item, { at: 'sending', sentBytes: 0 });
    try {
      const outcome = await this.#means.upload(item);
      if (!signal.aborted) this.#end(item, outcome);
    } catch (error) {
      if (error instanceof Blocked) this.#wait(item);
      else if (!signal.aborted) this.#show(item, { at: 'failed', problem: { kind: 'interrupted' } });
    } finally {
      this.#running -= 1;
      this.pump();
    }
  }

  #end(item: Item, outcome: Outcome): void {
    if ('stored' in outcome) {
      this.#show(item, { at: 'stored', stored: outcome.stored });
      return;
    }
    if ('unconfirmed' in outcome) {
      this.#show(item, { at: 'unconfirmed', key: outcome.unconfirmed });
      return;
    }
    this.#show(item, { at: 'failed', problem: outcome.problem });
    if (outcome.problem.kind === 'closed') this.close(outcome.problem.closing);
  }

  #wait(item: Item): void {
    this.#from = 0;
    this.#show(item, { at: 'waiting' });
  }

  #show(item: Item, state: ItemState): void {
    item.state = state;
    this.#means.onChange(item);
  }
}
