import { redact } from '../../accounts/redact.ts';
import type { Failure } from '../../failure.ts';
import { TransferQueue } from '../../transfers/queue/queue.ts';
import { hasEnded } from '../../transfers/tasks/state.ts';
import type { Transfer, TransferBatch } from '../../transfers/tasks/transfer.ts';
import { type CommandContext, INTERRUPTED, UsageError } from '../arguments/command.ts';
import { failureMessage } from '../terminal/failure-message.ts';
import { claimJob, endJob, type Job } from './job.ts';
import { doubtAbout, isInDoubt } from './doubt.ts';
import { connectionOf, type DoneState, isOwn, renew, type TransferOrder } from './transfer-order.ts';
import { leftMessages, resumedMessage } from './left-message.ts';
import { askedFor, askOverwrite, isAsking } from './overwrite-question.ts';
import { Patience } from './patience.ts';
import { ProgressBar } from './progress-bar.ts';
import { overwriteRules, type TransferSettings } from '../arguments/transfer-options.ts';
import { TransferTotals } from './transfer-totals.ts';
import { formatChoice } from '../../words/format.ts';
import { troubleText } from '../../words/trouble-text.ts';
import { sentences, text } from '../terminal/sentences.ts';

/** The result of a command: its exit code and its transfers. */
export interface EndOfRun {
  readonly code: number;
  readonly transfers: readonly Transfer[];
}

const LOOK_MS = 500;

/** Runs an order on the app's own queue until everything is done or needs help. */
export async function runTransfers(
  order: TransferOrder,
  settings: TransferSettings,
  context: CommandContext,
): Promise<EndOfRun> {
  const { command, identity, rule } = order;
  if (rule === 'ask' && context.out.ask === null) throw new UsageError(terminalMessage());
  const job: Job =
    identity === null
      ? { journalFile: null, isResumed: false }
      : await claimJob([command, rule, ...identity], settings.stateFolder, context.env);
  return new TransferRun(order, settings, context, job).toEnd();
}

class TransferRun {
  readonly #order: TransferOrder;
  readonly #settings: TransferSettings;
  readonly #context: CommandContext;
  readonly #job: Job;
  readonly #queue: TransferQueue;
  readonly #totals = new TransferTotals();
  readonly #patience: Patience;
  readonly #bar: ProgressBar | null;
  /** Pending output in order; an open question delays what follows. */
  #lines: Promise<void> = Promise.resolve();
  /** Whether a question is open; `never` after the end of input. */
  #asking: 'no' | 'yes' | 'never' = 'no';
  /** Exit code of the failures so far. */
  #code = 0;
  /** Checks whether the run is over. */
  #look: () => void = () => undefined;

