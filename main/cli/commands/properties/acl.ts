import { bucketAcls, getObjectAcl, objectAcls, type ObjectAcl, putObjectAcl } from '../../../oss/operations/acl.ts';
import type { Connection } from '../../../oss/connection.ts';
import { getBucketAcl, putBucketAcl } from '../../../oss/operations/public-access.ts';
import { escapeControls } from '../../../words/controls.ts';
import { type Address, formatAddress, parseAddress } from '../../arguments/address.ts';
import { choiceError, type Command, type CommandContext, UsageError } from '../../arguments/command.ts';
import { connectInRole } from '../../arguments/connect.ts';
import { checkWords, readAnyArgs, serverOptions } from '../../arguments/options.ts';
import { sessionOptions } from '../../arguments/session-options.ts';
import { text as sentence } from '../../terminal/sentences.ts';
import { isAnsweredYes } from '../../terminal/yes-question.ts';
import type { OptionTable } from '../../usage/usage.ts';

const options = {
  yes: { type: 'boolean', meaning: 'make it public without being asked' },
  'version-id': { type: 'string', argument: 'ID', meaning: 'a specific version of a file' },
  ...sessionOptions,
  ...serverOptions,
} as const satisfies OptionTable;

/** What an ACL belongs to: a bucket, a file, or a version of a file. */
interface Subject extends Address {
  readonly versionId: string | undefined;
}

/** `acl`: shows and sets who may read or write a file or a bucket without a signature. */
export const aclCommand: Command = {
  usage: {
    forms: [
      ['acl oss://bucket/key', 'print the ACL of a file: default is that of its bucket'],
      ['acl oss://bucket', 'print the ACL of a bucket'],
      [`acl oss://bucket/key ${objectAcls.join('|')}`, 'set the ACL of a file'],
      [`acl oss://bucket ${bucketAcls.join('|')}`, 'set the ACL of a bucket'],
    ],
    about: [
      'What makes something public asks at a terminal, and elsewhere requires --yes. Block Public Access, which is on for new buckets, makes OSS refuse a public ACL.',
    ],
    words: ['address', objectAcls],
    options,
    examples: [
      { line: 'waybill acl oss://photos', meaning: 'Whether a bucket is public' },
      { line: 'waybill acl oss://photos/trip/beach.jpg --json', meaning: 'The ACL of a file, as JSON' },
      {
        line: 'waybill acl oss://photos/trip/beach.jpg private',
        meaning: 'Let nobody read a file without a signature',
      },
      { line: 'waybill acl oss://photos/logo.png public-read --yes', meaning: 'Let everyone read a file' },
    ],
  },
  async run(args, context) {
    const { values, words } = readAnyArgs(args, options);
    checkWords(words, words.length > 1 ? ['oss://bucket/key', 'ACL'] : ['oss://bucket/key']);
    const [text = '', wanted] = words;
    const subject = readSubject(text, values['version-id']);
    const acl = wanted === undefined ? null : readAcl(wanted, subject);
    const connection = await connectInRole(values, context, subject.bucket);
    if (acl !== null) {
      if (values.yes !== true) await confirm(connection, subject, acl, context);
      await setAcl(connection, subject, acl, context.signal);
    }
    const found = acl ?? (await readOf(connection, subject, context.signal));
    if (found !== null) return answer(subject, found, values.json === true, context);
    context.out.say(sentence('cli.acl.denied', { bucket: subject.bucket }));
    return 1;
  },
};

function readSubject(text: string, versionId: string | undefined): Subject {
  const address = parseAddress(text);
  if (address.key !== '' || versionId === undefined) return { ...address, versionId };
  throw new UsageError(sentence('cli.requires', { option: '--version-id', other: 'oss://bucket/key' }));
}

async function answer(subject: Subject, acl: ObjectAcl, isJson: boolean, { out }: CommandContext): Promise<number> {
  const { bucket, key, versionId = null } = subject;
  if (isJson) await out.answer(JSON.stringify({ bucket, key: key === '' ? null : key, versionId, acl }));
  else {
    await out.answer(acl);
    if (acl === 'default') out.say(sentence('cli.acl.inherited'));
  }
  return 0;
}

function readAcl(text: string, { key }: Subject): ObjectAcl {
  const known: readonly ObjectAcl[] = key === '' ? bucketAcls : objectAcls;
  const acl = known.find((one) => one === text);
  if (acl === undefined) throw choiceError('ACL', known);
  return acl;
}

/** Null for a bucket whose ACL these credentials may not read. */
function readOf(connection: Connection, subject: Subject, signal: AbortSignal): Promise<ObjectAcl | null> {
  return subject.key === ''
    ? getBucketAcl(connection, subject.bucket, signal)
    : getObjectAcl(connection, subject, signal);
}

async function setAcl(connection: Connection, subject: Subject, acl: ObjectAcl, signal: AbortSignal): Promise<void> {
  if (subject.key !== '') await putObjectAcl(connection, subject, acl, signal);
  else if (acl !== 'default') await putBucketAcl(connection, subject.bucket, acl);
}

/** Asks before anything becomes public. @throws UsageError without a terminal, or if the answer isn't yes */
async function confirm(
  connection: Connection,
  subject: Subject,
  acl: ObjectAcl,
  context: CommandContext,
): Promise<void> {
  if (acl === 'private') return;
  // What inherits a private ACL isn't public.
  if (acl === 'default' && (await getBucketAcl(connection, subject.bucket, context.signal)) === 'private') return;
  const { bucket, key } = subject;
  const place = escapeControls(key === '' ? `oss://${bucket}` : formatAddress({ bucket, key }));
  if (await isAnsweredYes(sentence(`cli.acl.question.${acl}`, { place }), context)) return;
  throw new UsageError(sentence('cli.acl.yes'));
}
