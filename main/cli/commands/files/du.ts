import { KeyGlob } from '../../../oss/key-glob.ts';
import { folderPrefix } from '../../../oss/key-path.ts';
import { objectPages } from '../../../oss/operations/ranges/object-pages.ts';
import { versionPages } from '../../../oss/operations/ranges/version-pages.ts';
import { escapeControls } from '../../../words/controls.ts';
import { formatBytes } from '../../../words/format.ts';
import { type Address, formatAddress, parseAddress } from '../../arguments/address.ts';
import { type Command, UsageError } from '../../arguments/command.ts';
import { connectInRole } from '../../arguments/connect.ts';
import {
  noMatchMessage,
  type PatternContext,
  patternAbout,
  patternOptions,
  readPattern,
} from '../../arguments/key-pattern.ts';
import { readArgs, readNumber, serverOptions } from '../../arguments/options.ts';
import { sessionOptions } from '../../arguments/session-options.ts';
import { text as sentence } from '../../terminal/sentences.ts';
import type { OptionTable } from '../../usage/usage.ts';

/** Keys are no longer than this, so no folder is deeper. */
const MOST_LEVELS = 1023;

const options = {
  depth: {
    ...{ type: 'string', argument: 'N' },
    meaning: 'one line for each folder down to N levels below, too; default 0',
  },
  summarize: { type: 'boolean', short: 's', meaning: 'the sum alone, as --depth 0' },
  classes: { type: 'boolean', meaning: 'one line for each storage class, too' },
  versions: {
    type: 'boolean',
    meaning: 'count older versions as well, which are billed like files, and say how many they are',
  },
  human: { type: 'boolean', meaning: 'sizes such as 1.5 GB (1 KB is 1,024 bytes)' },
  ...patternOptions,
  ...sessionOptions,
  ...serverOptions,
} as const satisfies OptionTable;

/** `du`: how much there is below a prefix. */
export const duCommand: Command = {
  usage: {
    forms: [
      ['du oss://bucket/prefix', 'bytes and number of all files that start with the prefix, or match the pattern'],
    ],
    about: [
      "The last line is the sum. Sizes are those of the files: OSS bills small ones of some storage classes as 64 KB. Parts of incomplete uploads aren't counted.",
      patternAbout,
    ],
    words: ['address'],
    options,
    examples: [
      { line: 'waybill du oss://photos/trip/ --human', meaning: 'How much a folder holds' },
      { line: 'waybill du oss://photos/ --depth 1 --json', meaning: 'Each folder of a bucket, as JSON lines' },
      { line: 'waybill du oss://photos/ --versions --classes', meaning: 'What is billed, by storage class' },
    ],
  },
  async run(args, context) {
    const { values, words } = readArgs(args, options, ['oss://bucket/prefix']);
    if (values.depth !== undefined && values.summarize === true)
      throw new UsageError(sentence('cli.exclusive', { first: '--depth', second: '--summarize' }));
    const depth = readNumber(values.depth ?? '0', '--depth', 0, MOST_LEVELS);
    const address = parseAddress(words[0] ?? '');
    const connection = await connectInRole(values, context, address.bucket);
    const from = { ...context, connection };
    const text = await readPattern(address, values, from);
    const glob = text === null ? null : new KeyGlob(text);
    const { sum, folders } = await count(filesOf(from, address, glob, values.versions === true), {
      base: folderPrefix(glob?.prefix ?? address.key).length,
      depth,
    });
    if (glob !== null && sum.isEmpty) {
      context.out.say(`du: ${noMatchMessage(address, { hasFolders: false })}`);
      return 1;
    }
    for (const [key, usage] of [...folders, [address.key, sum] as const])
      await context.out.answer(linesOf({ ...address, key }, usage, values).join('\n'));
    return 0;
  },
};

/** All files together, and those of each folder, a folder behind those in it. */
async function count(
  files: AsyncIterable<Found>,
  { base, depth }: { readonly base: number; readonly depth: number },
): Promise<{ readonly sum: Usage; readonly folders: readonly (readonly [string, Usage])[] }> {
  const sum = new Usage();
  const folders = new Map<string, Usage>();
  for await (const found of files) {
    sum.add(found);
    for (const folder of foldersOf(found.key, base, depth)) usageOf(folders, folder).add(found);
  }
  return { sum, folders: [...folders].toSorted(([a], [b]) => order(a, b)) };
}

