import { own } from '../../own.ts';
import type { TransferQueue } from '../../transfers/queue/queue.ts';
import type { OverwriteChoice } from '../../transfers/tasks/requests.ts';
import type { Transfer } from '../../transfers/tasks/transfer.ts';
import { formatAddress } from '../arguments/address.ts';
import { escapeControls } from '../../words/controls.ts';
import type { Output } from '../terminal/output.ts';
import { text } from '../terminal/sentences.ts';

/** What to do with an existing file, and whether that applies to all later questions. */
export interface OverwriteAnswer {
  readonly choice: OverwriteChoice;
  readonly applyToAll: boolean;
}

/** By typed letter, and by the value of --overwrite. */
const choices: Readonly<Record<string, OverwriteChoice>> = {
  ...{ s: 'skip', skip: 'skip' },
  ...{ r: 'replace', replace: 'replace' },
  ...{ k: 'keep-both', 'keep-both': 'keep-both' },
  ...{ i: 'skip-same', 'skip-same': 'skip-same' },
  ...{ n: 'replace-older', newer: 'replace-older' },
};

/** Asks until the answer is valid. Null at the end of input. */
export async function askOverwrite(
  ask: NonNullable<Output['ask']>,
  transfer: Transfer,
  signal: AbortSignal,
): Promise<OverwriteAnswer | null> {
  const question = text('cli.overwrite.question', { name: whatExists(transfer) });
  for (let prompt = question; ; prompt = [text('cli.overwrite.help'), question].join('\n')) {
    const line = await ask(`${prompt} `, signal);
    const answer = line === null ? null : readAnswer(line);
    if (line === null || answer !== null) return answer;
  }
}

/** The transfer's target. */
function whatExists({ direction, localPath, bucket, key }: Transfer): string {
  return escapeControls(direction === 'download' ? (localPath ?? '') : formatAddress({ bucket: bucket ?? '', key }));
}

/** Reads `r`, `replace`, or for all `R` and `r all`; null for anything else. */
export function readAnswer(line: string): OverwriteAnswer | null {
  const [, word = '', all] = /^\s*(\S+)(\s+all)?\s*$/i.exec(line) ?? [];
  const lower = word.toLowerCase();
  const choice = own(choices, lower);
  if (choice === undefined) return null;
  return { choice, applyToAll: all !== undefined || (word.length === 1 && word !== lower) };
}

/** The transfer to ask about: this one, or the first file of a folder that waits for an answer. */
export function askedFor(transfer: Transfer, queue: TransferQueue): Transfer | null {
  if (transfer.folder === null) return waitsForAnswer(transfer) ? transfer : null;
  const parts = queue.openFolders([transfer.id]);
  // Close it again: files of a folder aren't reported, the folder counts for them.
  queue.openFolders([]);
  return parts.find(waitsForAnswer) ?? null;
}

function waitsForAnswer({ state }: Transfer): boolean {
  return state.at === 'blocked' && state.need === 'overwrite-choice';
}

/** Whether the transfer, or a file in it, waits for an answer. */
export function isAsking(transfer: Transfer): boolean {
  return waitsForAnswer(transfer) || (transfer.folder?.asking ?? 0) > 0;
}
