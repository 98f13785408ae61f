import { toFailure } from '../../../failure.ts';
import { listObjects } from '../../../oss/operations/listing.ts';
import type { ObjectHead } from '../../../oss/operations/object-headers.ts';
import { headObject } from '../../../oss/operations/objects.ts';
import { getBucketInfo } from '../../../oss/operations/buckets.ts';
import type { RestoreState } from '../../../oss/operations/restore.ts';
import { getSymlink } from '../../../oss/operations/symlinks.ts';
import { escapeControls } from '../../../words/controls.ts';
import { type Address, formatAddress, parseAddress } from '../../arguments/address.ts';
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
import { isoTime } from '../../terminal/output.ts';
import { text as sentence } from '../../terminal/sentences.ts';
import type { OptionTable } from '../../usage/usage.ts';

/** What is known about a bucket or a file, in the order in which it is printed; what doesn't apply is null. */
type Facts = Readonly<Record<string, string | number | boolean | null | Readonly<Record<string, string>>>>;

interface Target extends PatternContext {
  readonly address: Address;
  readonly isJson: boolean;
}

const options = {
  'version-id': { type: 'string', argument: 'ID', meaning: 'a specific version' },
  ...patternOptions,
  ...sessionOptions,
  ...serverOptions,
} as const satisfies OptionTable;

/** `stat`: what OSS says about a bucket or a file. */
export const statCommand: Command = {
  usage: {
    forms: [
      ['stat oss://bucket', 'region, storage class, versioning and ACL of a bucket'],
      ['stat oss://bucket/key', 'size, times, checksum, headers and metadata of a file; a pattern names several'],
    ],
    about: ['Ends with 1 if there is no such bucket or file.', patternAbout],
    words: ['address'],
    options,
    examples: [
      { line: 'waybill stat oss://photos/trip/beach.jpg', meaning: 'All that OSS says about a file' },
      { line: 'waybill stat oss://photos/trip/beach.jpg --json | jq .size', meaning: 'Its size alone' },
      { line: 'waybill stat oss://photos', meaning: 'Where a bucket is, and who may read it' },
    ],
  },
  async run(args, context) {
    const { values, words } = readArgs(args, options, ['oss://bucket/key']);
    const address = parseAddress(words[0] ?? '');
    const { 'version-id': versionId, json } = values;
    if (address.key === '' && versionId !== undefined) {
      throw new UsageError(sentence('cli.no-key', { text: words[0] ?? '' }));
    }
    const connection = await connectInRole(values, context, address.bucket);
    const target = { ...context, connection, address, isJson: json === true };
    if (address.key === '') return print(target, await bucketFacts(target));
    const glob = await readPattern(address, values, target);
    if (glob === null) return statOne(target, versionId);
    const matched = await findMatching(target, address.bucket, { glob, isDeep: false });
    if (matched.files.length === 0) context.out.say(`stat: ${noMatchMessage(address, matched)}`);
    for (const [index, { key }] of matched.files.entries()) {
      if (index > 0 && !target.isJson) await context.out.answer('');
      await statOne({ ...target, address: { ...address, key } }, undefined);
    }
    return matched.files.length === 0 ? 1 : 0;
  },
};

async function statOne(target: Target, versionId: string | undefined): Promise<number> {
  const { address, out } = target;
  const facts = await fileFacts(target, versionId).catch(async (error: unknown) => {
    const failure = toFailure(error);
    if (failure.kind === 'oss' && failure.status === 404 && (await hasFilesBelow(target))) {
      out.say(sentence('cli.stat.folder', { address: escapeControls(formatAddress(address)) }));
    }
    throw error;
  });
  return print(target, facts);
}

/** Whether the key is what people call a folder. */
async function hasFilesBelow({ connection, address: { bucket, key }, signal }: Target): Promise<boolean> {
  const prefix = key.endsWith('/') ? key : `${key}/`;
  const { objects } = await listObjects(connection, bucket, { prefix, maxKeys: 1, signal });
  return objects.length > 0;
}

async function bucketFacts({ connection, address, signal }: Target): Promise<Facts> {
  const bucket = await getBucketInfo(connection, address.bucket, signal);
  return {
    bucket: bucket.name,
    region: bucket.region,
    createdAt: isoTime(bucket.createdAt),
    storageClass: bucket.storageClass,
    redundancy: bucket.redundancy,
    versioning: bucket.versioning,
    acl: bucket.acl,
    blocksPublicAccess: bucket.isPublicBlocked,
    extranetEndpoint: bucket.extranetEndpoint,
    intranetEndpoint: bucket.intranetEndpoint,
  };
}

async function fileFacts({ connection, address, signal }: Target, versionId: string | undefined): Promise<Facts> {
  const object = { ...address, versionId };
  const head = await headObject(connection, object, signal);
  // HEAD follows a symlink: everything but the target is that of the file behind it.
  const link = head.objectType === 'Symlink' ? await getSymlink(connection, object, signal) : null;
  return {
    ...address,
    size: head.sizeBytes,
    contentType: head.contentType,
    lastModified: isoTime(head.lastModified),
    etag: head.etag,
    crc64: head.crc64,
    storageClass: head.storageClass,
    restore: head.restore === null ? null : restoreText(head.restore),
    objectType: head.objectType,
    symlinkTarget: link?.target ?? null,
    versionId: head.versionId,
    tags: head.tagCount,
    ...{ headers: otherHeaders(head), metadata: head.meta, encryption: head.encryption },
  };
}

function otherHeaders({ httpHeaders }: ObjectHead): Record<string, string> {
  return Object.fromEntries(Object.entries(httpHeaders).filter(([name]) => name !== 'content-type'));
}

function restoreText(restore: RestoreState): string {
  if (restore.at === 'ongoing') return 'ongoing';
  return restore.until === null ? 'restored' : `restored until ${isoTime(restore.until)}`;
}

const NAME_WIDTH = 20;

async function print({ out, isJson }: Target, facts: Facts): Promise<number> {
  if (isJson) {
    await out.answer(JSON.stringify(facts));
    return 0;
  }
  const rows = Object.entries(facts).flatMap(([name, value]): (readonly [string, unknown])[] => {
    if (value === null || value === '') return [];
    return typeof value === 'object'
      ? Object.entries(value).map(([key, text]) => [`${name} ${key}`, text])
      : [[name, value]];
  });
  const line = ([name, value]: readonly [string, unknown]): string =>
    escapeControls(`${name.padEnd(NAME_WIDTH)}  ${String(value)}`);
  await out.answer(rows.map(line).join('\n'));
  return 0;
}
