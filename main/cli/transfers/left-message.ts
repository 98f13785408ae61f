import type { Failure } from '../../failure.ts';
import type { TransferQueue } from '../../transfers/queue/queue.ts';
import type { Transfer } from '../../transfers/tasks/transfer.ts';
import { formatBytes } from '../../words/format.ts';
import { sentences, text } from '../terminal/sentences.ts';

/** Why transfers are stuck, one message per reason; a folder is represented by its files. */
export function leftMessages(
  left: readonly Transfer[],
  queue: TransferQueue,
  wordsOf: (transfer: Transfer, failure: Failure) => string,
): string[] {
  const parts = queue.openFolders(left.flatMap(({ id, folder }) => (folder === null ? [] : [id])));
  const reasons = new Map<string, { readonly words: string; count: number }>();
  for (const transfer of [...parts, ...left]) {
    const because = becauseOf(transfer);
    if (because === null) continue;
    const reason = JSON.stringify({ ...because, requestId: undefined });
    const known = reasons.get(reason);
    if (known === undefined) reasons.set(reason, { words: wordsOf(transfer, because), count: 1 });
    else known.count += 1;
  }
  return [...reasons.values()].map(({ words, count }) =>
    count === 1 ? words : text('cli.and-more', { message: words, count: count - 1 }),
  );
}

function becauseOf({ state }: Transfer): Failure | null {
  return state.at === 'waiting' || state.at === 'blocked' ? (state.because ?? null) : null;
}

/** Says how much an earlier process of the same command already transferred. */
export function resumedMessage(known: readonly Transfer[]): string {
  let doneBytes = 0;
  let doneFiles = 0;
  for (const { doneBytes: bytes, folder, state } of known) {
    doneBytes += bytes;
    doneFiles += folder === null ? Number(state.at === 'done') : folder.done + folder.skipped;
  }
  const size = formatBytes(doneBytes, sentences.locale);
  return doneFiles === 0 ? text('cli.resumed', { size }) : text('cli.resumed.files', { count: doneFiles, size });
}
