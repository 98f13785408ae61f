import type { TransferQueue } from '../../transfers/queue/queue.ts';
import type { OverwriteChoice } from '../../transfers/tasks/requests.ts';
import type { Transfer } from '../../transfers/tasks/transfer.ts';
import { formatAddress } from '../arguments/address.ts';
import { type Output, escapeControls } from '../terminal/output.ts';
import { text } from '../terminal/sentences.ts';

/** What becomes of what exists, and whether that goes for all that is asked about later. */
export interface OverwriteAnswer {
  readonly choice: OverwriteChoice;
  readonly applyToAll: boolean;
}

/** By the letter that is typed, and by the word for --overwrite. */
const choices: Readonly<Record<string, OverwriteChoice>> = {
  ...{ s: 'skip', skip: 'skip' },
  ...{ r: 'replace', replace: 'replace' },
  ...{ k: 'keep-both', 'keep-both': 'keep-both' },
  ...{ i: 'skip-same', 'skip-same': 'skip-same' },
  ...{ n: 'replace-older', newer: 'replace-older' },
};

/** Asks until it is understood. Null where nobody answers any more. */
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

/** The place where it is to go. */
function whatExists({ direction, localPath, bucket, key }: Transfer): string {
  return escapeControls(direction === 'download' ? (localPath ?? '') : formatAddress({ bucket: bucket ?? '', key }));
}

/** `r`, `replace`, and for all `R` or `r all`; null for what is no answer. */
export function readAnswer(line: string): OverwriteAnswer | null {
  const [, word = '', all] = /^\s*(\S+)(\s+all)?\s*$/i.exec(line) ?? [];
  const lower = word.toLowerCase();
  const choice = Object.hasOwn(choices, lower) ? choices[lower] : undefined;
  if (choice === undefined) return null;
  return { choice, applyToAll: all !== undefined || (word.length === 1 && word !== lower) };
}

/** The transfer to ask about: this one, or where it is a folder the first of its parts that waits for an answer. */
export function askedFor(transfer: Transfer, queue: TransferQueue): Transfer | null {
  if (transfer.folder === null) return waitsForAnswer(transfer) ? transfer : null;
  const parts = queue.openFolders([transfer.id]);
  // Nobody is told of parts: the folder counts for them.
  queue.openFolders([]);
  return parts.find(waitsForAnswer) ?? null;
}

function waitsForAnswer({ state }: Transfer): boolean {
  return state.at === 'blocked' && state.need === 'overwrite-choice';
}

/** Whether the transfer, or a part of it, waits for an answer. */
export function isAsking(transfer: Transfer): boolean {
  return waitsForAnswer(transfer) || (transfer.folder?.asking ?? 0) > 0;
}
