import { toFailure, WaybillError } from '../../failure.ts';
import { encodeQuery } from '../../oss/canonical.ts';
import type { Connection } from '../../oss/connection.ts';
import { bucketUrl } from '../../oss/endpoint.ts';
import { failureOfLink } from '../../oss/exchange/errors.ts';
import { tryUnsigned } from '../../oss/exchange/request.ts';
import { checkKey } from '../../oss/names.ts';
import { getObjectAcl } from '../../oss/operations/acl.ts';
import { linkEndpoint, type LinkWarning, linkWarnings } from './link-host.ts';
import type { LinkOptions } from './link-options.ts';

/** The object of a public link, and how it is read. */
export interface PublicLinkRequest extends Pick<LinkOptions, 'host'> {
  readonly bucket: string;
  readonly key: string;
  /** Such as `image/resize,w_200`. */
  readonly process?: string | undefined;
}

/**
 * Why OSS refuses to serve an object to everyone.
 * - `private`: its own ACL.
 * - `inherited`: it inherits the bucket's ACL, which isn't public or is overruled by Block Public Access.
 * - `blocked`: its ACL is public, but Block Public Access or the bucket's policy overrules that.
 * - `unknown`: the account may not read the ACL.
 */
type NotPublic = 'private' | 'inherited' | 'blocked' | 'unknown';

/** The address of an object that everyone may read, or why there is none. */
export type PublicLink =
  | { readonly kind: 'public'; readonly url: string; readonly warnings: readonly LinkWarning[] }
  | { readonly kind: 'not-public'; readonly why: NotPublic };

/**
 * Finds out whether everyone may read an object, by reading one byte of it as anyone would: ACLs, Block Public Access and
 * policies all have their say.
 * @throws WaybillError `input` for an invalid key or host; `oss` where the object is missing or archived, or OSS serves
 *   nobody on that host; `network`
 */
export async function publicLink(
  connection: Connection,
  request: PublicLinkRequest,
  signal?: AbortSignal,
): Promise<PublicLink> {
  const { bucket, key, process } = request;
  checkKey(key);
  const endpoint = linkEndpoint(connection, request.host);
  const { origin, path } = bucketUrl(endpoint, bucket, key);
  const query = process === undefined ? '' : `?${encodeQuery([['x-oss-process', process]])}`;
  const url = `${origin}${path}${query}`;
  const refusal = await refusalOf(url, connection, signal);
  if (refusal !== null) return { kind: 'not-public', why: await whyNot(connection, request, signal) };
  const warnings = linkWarnings({
    ...{ endpoint, connection, key, signVersion: 'v4', options: { host: request.host, open: null } },
    parts: { method: 'GET', params: {}, headers: {} },
  });
  return { kind: 'public', url, warnings };
}

/** Null if everyone may read it. @throws WaybillError for a refusal that has nothing to do with who asks */
async function refusalOf(
  url: string,
  { dispatcher }: Pick<Connection, 'dispatcher'>,
  signal: AbortSignal | undefined,
): Promise<'denied' | null> {
  const headers = { range: 'bytes=0-0', 'accept-encoding': 'identity' };
  const reply = await tryUnsigned(url, { method: 'GET', headers, signal }, dispatcher);
  if (!('error' in reply)) {
    reply.body.destroy();
    return null;
  }
  // An empty object has no first byte.
  if (reply.error.status === 416) return null;
  const failure = failureOfLink(reply.error, url);
  if (failure.cause === 'not-public' || failure.cause === 'denied-by-policy') return 'denied';
  throw new WaybillError(failure);
}

async function whyNot(
  connection: Connection,
  { bucket, key }: PublicLinkRequest,
  signal: AbortSignal | undefined,
): Promise<NotPublic> {
  try {
    const acl = await getObjectAcl(connection, { bucket, key }, signal);
    return acl === 'private' ? 'private' : acl === 'default' ? 'inherited' : 'blocked';
  } catch (error) {
    const failure = toFailure(error);
    // OSS says nobody but the owner that an object is missing.
    if (failure.kind === 'credentials') return 'unknown';
    throw error;
  }
}
