import { readFile, writeFile } from 'node:fs/promises';
import { cpus, loadavg, totalmem } from 'node:os';
import { benchList, type ListResult } from './list/list.ts';
import type { WindowResult } from './list/window.ts';
import { benchPresign, type PresignResult } from './presign.ts';
import { benchFolder } from './queue/folder.ts';
import { folderGoals, queueTable, windowGoals } from './queue/table.ts';
import { benchBusyWindow } from './queue/window.ts';
import { benchStart } from './start/start.ts';
import { startGoals, startTable } from './start/table.ts';
import { benchSync, PEAK_GOAL_MIB, syncTable } from './sync/sync.ts';
import { benchThumbnails, thumbnailsTable } from './thumbnails/thumbnails.ts';
import { benchTransfer, type TransferResult } from './transfer/transfer.ts';

/** A chapter of the results: its heading, and the table below. `only` is for benches of several cases. */
type Bench = (only: string) => Promise<{ readonly lines: readonly string[]; readonly reached: boolean }>;

const benches: Readonly<Record<string, Bench>> = {
  list: async () => {
    const { lists, window } = await benchList();
    const { firstRowsMs, frameMs, bytesPerKey } = window;
    const isSmooth = firstRowsMs <= 300 && frameMs.p95 <= 17 && bytesPerKey <= 200;
    return {
      lines: listTable(lists, window),
      reached: isSmooth && lists.every(({ ours, theirs }) => theirs.cpu / ours.cpu >= 4),
    };
  },
  presign: async () => {
    const results = await benchPresign();
    return { lines: presignTable(results), reached: results.every(({ ratio, goal }) => ratio >= goal) };
  },
  queue: async (only) => {
    const folder = 'folder'.includes(only) ? await benchFolder() : null;
    const window = 'window'.includes(only) ? await benchBusyWindow() : null;
    const goals = [...(folder === null ? [] : folderGoals(folder)), ...(window === null ? [] : windowGoals(window))];
    return { lines: queueTable(goals), reached: goals.every(({ isReached }) => isReached) };
  },
  start: async () => {
    const goals = startGoals(await benchStart());
    return { lines: startTable(goals), reached: goals.every(({ isReached }) => isReached) };
  },
  sync: async (only) => {
    const results = await benchSync(only);
    return {
      lines: syncTable(results),
      reached: results.every(({ files, same, peakMib }) => same === files && peakMib <= PEAK_GOAL_MIB),
    };
  },
  thumbnails: async () => {
    const result = await benchThumbnails();
    return { lines: thumbnailsTable(result), reached: result.frameMs.p95 <= 17 };
  },
  transfer: async (only) => {
    const results = await benchTransfer(only);
    return {
      lines: transferTable(results),
      reached: results.every(({ throughput, cpu, target }) => throughput >= target && cpu <= CPU_GOAL),
    };
  },
};

/** CPU seconds of a transfer, against ali-oss's. */
const CPU_GOAL = 0.8;

/**
 * Runs the named benches, all without a name, prints each and puts it into its chapter of the results file. A name may
 * go on after a colon with what a case must be called, `transfer:put 1 × 1 GiB`: that is printed and not kept.
 * @returns the exit code: 1 where a goal was missed
 */
export async function runBench(names: readonly string[], resultsFile: string): Promise<number> {
  const wanted = names.length > 0 ? names : Object.keys(benches);
  const unknown = wanted.find((name) => !Object.hasOwn(benches, benchOf(name)));
  if (unknown !== undefined) {
    console.error(`There is no bench "${unknown}". There are: ${Object.keys(benches).join(', ')}.`);
    return 2;
  }
  let code = 0;
  for (const name of wanted) {
    const only = name.slice(benchOf(name).length + 1);
    const { lines, reached } = (await benches[benchOf(name)]?.(only)) ?? { lines: [], reached: false };
    const chapter = [`## ${name}`, '', machine(), '', ...lines, ''].join('\n');
    console.log(chapter);
    if (only === '') await writeFile(resultsFile, withChapter(await readResults(resultsFile), name, chapter));
    if (!reached) code = 1;
  }
  return code;
}

function benchOf(name: string): string {
  return name.replace(/:.*/, '');
}