/** A file, or a version of it. */
interface Found {
  readonly key: string;
  readonly sizeBytes: number;
  readonly storageClass: string;
  readonly kind: 'current' | 'older' | 'marker';
}

async function* filesOf(
  { connection, signal }: PatternContext,
  { bucket, key }: Address,
  glob: KeyGlob | null,
  withVersions: boolean,
): AsyncGenerator<Found> {
  const options = { prefix: glob?.prefix ?? key, signal };
  const isMeant = (found: string): boolean => glob === null || glob.matches(found) || glob.folderAbove(found) !== null;
  if (!withVersions) {
    for await (const { objects } of objectPages(connection, bucket, options))
      for (const object of objects) if (isMeant(object.key)) yield { ...object, kind: 'current' };
    return;
  }
  for await (const { versions } of versionPages(connection, bucket, options)) {
    for (const version of versions) {
      if (!isMeant(version.key)) continue;
      yield { ...version, kind: version.deleteMarker ? 'marker' : version.isLatest ? 'current' : 'older' };
    }
  }
}

interface Amount {
  size: number;
  count: number;
}

/** How much was found. */
class Usage {
  readonly total: Amount = { size: 0, count: 0 };
  readonly older: Amount = { size: 0, count: 0 };
  readonly classes = new Map<string, Amount>();
  deleteMarkers = 0;

  get isEmpty(): boolean {
    return this.total.count + this.deleteMarkers === 0;
  }

  add({ sizeBytes, storageClass, kind }: Found): void {
    if (kind === 'marker') {
      this.deleteMarkers += 1;
      return;
    }
    const ofClass = this.classes.get(storageClass) ?? { size: 0, count: 0 };
    this.classes.set(storageClass, ofClass);
    for (const amount of [this.total, ofClass, ...(kind === 'older' ? [this.older] : [])]) {
      amount.size += sizeBytes;
      amount.count += 1;
    }
  }
}

function usageOf(folders: Map<string, Usage>, folder: string): Usage {
  const usage = folders.get(folder) ?? new Usage();
  folders.set(folder, usage);
  return usage;
}

/** The folders of a key below the first `base` characters, as many levels as wanted. */
function* foldersOf(key: string, base: number, depth: number): Generator<string> {
  let at = base - 1;
  for (let level = 0; level < depth; level += 1) {
    at = key.indexOf('/', at + 1);
    if (at < 0) return;
    yield key.slice(0, at + 1);
  }
}

/** A folder stands below what is in it, as in `du` of other systems. */
function order(a: string, b: string): number {
  if (a.startsWith(b)) return -1;
  if (b.startsWith(a)) return 1;
  return a < b ? -1 : 1;
}

interface Shown {
  readonly json?: boolean | undefined;
  readonly classes?: boolean | undefined;
  readonly versions?: boolean | undefined;
  readonly human?: boolean | undefined;
}

function linesOf(place: Address, usage: Usage, { json, classes, versions, human }: Shown): string[] {
  const { total, older, deleteMarkers } = usage;
  const byClass = [...usage.classes].toSorted(([a], [b]) => (a < b ? -1 : 1));
  if (json === true) {
    const of = byClass.map(([storageClass, amount]) => ({ storageClass, ...amount }));
    const more = versions === true ? { older, deleteMarkers } : {};
    return [JSON.stringify({ address: formatAddress(place), ...total, classes: of, ...more })];
  }
  const isSplit = classes === true || versions === true;
  const line = (what: string, { size, count }: Amount): string =>
    [
      (human === true ? formatBytes(size, 'en') : String(size)).padStart(14),
      String(count).padStart(10),
      ...(isSplit ? [what.padEnd(15)] : []),
      escapeControls(formatAddress(place)),
    ].join('  ');
  return [
    ...(classes === true ? byClass.map(([name, amount]) => line(name, amount)) : []),
    ...(versions === true
      ? [line('older versions', older), line('delete markers', { size: 0, count: deleteMarkers })]
      : []),
    line('total', total),
  ];
}
