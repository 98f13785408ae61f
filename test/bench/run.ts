import { readFile, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { benchPresign, type PresignResult } from './presign.ts';

/** A chapter of the results: its heading, and the table below. */
type Bench = () => Promise<{ readonly lines: readonly string[]; readonly reached: boolean }>;

const benches: Readonly<Record<string, Bench>> = {
  presign: async () => {
    const results = await benchPresign();
    return { lines: presignTable(results), reached: results.every(({ ratio, goal }) => ratio >= goal) };
  },
};

/**
 * Runs the named benches, all without a name, prints each and puts it into its chapter of the results file.
 * @returns the exit code: 1 where a goal was missed
 */
export async function runBench(names: readonly string[], resultsFile: string): Promise<number> {
  const wanted = names.length > 0 ? names : Object.keys(benches);
  const unknown = wanted.find((name) => !Object.hasOwn(benches, name));
  if (unknown !== undefined) {
    console.error(`There is no bench "${unknown}". There are: ${Object.keys(benches).join(', ')}.`);
    return 2;
  }
  let code = 0;
  for (const name of wanted) {
    const { lines, reached } = (await benches[name]?.()) ?? { lines: [], reached: false };
    const chapter = [`## ${name}`, '', machine(), '', ...lines, ''].join('\n');
    console.log(chapter);
    await writeFile(resultsFile, withChapter(await readResults(resultsFile), name, chapter));
    if (!reached) code = 1;
  }
  return code;
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

function perSecond(rate: number): string {
  return Math.round(rate).toLocaleString('en-US');
}

function machine(): string {
  const [first] = cpus();
  return `${new Date().toISOString().slice(0, 10)}, Node ${process.versions.node}, ${cpus().length} × ${first?.model ?? 'unknown'}`;
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
