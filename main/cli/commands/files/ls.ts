import { serviceEndpoint } from '../../../accounts/bucket-place.ts';
import { KeyGlob } from '../../../oss/key-glob.ts';
import { type Bucket, listBuckets } from '../../../oss/operations/buckets.ts';
import type { Connection } from '../../../oss/connection.ts';
import type { ObjectEntry } from '../../../oss/operations/listing.ts';
import { objectPages } from '../../../oss/operations/ranges/object-pages.ts';
import { versionPages } from '../../../oss/operations/ranges/version-pages.ts';
import type { ObjectVersion } from '../../../oss/operations/versions.ts';
import { type Address, parseAddress } from '../../arguments/address.ts';
import type { Command } from '../../arguments/command.ts';
import { connectInRole } from '../../arguments/connect.ts';
import { noMatchMessage, patternAbout, patternOptions, readPattern } from '../../arguments/key-pattern.ts';
import { readArgs, serverOptions } from '../../arguments/options.ts';
import { sessionOptions } from '../../arguments/session-options.ts';
import { matchingPages } from '../../../transfers/matching-keys.ts';
import { escapeControls } from '../../../words/controls.ts';
import { isoTime, type Output } from '../../terminal/output.ts';
import type { OptionTable } from '../../usage/usage.ts';

/** One line of a listing, for a person and as data. */
interface Line {
  readonly text: string;
  readonly json: Readonly<Record<string, unknown>>;
}

const options = {
  recursive: {
    ...{ type: 'boolean', short: 'r' },
    meaning: 'all levels; of a pattern, also what is in folders that match',
  },
  versions: { type: 'boolean', meaning: 'all versions and delete markers' },
  ...patternOptions,
  ...sessionOptions,
  ...serverOptions,
} as const satisfies OptionTable;

/** `ls`: lists buckets, files or versions. */
export const lsCommand: Command = {
  usage: {
    forms: [
      ['ls oss://', 'list the buckets'],
      ['ls oss://bucket/prefix', 'list files and folders below the prefix, one level deep'],
      ["ls 'oss://bucket/*.gz'", 'list files and folders that match; ends with 1 if there are none'],
    ],
    about: ['The last line is "listed N"; with --json it goes to stderr, so that stdout is pure JSON.', patternAbout],
    words: ['address'],
    options,
    examples: [
      { line: 'waybill ls oss://', meaning: 'All buckets' },
      { line: "waybill ls 'oss://logs/2026-*.gz'", meaning: 'What matches, on one level' },
      { line: 'waybill ls oss://photos/ --recursive --json', meaning: 'Every file of a bucket, as JSON lines' },
      { line: 'waybill ls oss://photos/trip/beach.jpg --versions', meaning: 'The versions of a file' },
    ],
  },
  async run(args, context) {
    const { values, words } = readArgs(args, options, ['oss://bucket/prefix']);
    const [text = ''] = words;
    const address = text === 'oss://' ? null : parseAddress(text);
    const connection = await connectInRole(values, context, address?.bucket ?? null);
    const { out, signal } = context;
    const glob = address === null ? null : await readPattern(address, values, { ...context, connection });
    const delimiter = values.recursive === true ? '' : '/';
    const listing = { delimiter, versions: values.versions === true, glob, signal };
    const count = await print(linesOf(connection, address, listing), values.json === true, out);
    if (address === null || glob === null || count > 0) return 0;
    out.say(`ls: ${noMatchMessage(address, { hasFolders: false })}`);
    return 1;
  },
};

/** Prints all lines and then their number, which it returns. */
async function print(pages: AsyncIterable<readonly Line[]>, isJson: boolean, out: Output): Promise<number> {
  let count = 0;
  const shown = isJson ? (line: Line) => JSON.stringify(line.json) : (line: Line) => line.text;
  for await (const lines of pages) {
    // One write a page: one for each line would take two fifths of the time.
    if (lines.length > 0) await out.answer(lines.map(shown).join('\n'));
    count += lines.length;
  }
  if (isJson) out.say(`listed ${count}`);
  else await out.answer(`listed ${count}`);
  return count;
}

