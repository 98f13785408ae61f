import { serviceEndpoint } from '../../../accounts/bucket-place.ts';
import { toFailure } from '../../../failure.ts';
import { checkBucket } from '../../../oss/names.ts';
import { bucketAcls } from '../../../oss/operations/acl.ts';
import { createBucket, storageClasses } from '../../../oss/operations/bucket-settings.ts';
import { getBucketInfo } from '../../../oss/operations/buckets.ts';
import { parseBucketAddress } from '../../arguments/address.ts';
import { choiceError, type Command } from '../../arguments/command.ts';
import { connectInRole, type EnvironmentConnection } from '../../arguments/connect.ts';
import { readArgs, serverOptions } from '../../arguments/options.ts';
import { readStorageClass } from '../../arguments/request-options.ts';
import { sessionOptions } from '../../arguments/session-options.ts';
import { text as sentence } from '../../terminal/sentences.ts';
import type { OptionTable } from '../../usage/usage.ts';

const options = {
  'storage-class': {
    ...{ type: 'string', argument: 'CLASS', value: storageClasses },
    meaning: `of files that name none: ${storageClasses.join(', ')}; default Standard`,
  },
  acl: {
    ...{ type: 'string', argument: 'ACL', value: bucketAcls },
    meaning: `who may read or write without a signature: ${bucketAcls.join(', ')}; default private`,
  },
  ...sessionOptions,
  ...serverOptions,
} as const satisfies OptionTable;

/** `mb`: creates a bucket. */
export const mbCommand: Command = {
  usage: {
    forms: [['mb oss://bucket', 'create a bucket in the region of the server']],
    about: [
      'Names are 3 to 63 lowercase letters, digits and hyphens, and unique in all of OSS. A bucket that is yours already stays as it is, and the exit code is 1.',
    ],
    words: ['bucket'],
    options,
    examples: [
      { line: 'waybill mb oss://my-photos --region cn-hangzhou', meaning: 'A private bucket in Hangzhou' },
      { line: 'waybill mb oss://my-archive --storage-class IA', meaning: 'One for files that are rarely read' },
    ],
  },
  async run(args, context) {
    const { values, words } = readArgs(args, options, ['oss://bucket']);
    const bucket = parseBucketAddress(words[0] ?? '');
    checkBucket(bucket);
    const storageClass = readStorageClass(values['storage-class']) ?? 'Standard';
    const acl = bucketAcls.find((one) => one === (values.acl ?? 'private'));
    if (acl === undefined) throw choiceError('--acl', bucketAcls);
    const opened = await connectInRole(values, context, null);
    const connection = { ...opened, endpoint: serviceEndpoint(opened) };
    const { out } = context;
    // OSS takes PutBucket for one's own bucket as a change of its ACL.
    if (await isOwn(connection, bucket)) {
      out.say(`mb: ${sentence('cli.mb.exists', { bucket })}`);
      return 1;
    }
    await createBucket(connection, bucket, { storageClass, acl });
    const { region } = connection;
    await out.answer(
      values.json === true ? JSON.stringify({ name: bucket, region, storageClass, acl }) : `created oss://${bucket}`,
    );
    return 0;
  },
};

/** False for a bucket that can't be looked at: OSS says itself that a name is taken. */
async function isOwn(connection: EnvironmentConnection, bucket: string): Promise<boolean> {
  try {
    await getBucketInfo(connection, bucket, connection.signal);
    return true;
  } catch (error) {
    const failure = toFailure(error);
    if (failure.kind === 'oss' || failure.kind === 'credentials') return false;
    throw error;
  }
}
