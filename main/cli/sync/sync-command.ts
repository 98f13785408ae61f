import { access, constants, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { type Failure, toFailure } from '../../failure.ts';
import { withFileErrors } from '../../local-files/file-failure.ts';
import { isChange } from '../../sync/changed.ts';
import { deleteGone } from '../../sync/deletions.ts';
import { SyncPlan } from '../../sync/plan.ts';
import type { AtBucket } from '../../sync/remote-side.ts';
import type { SyncRule } from '../../sync/rule.ts';
import type { SyncEntry } from '../../sync/step.ts';
import { deletionStopOf, isSourceEmpty } from '../../sync/totals.ts';
import { classify } from '../../transfers/retry-policy.ts';
import type { FolderWork } from '../../transfers/queue/planned-transfer.ts';
import { escapeControls } from '../../words/controls.ts';
import { formatBytes } from '../../words/format.ts';
import { type CommandContext, INTERRUPTED } from '../arguments/command.ts';
import { ENVIRONMENT, type EnvironmentConnection } from '../arguments/connect.ts';
import type { TransferSettings } from '../arguments/transfer-options.ts';
import { failureMessage } from '../terminal/failure-message.ts';
import { sentences, text } from '../terminal/sentences.ts';
import { isAnsweredYes } from '../terminal/yes-question.ts';
import { usualFolder } from '../transfers/state-folder.ts';
import type { TransferOrder } from '../transfers/transfer-order.ts';
import { type EndOfRun, runTransfers } from '../transfers/transfer-run.ts';

/** What a sync was asked for. */
interface SyncOrder {
  readonly rule: SyncRule;
  readonly connection: EnvironmentConnection;
  readonly isJson: boolean;
  readonly settings: TransferSettings;
}

/** What has been done. */
interface Done {
  readonly count: number;
  readonly bytes: number;
  readonly deleted: number;
}

/** Lines printed at once. */
const PAGE_LINES = 1000;

/** Carries out `sync`: compares, says what is left as it is, transfers, then deletes. */
export class SyncCommand {
  readonly #order: SyncOrder;
  readonly #context: CommandContext;

  constructor(order: SyncOrder, context: CommandContext) {
    this.#order = order;
    this.#context = context;
  }

  /** Prints what run() would do. @returns the exit code */
  async preview(): Promise<number> {
    const plan = await this.#plan(tmpdir());
    try {
      this.#tellLeft(plan);
      const stop = this.#tellStop(plan);
      let lines: string[] = [];
      for (const entry of previewed(plan, stop)) {
        lines.push(this.#lineOf(entry));
        if (lines.length < PAGE_LINES) continue;
        await this.#context.out.answer(lines.join('\n'));
        lines = [];
      }
      if (lines.length > 0) await this.#context.out.answer(lines.join('\n'));
      if (this.#isEmptying(plan)) this.#say(text('cli.sync.empty'));
      const { upload, download, delete: gone } = plan.totals.actions;
      const [count, bytes] = [upload.count + download.count, upload.bytes + download.bytes];
      this.#tellTotals('cli.sync.would', plan, { count, bytes, deleted: stop ? 0 : gone.count });
      return plan.totals.actions.fail.count > 0 ? 1 : 0;
    } finally {
      plan.remove();
    }
  }

  /** Makes the target like the source. `mayEmpty`: even if that empties it. @returns the exit code */
  async run(mayEmpty: boolean): Promise<number> {
    const { rule, settings } = this.#order;
    const before = await this.#finishEarlier();
    if (before.code === INTERRUPTED) return before.code;
    const plan = await this.#plan(await planFolder(settings.stateFolder ?? usualFolder(this.#context.env)));
    try {
      if (this.#isEmptying(plan) && !mayEmpty && !(await this.#mayEmpty(plan))) return 2;
      this.#tellLeft(plan);
      if (rule.direction === 'down') await withFileErrors(rule.folder, mkdir(rule.folder, { recursive: true }));
      const { code, count, bytes } = await this.#transfer(plan);
      if (code === INTERRUPTED) return code;
      const { deleted, isComplete } = await this.#delete(plan, code === 0);
      this.#tellTotals('cli.sync.done', plan, { count: count + before.count, bytes: bytes + before.bytes, deleted });
      const { actions, skips } = plan.totals;
      const isLeft = actions.fail.count > 0 || actions.skip.count > skips.newer || !isComplete;
      return Math.max(code, isLeft ? 1 : 0);
    } finally {
      plan.remove();
    }
  }

  async #plan(folder: string): Promise<SyncPlan> {
    const { signal } = this.#context;
    const file = join(folder, `sync-${crypto.randomUUID()}.plan`);
    const plan = await SyncPlan.make(this.#order.rule, file, { atBucket: this.#atBucket, signal });
    // The process ends at once if nobody reads its output any more.
    process.once('exit', () => plan.remove());
    return plan;
  }

  /** Finishes what an earlier process of the same command began. What it can't is compared again, and told then. */
  async #finishEarlier(): Promise<{ readonly code: number; readonly count: number; readonly bytes: number }> {
    const { out } = this.#context;
    const quiet = { ...this.#context, out: { ...out, say: () => undefined } };
    return countsOf(
      await runTransfers(
        this.#transferOrder(() => undefined),
        this.#order.settings,
        quiet,
      ),
    );
  }

  async #transfer(plan: SyncPlan): Promise<{ readonly code: number; readonly count: number; readonly bytes: number }> {
    const transfer = plan.transfer(ENVIRONMENT, basename(plan.rule.folder));
    if (transfer === null) return { code: 0, count: 0, bytes: 0 };
    const order = this.#transferOrder((queue, known) => {
      queue.cancel(known.map(({ id }) => id));
      return queue.add([transfer]);
    });
    return countsOf(await runTransfers(order, this.#order.settings, this.#context));
  }

  #transferOrder(fill: TransferOrder['fill']): TransferOrder {
    const { rule, connection, isJson } = this.#order;
    const { direction, bucket, prefix, folder, include, exclude, keepsNewer } = rule;
    const action = direction === 'up' ? 'upload' : 'download';
    const work: FolderWork = { kind: `${action}-folder`, accountId: ENVIRONMENT, bucket, key: prefix, path: folder };
    return {
      ...{ command: 'sync', direction, rule: 'refuse', connection, work, fill },
      // With other patterns it is another command, which must not finish what these leave out.
      identity: [connection.server, direction, bucket, prefix, folder, include, exclude, keepsNewer],
      answerOf: ({ name }, { verified, versionId }) =>
        isJson ? JSON.stringify({ action, path: name, verified, versionId }) : escapeControls(name),
      nameOf: ({ name }) => escapeControls(name),
      explain: explained,
    };
  }

  /** Deletes what is gone, if nothing stands against it. */
  async #delete(
    plan: SyncPlan,
    isAllMoved: boolean,
  ): Promise<{ readonly deleted: number; readonly isComplete: boolean }> {
    if (plan.totals.actions.delete.count === 0) return { deleted: 0, isComplete: true };
    if (!isAllMoved) this.#say(text('cli.sync.kept.failed'));
    if (!isAllMoved || this.#tellStop(plan)) return { deleted: 0, isComplete: false };
    let [deleted, failed] = [0, 0];
    const { signal, out } = this.#context;
    for await (const page of deleteGone(plan, { atBucket: this.#atBucket, signal })) {
      const lines: string[] = [];
      for (const { path, failure } of page) {
        if (failure === null) lines.push(this.#lineOf({ path, step: { action: 'delete' } }));
        else this.#tell(path, failureMessage(explained(failure)));
      }
      deleted += lines.length;
      failed += page.length - lines.length;
      if (lines.length > 0 && !this.#order.settings.isQuiet) await out.answer(lines.join('\n'));
    }
    return { deleted, isComplete: failed === 0 };
  }

  #isEmptying({ totals }: SyncPlan): boolean {
    return totals.actions.delete.count > 0 && isSourceEmpty(totals);
  }

  async #mayEmpty({ totals }: SyncPlan): Promise<boolean> {
    this.#say(text('cli.sync.empty'));
    return isAnsweredYes(text('cli.sync.empty.question', { count: totals.actions.delete.count }), this.#context);
  }

  /** Says why nothing will be deleted. Returns whether that is so. */
  #tellStop({ totals }: SyncPlan): boolean {
    const stop = totals.actions.delete.count === 0 ? null : deletionStopOf(totals);
    if (stop !== null) this.#say(text(`cli.sync.kept.${stop}`));
    return stop !== null;
  }

  /** Says what is left as it is, and why. */
  #tellLeft(plan: SyncPlan): void {
    for (const { path, step } of plan.entries('skip', 'fail')) {
      if (step.action === 'fail') this.#tell(path, failureMessage(step.because));
      if (step.action === 'skip' && (step.because !== 'newer' || !this.#order.settings.isQuiet)) {
        this.#tell(path, text(`cli.sync.skip.${step.because}`));
      }
    }
  }

  #tellTotals(key: 'cli.sync.done' | 'cli.sync.would', { totals }: SyncPlan, { count, bytes, deleted }: Done): void {
    if (this.#order.settings.isQuiet) return;
    const { actions, differences } = totals;
    const size = formatBytes(bytes, sentences.locale);
    const left = actions.skip.count + actions.fail.count;
    this.#say(text(key, { count, size, deleted, left, same: differences.same }));
  }

  #lineOf({ path, step: { action }, ...more }: Pick<SyncEntry, 'path' | 'step'> & Partial<SyncEntry>): string {
    if (!this.#order.isJson) return escapeControls(path);
    const source = action === 'download' ? more.remote : (more.local ?? more.remote);
    return JSON.stringify({ action, path, difference: more.difference, size: source?.sizeBytes });
  }

  #tell(path: string, message: string): void {
    this.#say(text('cli.labelled', { name: escapeControls(path), message }));
  }

  #say(line: string): void {
    this.#context.out.say(line);
  }

  readonly #atBucket: AtBucket = async (operation) => {
    const { connection } = this.#order;
    try {
      return await operation(connection);
    } catch (error) {
      if (classify(toFailure(error)).action !== 'refresh' || !connection.renew()) throw error;
      return operation(connection);
    }
  };
}

/** What run() would do, in its order. */
function* previewed(plan: SyncPlan, isStopped: boolean): Generator<SyncEntry> {
  yield* plan.entries('upload', 'download');
  if (!isStopped) yield* plan.entries('delete');
}

function countsOf({ code, transfers }: EndOfRun): {
  readonly code: number;
  readonly count: number;
  readonly bytes: number;
} {
  const [count, bytes] = transfers.reduce(
    ([n, b], { folder, doneBytes }) => [n + (folder?.done ?? 0), b + doneBytes],
    [0, 0],
  );
  return { code, count, bytes };
}

/** Says of what changed meanwhile that it did, whatever showed it. */
function explained(failure: Failure): Failure {
  return isChange(failure) ? { kind: 'input', field: 'path', rule: 'changed-since-compared' } : failure;
}

/** The folder for a plan: where the command's progress is noted, or where nothing can be, that of passing files. */
async function planFolder(place: string): Promise<string> {
  return access(place, constants.W_OK).then(
    () => place,
    () => tmpdir(),
  );
}
