import type { FolderCounts, Transfer } from '../../main/contract/contract.ts';
import { failureText } from '../../main/words/failure-text.ts';
import { formatBytes, formatLength, formatSpeed } from '../../main/words/format.ts';
import type { Messages } from '../lib/messages.svelte.ts';

/** The state of a transfer. `now` is in Unix milliseconds, for the wait before the next attempt. */
export function stateText(transfer: Transfer, messages: Messages, now: number): string {
  const asking = transfer.folder?.asking ?? 0;
  return asking > 0
    ? messages.text('transfers.folder.asking', { count: asking })
    : ownStateText(transfer, messages, now);
}

/** What a transfer asks, for a place that shows nothing else of it. */
export function questionText(transfer: Transfer, messages: Messages): string {
  const { name, state, folder } = transfer;
  const target = destinationText(transfer, messages);
  const asking = folder?.asking ?? 0;
  if (asking > 0) return messages.text('transfers.question.folder', { name, target, count: asking });
  const isExisting = state.at === 'blocked' && state.need === 'overwrite-choice';
  if (isExisting) return messages.text('transfers.question.exists', { name, target });
  return messages.text('transfers.question.other', { name, state: ownStateText(transfer, messages, 0) });
}

function ownStateText(transfer: Transfer, messages: Messages, now: number): string {
  const { text, locale } = messages;
  const { state } = transfer;
  switch (state.at) {
    case 'running':
      return runningText(transfer.direction, state.attempt, messages);
    case 'waiting':
      if (state.because.kind === 'network') {
        return text('transfers.state.waiting-for-network', { cause: failureText(state.because, messages).title });
      }
      return text('transfers.state.waiting', {
        cause: failureText(state.because, messages).title,
        length: formatLength(Math.max(1000, state.retryAt - now), locale),
      });
    case 'blocked':
      return blockedText(transfer, state, messages);
    case 'failed':
      return failureText(state.because, messages).title;
    case 'queued':
    case 'paused':
    case 'verifying':
    case 'done':
    case 'skipped':
    case 'cancelled':
      return text(`transfers.state.${state.at}`);
    default:
      return state satisfies never;
  }
}

function blockedText(
  { name, through }: Transfer,
  { need, because }: Extract<Transfer['state'], { readonly at: 'blocked' }>,
  { text, locale }: Messages,
): string {
  if (need === 'fresh-link' && through === 'ticket') return text('transfers.blocked.fresh-ticket');
  if (need !== 'disk-space' || because?.kind !== 'file' || because.space === undefined) {
    return text(`transfers.blocked.${need}`, { name });
  }
  const { neededBytes, freeBytes } = because.space;
  const sizes = { needed: formatBytes(neededBytes, locale), free: formatBytes(freeBytes, locale) };
  return text('transfers.blocked.disk-space.sizes', sizes);
}

function runningText(direction: Transfer['direction'], attempt: number, { text }: Messages): string {
  const what = text(runningKeys[direction]);
  return attempt > 1 ? text('transfers.state.attempt', { what, attempt }) : what;
}

const runningKeys = {
  upload: 'transfers.state.uploading',
  download: 'transfers.state.downloading',
  copy: 'transfers.state.copying',
  move: 'transfers.state.moving',
} as const;

/** The progress of a folder: "12 of 3,400 files, 2 failed". The total grows while files are counted. */
export function folderText({ total, isCounted, done, skipped, failed }: FolderCounts, { text }: Messages): string {
  const counts = { done: done + skipped, total, failed };
  return text(isCounted ? 'transfers.folder.done' : 'transfers.folder.done-so-far', counts);
}

/** The progress, as far as it is known: "1.2 GB of 2.2 GB", "23 MB/s", "45 sec left". */
export function progressTexts(transfer: Transfer, { text, locale }: Messages): readonly string[] {
  const { sizeBytes, doneBytes, bytesPerSecond, state } = transfer;
  const done = formatBytes(doneBytes, locale);
  const speed = bytesPerSecond > 0 ? [formatSpeed(bytesPerSecond, locale)] : [];
  // "No data" says more than a speed of zero.
  const pace = state.at === 'running' && bytesPerSecond === 0 ? [text('transfers.no-data')] : speed;
  if (sizeBytes === null) return [done, ...pace];
  const size = formatBytes(sizeBytes, locale);
  const isSplit = doneBytes > 0 && doneBytes < sizeBytes;
  const bytes = isSplit ? text(stopped.has(state.at) ? 'transfers.kept' : 'transfers.bytes', { done, size }) : size;
  if (bytesPerSecond === 0) return [bytes, ...pace];
  const length = formatLength(((sizeBytes - doneBytes) / bytesPerSecond) * 1000, locale);
  return [bytes, ...pace, text('transfers.time-left', { length })];
}

/** States in which nothing moves, so that people ask themselves what is left of it. */
const stopped = new Set<Transfer['state']['at']>(['paused', 'waiting', 'queued', 'blocked', 'failed']);

/** The destination: a local folder, a folder of a bucket, or a link. */
export function destinationText(transfer: Transfer, { text }: Messages): string {
  if (transfer.direction === 'download') return parentOf(transfer.localPath ?? '');
  if (transfer.through === 'link') return text('transfers.through-link');
  if (transfer.through === 'ticket') return text('transfers.through-ticket');
  return `${transfer.bucket ?? ''}/${transfer.key.slice(0, transfer.key.lastIndexOf('/') + 1)}`;
}

function parentOf(localPath: string): string {
  const end = Math.max(localPath.lastIndexOf('/'), localPath.lastIndexOf('\\'));
  return localPath.slice(0, Math.max(end, 1));
}