  constructor(order: TransferOrder, settings: TransferSettings, context: CommandContext, job: Job) {
    this.#order = order;
    this.#settings = settings;
    this.#context = context;
    this.#job = job;
    this.#patience = new Patience(settings.patienceMs);
    const { terminal } = context.out;
    this.#bar = terminal === null || settings.isQuiet ? null : new ProgressBar(terminal);
    const { slots, connections, limit } = settings;
    const { direction } = order;
    this.#queue = new TransferQueue({
      overwrite: () => order.rule,
      connection: (_, bucket) => connectionOf(order, bucket),
      refresh: () => renew(order),
      dispatcher: context.dispatcher,
      journalFile: job.journalFile,
      limits: { slots, connections, up: direction === 'down' ? null : limit, down: direction === 'up' ? null : limit },
      recheckFiles: true,
      mayRestore: (saved) => this.#mayRestore(saved),
      onBatch: (batch) => this.#apply(batch),
      onTrouble: (trouble) => {
        const { title, detail } = troubleText({ file: 'transfers', ...trouble }, sentences);
        this.#say(text('failure.sentences', { title, next: detail }));
      },
      onFileChanged: () => order.onFileChanged?.(),
      onEnded: (transfer) => this.#ended(transfer),
      onUploaded: () => undefined,
      onBug: (logId, error) => this.#say(`[${logId}] ${error instanceof Error ? redact(error.stack ?? '') : ''}`),
    });
  }

  async toEnd(): Promise<EndOfRun> {
    await this.#begin();
    await this.#untilOver();
    this.#bar?.end();
    const isInterrupted = this.#context.signal.aborted;
    const transfers = this.#queue.list();
    const left = transfers.filter(({ state }) => !hasEnded(state));
    const why = isInterrupted
      ? []
      : leftMessages(left, this.#queue, (transfer, failure) => this.#messageOf(transfer, failure));
    if (left.length === 0) this.#queue.cancel('all');
    await this.#queue.close();
    for (const words of why) this.#say(words);
    if (!isInterrupted && left.some(isAsking)) this.#say(text('cli.overwrite.skipped'));
    if (left.length === 0) await endJob(this.#job);
    else if (this.#job.journalFile !== null) this.#say(text('cli.resume'));
    await this.#lines;
    if (isInterrupted) return { code: INTERRUPTED, transfers };
    return { code: Math.max(this.#code, left.length > 0 ? 1 : 0), transfers };
  }

  /** Fills the queue, or resumes what an earlier process left in it. */
  async #begin(): Promise<void> {
    const queue = this.#queue;
    let known = queue.list();
    // If everything had already ended when the process was killed, start over.
    if (this.#settings.isFresh || known.every(({ state }) => hasEnded(state))) {
      queue.cancel('all');
      queue.clear();
      known = [];
    }
    if (known.length > 0 && !this.#settings.isQuiet) this.#say(resumedMessage(known));
    queue.retry(known.flatMap(({ id, through }) => (through === 'account' ? [id] : [])));
    await this.#order.fill(queue, known);
    this.#totals.apply({ changed: queue.list(), removed: [] });
  }

  /** Waits until nothing can make progress, the network is down for too long, or the command is interrupted. */
  #untilOver(): Promise<void> {
    const { signal } = this.#context;
    return new Promise((resolve) => {
      const timer = setInterval(() => this.#look(), LOOK_MS);
      this.#look = () => {
        this.#askNext();
        if (!signal.aborted && !this.#isOver) return;
        this.#look = () => undefined;
        clearInterval(timer);
        resolve();
      };
      signal.addEventListener('abort', () => this.#look(), { once: true });
      this.#look();
    });
  }

  get #isOver(): boolean {
    return this.#asking !== 'yes' && (this.#totals.isOver || this.#patience.isOver(this.#totals));
  }

  /** Asks about the first transfer that waits for an answer, one at a time. */
  #askNext(): void {
    const { out, signal } = this.#context;
    if (this.#order.rule !== 'ask' || out.ask === null || this.#asking !== 'no') return;
    const first = this.#totals.firstAsking;
    const transfer = first === null ? null : askedFor(first, this.#queue);
    if (transfer === null) return;
    this.#asking = 'yes';
    const { ask } = out;
    this.#lines = this.#lines.then(async () => {
      this.#bar?.clear();
      const answer = await askOverwrite(ask, transfer, signal);
      this.#asking = answer === null ? 'never' : 'no';
      if (answer !== null) this.#queue.choose(transfer.id, answer.choice, answer.applyToAll);
      this.#totals.apply({ changed: this.#queue.list(), removed: [] });
      this.#look();
    });
  }

  /** Says of what isn't restored that it isn't: somebody may look for it. */
  #mayRestore(saved: Transfer): boolean {
    const isMine = isOwn(this.#order, saved) && this.#order.isMine?.(saved) !== false;
    if (!isMine) this.#say(text('cli.resume.foreign', { command: this.#order.command }));
    return isMine;
  }

  #apply(batch: TransferBatch): void {
    this.#totals.apply(batch);
    this.#patience.apply(this.#totals);
    if (this.#asking !== 'yes') this.#bar?.draw(this.#totals.sum());
    this.#look();
  }

  #ended(transfer: Transfer): void {
    const { state, folder, folderId } = transfer;
    if (state.at === 'done') {
      this.#answer(transfer, state);
      // Stored, but not all that was asked for is done.
      if (state.callback !== undefined) this.#fail(transfer, state.callback);
      // Its owner may as well have ended the upload.
      if (isInDoubt(transfer, state)) this.#code = Math.max(this.#code, 1);
    }
    // A folder fails because of its files, which were reported already.
    if (state.at === 'failed' && (folder === null || folder.failed === 0)) {
      this.#fail(transfer, state.because);
    }
    if (folderId !== null) return;
    this.#totals.apply({ changed: [transfer], removed: [] });
    // The queue's next batch is up to a tenth of a second away.
    if (this.#totals.isOver) this.#look();
  }

  #answer(transfer: Transfer, done: DoneState): void {
    const isSilent = this.#settings.isQuiet || transfer.folder !== null;
    const line = isSilent ? null : this.#order.answerOf(transfer, done);
    const doubt = line === null && !isInDoubt(transfer, done) ? null : doubtAbout(transfer, done);
    if (doubt !== null) this.#say(text('cli.labelled', { name: this.#nameOf(transfer), message: text(doubt) }));
    if (line === null) return;
    this.#lines = this.#lines.then(() => {
      this.#bar?.clear();
      return this.#context.out.answer(line);
    });
  }

  #fail(transfer: Transfer, failure: Failure): void {
    const isMisuse = failure.kind === 'input' && this.#order.nameOf === null;
    this.#code = Math.max(this.#code, isMisuse ? 2 : 1);
    this.#say(this.#messageOf(transfer, failure));
  }

  #messageOf(transfer: Transfer, failure: Failure): string {
    return `${this.#nameOf(transfer)}: ${failureMessage(this.#order.explain?.(failure) ?? failure)}`;
  }

  #nameOf(transfer: Transfer): string {
    return this.#order.nameOf?.(transfer) ?? this.#order.command;
  }

  #say(line: string): void {
    const say = (): void => {
      this.#bar?.clear();
      this.#context.out.say(line);
    };
    if (this.#asking === 'yes') this.#lines = this.#lines.then(say);
    else say();
  }
}

function terminalMessage(): string {
  const rules = overwriteRules.filter((rule) => rule !== 'ask');
  return text('cli.overwrite.terminal', { choices: formatChoice(rules, sentences.locale) });
}
