import { malformedReply } from '../../../failure.ts';
import type { ObjectHead } from '../../../oss/operations/object-headers.ts';
import {
  type ByteRange,
  getObject,
  type GetObjectOptions,
  headObject,
  type ObjectBody,
} from '../../../oss/operations/objects.ts';
import { objectStream } from '../../../transfers/download/object-stream.ts';
import { REQUEST_RETRY, retry } from '../../../transfers/retry-policy.ts';
import { type Address, parseObjectAddress } from '../../arguments/address.ts';
import { type Command, UsageError } from '../../arguments/command.ts';
import { connectInRole } from '../../arguments/connect.ts';
import {
  findMatching,
  noMatchMessage,
  type PatternContext,
  patternAbout,
  patternOptions,
  readPattern,
} from '../../arguments/key-pattern.ts';
import { readArgs, serverOptions } from '../../arguments/options.ts';
import { sessionOptions } from '../../arguments/session-options.ts';
import { text as sentence } from '../../terminal/sentences.ts';
import type { OptionTable } from '../../usage/usage.ts';

const options = {
  range: {
    ...{ type: 'string', argument: 'FIRST-LAST' },
    meaning: 'only these bytes, counted from 0: 0-99 are the first hundred, 100- all others, --range=-100 the last',
  },
  'version-id': { type: 'string', argument: 'ID', meaning: 'a specific version' },
  ...patternOptions,
  ...sessionOptions,
  ...serverOptions,
} as const satisfies OptionTable;

/** `cat`: prints what is in a file. */
export const catCommand: Command = {
  usage: {
    forms: [
      ['cat oss://bucket/key', 'print a file to stdout, byte by byte; a pattern prints several, one after the other'],
    ],
    about: [
      'The CRC-64 is compared on the way. A copy that is damaged lacks its end, and the exit code is 1. OSS has no CRC-64 of a range: there, only the length is compared.',
      patternAbout,
    ],
    words: ['address'],
    options,
    examples: [
      { line: 'waybill cat oss://logs/2026-12-01.log | grep ERROR', meaning: 'Search a file without storing it' },
      { line: 'waybill cat oss://logs/app.log --range=-4096', meaning: 'The last 4 KB' },
      { line: "waybill cat 'oss://logs/2026-12-*.gz' | zcat", meaning: 'Several files as one stream' },
    ],
  },
  async run(args, context) {
    const { values, words } = readArgs(args, options, ['oss://bucket/key']);
    const address = parseObjectAddress(words[0] ?? '');
    const range = values.range === undefined ? null : readRange(values.range);
    const connection = await connectInRole(values, context, address.bucket);
    const from = { ...context, connection };
    const glob = await readPattern(address, values, from);
    if (glob === null) {
      await print(from, { ...address, versionId: values['version-id'] }, range);
      return 0;
    }
    const matched = await findMatching(from, address.bucket, { glob, isDeep: false });
    if (matched.files.length === 0) {
      context.out.say(`cat: ${noMatchMessage(address, matched)}`);
      return 1;
    }
    for (const { key } of matched.files) await print(from, { ...address, key }, range);
    return 0;
  },
};

type Part = Pick<GetObjectOptions, 'range' | 'ifMatch'>;

/** A range, or a number of bytes at the end. */
type Wanted = ByteRange | { readonly last: number };

function readRange(text: string): Wanted {
  const [, first = '', last = ''] = /^(\d{0,15})-(\d{0,15})$/.exec(text) ?? [];
  if (first === '' && Number(last) > 0) return { last: Number(last) };
  const range = { start: Number(first), end: last === '' ? undefined : Number(last) };
  if (first === '' || range.start > (range.end ?? Infinity)) throw new UsageError(sentence('cli.cat.range'));
  return range;
}

async function print(
  { connection, out, signal }: PatternContext,
  object: Address & { readonly versionId?: string | undefined },
  wanted: Wanted | null,
): Promise<void> {
  const ask = <T>(operation: () => Promise<T>): Promise<T> => retry(operation, REQUEST_RETRY, signal);
  const open = (part: Part): Promise<ObjectBody> => ask(() => getObject(connection, object, { ...part, signal }));
  const lastOf = async (count: number): Promise<Part | null> =>
    endOf(await ask(() => headObject(connection, object, signal)), count);
  const part = wanted === null ? {} : 'last' in wanted ? await lastOf(wanted.last) : { range: wanted };
  if (part === null) return;
  const first = await open(part);
  for await (const chunk of objectStream(first, { host: () => connection.endpoint.host, open })) await out.bytes(chunk);
}

/** The last bytes of the file that is there now; null if it is empty. */
function endOf({ sizeBytes, etag }: ObjectHead, count: number): Part | null {
  if (sizeBytes === null) throw malformedReply(200, 'an object without a size');
  if (sizeBytes === 0) return null;
  return { ...(count < sizeBytes && { range: { start: sizeBytes - count } }), ...(etag !== null && { ifMatch: etag }) };
}
