import type { StartResult } from './start.ts';

interface Goal {
  readonly what: string;
  readonly measured: string;
  readonly goal: string;
  readonly isReached: boolean;
}

/** What was measured beside what was wanted. */
export function startGoals({
  usableMs,
  mainBytes,
  pageBytes,
  pageFiles,
  idleCpu,
  memoryMib,
}: StartResult): readonly Goal[] {
  const median = usableMs[Math.floor(usableMs.length / 2)] ?? Infinity;
  const range = [usableMs.at(0) ?? Infinity, usableMs.at(-1) ?? Infinity].map((ms) => Math.round(ms)).join(' to ');
  return [
    {
      what: 'from the start of the process until the window can be used, median',
      measured: `${Math.round(median)} ms (${range})`,
      goal: '1500 ms',
      isReached: median < 1500,
    },
    { what: 'what main loads for it', measured: kib(mainBytes), goal: '', isReached: true },
    {
      what: 'what the page is made of',
      measured: `${kib(pageBytes)} in ${pageFiles} files`,
      goal: '',
      isReached: true,
    },
    {
      what: 'processor time of main at rest',
      measured: `${(idleCpu * 100).toFixed(2)} %`,
      goal: '1 %',
      isReached: idleCpu < 0.01,
    },
    { what: 'memory of main at rest', measured: `${Math.round(memoryMib)} MiB`, goal: '', isReached: true },
  ];
}

/** The goals as a table. */
export function startTable(goals: readonly Goal[]): readonly string[] {
  return [
    'On an empty home, under Playwright, whose share is in the times; the browser of the stand-in is the system’s.',
    '',
    '| | measured | goal |',
    '| --- | ---: | ---: |',
    ...goals.map(({ what, measured, goal }) => `| ${what} | ${measured} | ${goal} |`),
  ];
}

function kib(bytes: number): string {
  return `${Math.round(bytes / 1024)} KiB`;
}