function listTable(lists: readonly ListResult[], window: WindowResult): readonly string[] {
  const rows = lists.map(({ keys, ours, theirs }) => {
    const spent = [ours.wall, theirs.wall, ours.cpu, theirs.cpu].map((seconds) => `${seconds.toFixed(1)} s`);
    const ratios = [theirs.wall / ours.wall, theirs.cpu / ours.cpu].map((ratio) => `${ratio.toFixed(1)}×`);
    return `| ${perSecond(keys)} | ${[...spent, ...ratios].join(' | ')} | 4× |`;
  });
  const { firstRowsMs, frameMs, loadAllSeconds, bytesPerKey } = window;
  const whole = (number: number): string => String(Math.round(number));
  return [
    'The same keys listed from the practice server, which has a process of its own, 1,000 a page, against `listV2` of ali-oss.',
    '',
    '| keys | Waybill | ali-oss | Waybill, CPU | ali-oss, CPU | ratio | CPU ratio | goal |',
    '| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
    ...rows,
    '',
    'The window over a folder of 1,000,000 keys:',
    '',
    '| | measured | goal |',
    '| --- | ---: | ---: |',
    `| from opening the folder to its first rows, request and answer included | ${whole(firstRowsMs)} ms | 300 ms |`,
    `| between two frames while scrolling: median, p95, longest | ${[frameMs.p50, frameMs.p95, frameMs.max].map((ms) => ms.toFixed(1)).join(', ')} ms | p95 17 ms |`,
    `| loading all of it | ${whole(loadAllSeconds)} s | |`,
    `| memory of the page a key | ${whole(bytesPerKey)} bytes | 200 bytes |`,
  ];
}

function presignTable(results: readonly PresignResult[]): readonly string[] {
  const rows = results.map(({ what, ours, theirs, ratio, goal }) => {
    return `| ${what} | ${perSecond(ours)} | ${perSecond(theirs)} | ${ratio.toFixed(1)}× | ${goal}× |`;
  });
  return [
    'Links per second of processor time, medians of the rounds; the ratio is the median of the rounds’ ratios.',
    '',
    '| signature | Waybill | ali-oss | ratio | goal |',
    '| --- | ---: | ---: | ---: | ---: |',
    ...rows,
  ];
}

function transferTable(results: readonly TransferResult[]): readonly string[] {
  const rows = results.map(({ what, mibPerSecond, cpuPerGib, peakMib, throughput, cpu, againstCurl, target }) => {
    const rates = [mibPerSecond.waybill, mibPerSecond['ali-oss'], mibPerSecond.curl].map(Math.round).join(' | ');
    const ratios = `**${throughput.toFixed(2)}×** | ${target}× | ${againstCurl.toFixed(2)}×`;
    const seconds = [cpuPerGib.waybill, cpuPerGib['ali-oss'], cpuPerGib.curl].map((n) => n.toFixed(2)).join(' | ');
    const peaks = [peakMib.waybill, peakMib['ali-oss']].map(Math.round).join(' | ');
    return `| ${what} | ${rates} | ${ratios} | ${seconds} | **${cpu.toFixed(2)}×** | ${peaks} |`;
  });
  return [
    'Against a bare server on 127.0.0.1 in a process of its own, on the same processors. Waybill checks the CRC-64 of every',
    'byte, ali-oss and curl check nothing. ali-oss and curl move four files at a time, Waybill twelve or more small or four large ones',
    'as its queue does; ali-oss sends parts of 8 MiB, four at a time. CPU is that of the client alone, in seconds a GiB. Medians of the rounds; ratios are medians of their ratios.',
    '',
    '| case | MiB/s Waybill | ali-oss | curl | to ali-oss | target | to curl | CPU Waybill | ali-oss | curl | to ali-oss | peak MiB Waybill | ali-oss |',
    `| --- |${' ---: |'.repeat(12)}`,
    ...rows,
  ];
}

function perSecond(rate: number): string {
  return Math.round(rate).toLocaleString('en-US');
}

function machine(): string {
  const [first] = cpus();
  const memory = Math.round(totalmem() / 1024 ** 3);
  // Ratios of CPU time hold on a busy machine, those of throughput only roughly.
  const load = loadavg()[0]?.toFixed(1) ?? '?';
  const date = new Date().toISOString().slice(0, 10);
  return `${date}, Node ${process.versions.node}, ${cpus().length} × ${first?.model ?? 'unknown'}, ${memory} GiB, load ${load} at the end`;
}

async function readResults(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(
    () => '# Results\n\nWritten by `npm run bench`; ratios count, not absolute numbers.\n',
  );
}

/** The results with this chapter in place of its older one. */
function withChapter(text: string, name: string, chapter: string): string {
  const [head = '', ...chapters] = text.split(/^(?=## )/m);
  const others = chapters.filter((other) => !other.startsWith(`## ${name}\n`));
  return [head.trimEnd(), ...[...others, chapter].map((part) => part.trimEnd())].join('\n\n') + '\n';
}
