import { serviceEndpoint } from '../../accounts/bucket-place.ts';
import { listBuckets } from '../../oss/operations/buckets.ts';
import { listObjects } from '../../oss/operations/listing.ts';
import type { CommandContext } from '../arguments/command.ts';
import { connectInRole, type ServerValues } from '../arguments/connect.ts';
import type { SessionValues } from '../arguments/session-options.ts';

/** More names than this help nobody to choose. */
const MOST_NAMES = 200;

type SignValues = ServerValues & SessionValues;

/** Names of the buckets that start like this. @throws what listing throws */
export async function bucketNames(start: string, values: SignValues, context: CommandContext): Promise<string[]> {
  const connection = await connectInRole(values, context, null);
  const service = { ...connection, endpoint: serviceEndpoint(connection) };
  const { buckets } = await listBuckets(service, { prefix: start, maxKeys: MOST_NAMES, signal: context.signal });
  return buckets.map(({ name }) => name);
}

/** Addresses that start like this: buckets, then what is one level below in a bucket. @throws what listing throws */
export async function addresses(text: string, values: SignValues, context: CommandContext): Promise<string[]> {
  const scheme = 'oss://';
  if (!text.startsWith(scheme)) return scheme.startsWith(text) ? [scheme] : [];
  const slash = text.indexOf('/', scheme.length);
  if (slash < 0) {
    const names = await bucketNames(text.slice(scheme.length), values, context);
    return names.map((name) => `${scheme}${name}/`);
  }
  const bucket = text.slice(scheme.length, slash);
  const prefix = text.slice(slash + 1);
  const connection = await connectInRole(values, context, bucket);
  const options = { prefix, delimiter: '/', maxKeys: MOST_NAMES, signal: context.signal };
  const { prefixes, objects } = await listObjects(connection, bucket, options);
  const keys = [...prefixes, ...objects.map(({ key }) => key)].filter((key) => key !== prefix || !key.endsWith('/'));
  // A line break in a name can't be handed to a shell.
  return keys.filter((key) => !/\p{Cc}/u.test(key)).map((key) => `${scheme}${bucket}/${key}`);
}
