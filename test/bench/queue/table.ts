import type { FolderResult } from './folder.ts';
import type { BusyWindowResult } from './window.ts';

/** One line of the table. */
interface Goal {
  readonly what: string;
  readonly measured: string;
  readonly goal: string;
  readonly isReached: boolean;
}

const ms = (number: number): string => `${Math.round(number)} ms`;
const mib = (number: number): string => `${Math.round(number)} MiB`;

function goal(what: string, measured: number, most: number, words: (number: number) => string): Goal {
  return { what, measured: words(measured), goal: words(most), isReached: measured < most };
}

function fact(what: string, measured: string): Goal {
  return { what, measured, goal: '', isReached: true };
}

/** What is asked of the queue, with a folder of 100,000 files. */
export function folderGoals(result: FolderResult): readonly Goal[] {
  return [
    goal('100,000 files of 64 KiB queued as a folder: first byte after', result.firstByteMs, 2000, ms),
    goal('… most memory of the whole process', result.peakMib, 400, mib),
    fact('… files a second', String(Math.round(result.filesPerSecond))),
    fact('killed with 95,000 done: length of the journal', mib(result.journalMib)),
    goal('… opening it again', result.recoveryMs, 3000, ms),
    fact('… from then until the first byte of what is left, all others passed over', ms(result.goOnMs)),
    goal('… most memory of the process that goes on', result.recoveryPeakMib, 400, mib),
  ];
}

/** What is asked of the window while bytes flow. */
export function windowGoals({ frameMs, roundTripMs, mibPerSecond }: BusyWindowResult): readonly Goal[] {
  return [
    fact('large files in both directions at once, against the practice server', `${Math.round(mibPerSecond)} MiB/s`),
    goal('… from a call of the page to its answer, p99', roundTripMs.p99, 50, ms),
    fact('… median and p95', `${ms(roundTripMs.p50)}, ${ms(roundTripMs.p95)}`),
    goal('… between two frames of the window, p95', frameMs.p95, 32, ms),
  ];
}

/** The chapter's table. */
export function queueTable(goals: readonly Goal[]): readonly string[] {
  return [
    'Server, clients and window share the processors; the server of the folder keeps nothing.',
    '',
    '| | measured | goal |',
    '| --- | ---: | ---: |',
    ...goals.map(({ what, measured, goal: most }) => `| ${what} | ${measured} | ${most === '' ? '' : `< ${most}`} |`),
  ];
}