interface Listing {
  readonly delimiter: string;
  readonly versions: boolean;
  /** Null for a prefix. */
  readonly glob: string | null;
  readonly signal: AbortSignal;
}

function linesOf(connection: Connection, address: Address | null, listing: Listing): AsyncGenerator<readonly Line[]> {
  if (address === null) return bucketLines({ ...connection, endpoint: serviceEndpoint(connection) }, listing);
  return listing.versions ? versionLines(connection, address, listing) : objectLines(connection, address, listing);
}

async function* bucketLines(connection: Connection, { signal }: Listing): AsyncGenerator<readonly Line[]> {
  let marker: string | null = null;
  do {
    const page = await listBuckets(connection, { ...(marker === null ? {} : { marker }), signal });
    yield page.buckets.map(bucketLine);
    marker = page.nextMarker;
  } while (marker !== null);
}

async function* objectLines(
  connection: Connection,
  { bucket, key: prefix }: Address,
  { delimiter, glob, signal }: Listing,
): AsyncGenerator<readonly Line[]> {
  const pages =
    glob === null
      ? objectPages(connection, bucket, { prefix, delimiter, signal })
      : matchingPages(() => Promise.resolve(connection), bucket, { glob, isDeep: delimiter === '' }, signal);
  for await (const { prefixes, objects } of pages) {
    yield [...prefixes.map(folderLine), ...objects.map(objectLine)];
  }
}

async function* versionLines(
  connection: Connection,
  { bucket, key: prefix }: Address,
  { delimiter, glob, signal }: Listing,
): AsyncGenerator<readonly Line[]> {
  const named = glob === null ? null : new KeyGlob(glob);
  const options = named === null ? { prefix, delimiter, signal } : { prefix: named.prefix, signal };
  for await (const { prefixes, versions } of versionPages(connection, bucket, options)) {
    const shown = named === null ? versions : versions.filter(({ key }) => isNamed(named, key, delimiter === ''));
    yield [...prefixes.map(folderLine), ...shown.map(versionLine)];
  }
}

function isNamed(glob: KeyGlob, key: string, isDeep: boolean): boolean {
  return glob.matches(key) || (isDeep && glob.folderAbove(key) !== null);
}

function bucketLine(bucket: Bucket): Line {
  const { name, region, createdAt, storageClass, extranetEndpoint, intranetEndpoint } = bucket;
  return {
    text: `${isoTime(createdAt)}  ${region.padEnd(16)}  ${storageClass.padEnd(10)}  oss://${name}`,
    json: { name, region, createdAt: isoTime(createdAt), storageClass, extranetEndpoint, intranetEndpoint },
  };
}

function folderLine(prefix: string): Line {
  return { text: `${''.padEnd(50)}  ${escapeControls(prefix)}`, json: { prefix } };
}

function objectLine({ key, sizeBytes, lastModified, etag, storageClass }: ObjectEntry): Line {
  return {
    text: `${columns(lastModified, sizeBytes, storageClass)}  ${escapeControls(key)}`,
    json: { key, size: sizeBytes, lastModified: isoTime(lastModified), etag, storageClass },
  };
}

function versionLine(version: ObjectVersion): Line {
  const { key, sizeBytes, lastModified, etag, storageClass, versionId, isLatest, deleteMarker } = version;
  const marks = [isLatest ? 'latest' : '', deleteMarker ? 'delete marker' : ''].filter((mark) => mark !== '');
  const note = marks.length === 0 ? '' : ` (${marks.join(', ')})`;
  return {
    text: `${columns(lastModified, sizeBytes, storageClass)}  ${escapeControls(key)}  ${versionId}${note}`,
    json: {
      key,
      size: sizeBytes,
      lastModified: isoTime(lastModified),
      etag,
      storageClass,
      versionId,
      isLatest,
      deleteMarker,
    },
  };
}

function columns(lastModified: number, sizeBytes: number, storageClass: string): string {
  return `${isoTime(lastModified)}  ${String(sizeBytes).padStart(14)}  ${storageClass.padEnd(12)}`;
}
