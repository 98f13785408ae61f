import { environmentDraft, environmentPlace } from '../../accounts/environment.ts';
import type { WrittenPlace } from '../../accounts/written-place.ts';
import { WaybillError } from '../../failure.ts';
import { type AccessKey, type Connection, ServerClock, type SignVersion } from '../../oss/connection.ts';
import { registerSecrets } from '../../accounts/live-secrets.ts';
import { bucketPlace } from '../../accounts/bucket-place.ts';
import { type Endpoint, formatEndpoint, isPublicHost, parseEndpoint } from '../../oss/endpoint.ts';
import { regionOfText } from '../../oss/regions.ts';
import { BucketWays } from '../../accounts/bucket-ways.ts';
import { listCustomDomains } from '../../oss/operations/custom-domains.ts';
import { isPackageForbidden } from '../../links/making/link-host.ts';
import { escapeControls } from '../../words/controls.ts';
import { text as sentence } from '../terminal/sentences.ts';
import { RememberedWays } from '../transfers/remembered-ways.ts';
import { usualFolder } from '../transfers/state-folder.ts';
import { chooseDomain } from './choose-domain.ts';
import { choiceError, type CommandContext } from './command.ts';

/** ID of the account that the environment variables describe; the command line has no other. */
export const ENVIRONMENT = 'environment';

/** Values of serverOptions. */
export interface ServerValues {
  readonly endpoint?: string | undefined;
  readonly region?: string | undefined;
  readonly 'sign-version'?: string | undefined;
  readonly cname?: boolean | undefined;
  readonly domain?: string | undefined;
  readonly 'state-dir'?: string | undefined;
}

/** A connection with the credentials of the environment. */
export interface EnvironmentConnection extends Connection {
  readonly key: AccessKey;
  /** The endpoint that options and environment name, whichever custom domain requests use. */
  readonly server: Endpoint;
}

/**
 * Builds the connection that options and environment describe, for a bucket or the list of buckets. Where OSS refuses data
 * calls on its own host, it finds a custom domain of the bucket and remembers that for later commands. Sends nothing.
 * @throws WaybillError `credentials` `missing` or `input`, UsageError
 */
export async function connect(
  values: ServerValues,
  context: CommandContext,
  bucket: string | null,
): Promise<EnvironmentConnection> {
  // A custom domain serves one bucket, not the list of buckets.
  const connection = readConnection(bucket === null ? { ...values, domain: undefined } : values, context);
  if (bucket !== null && values.domain !== undefined) {
    return { ...connection, endpoint: parseEndpoint(values.domain, { cname: true }) };
  }
  if (bucket === null || connection.server.addressing === 'cname') return connection;
  return withWays(connection, bucket, { ...context, folder: values['state-dir'] ?? usualFolder(context.env) });
}

/**
 * Reads the connection that options and environment describe, apart from custom domains that aren't named.
 * @throws WaybillError `credentials` `missing` or `input`, UsageError
 */
export function readConnection(
  values: ServerValues,
  { env, dispatcher }: Pick<CommandContext, 'env' | 'dispatcher'>,
): EnvironmentConnection {
  const signVersion = readSignVersion(values['sign-version']);
  const draft = environmentDraft(env, { ...writtenPlace(values, env), signsRegion: signVersion === 'v4' });
  if (draft === null) throw new WaybillError({ kind: 'credentials', cause: 'missing' });
  const { accessKeyId, accessKeySecret, securityToken } = draft;
  const key = registerSecrets({ accessKeyId, accessKeySecret, securityToken });
  const endpoint = parseEndpoint(draft.endpoint, { cname: draft.cname });
  return {
    ...{ endpoint, server: endpoint, region: draft.region, signVersion, key },
    accessKey: () => Promise.resolve(key),
    dispatcher,
    clock: new ServerClock(),
  };
}

/** The same connection, at the custom domain of the bucket where it is known or found to need one. */
async function withWays(
  connection: EnvironmentConnection,
  bucket: string,
  context: CommandContext & { readonly folder: string },
): Promise<EnvironmentConnection> {
  const { server, region } = connection;
  const remembered = new RememberedWays(context.folder, server, bucket);
  const way = await remembered.read();
  const domain = way?.domain ?? '';
  if (domain.startsWith('http:')) context.out.say(sentence('cli.domain.plain', { bucket, domain }));
  const ways = new BucketWays({
    known: way === null ? {} : { [bucket]: way },
    placeOf: () => ({ endpoint: server, region }),
    listDomains: () => listCustomDomains(connection, bucket, context.signal),
    choose: (domains) => chooseDomain(bucket, domains, server, context),
    onFound: ({ way: found, lost }) => {
      if (lost !== null) context.out.say(sentence('cli.domain.lost', { bucket, domain: lost }));
      void remembered.remember(found);
    },
  });
  await ways.refresh(bucket);
  return ways.lead(connection, bucket);
}

/** Says on stderr that links on the endpoint won't work: OSS refuses data calls there, or files of the kind of a key. */
export function warnOfHost(
  connection: EnvironmentConnection,
  { endpoint, keys = [] }: { readonly endpoint: Endpoint; readonly keys?: readonly string[] },
  { out }: Pick<CommandContext, 'out'>,
): void {
  const { server, region, isPublicHostRefused } = connection;
  const isRefused = endpoint.host === server.host || isPublicHost(endpoint, region);
  if (isPublicHostRefused === true && isRefused) out.say(sentence('cli.domain.links-refused'));
  const forbidden = keys.find((key) => isPackageForbidden(endpoint, key));
  if (forbidden !== undefined) out.say(sentence('cli.link.apk-forbidden', { key: escapeControls(forbidden) }));
}

/** Options go first. The region of the environment was meant for its endpoint, not for that of the option. */
function writtenPlace({ endpoint, region, cname, domain }: ServerValues, env: CommandContext['env']): WrittenPlace {
  const set = environmentPlace(env);
  const place = { ...set, cname: cname === true, isForDomain: domain !== undefined };
  if (region !== undefined) return { ...place, endpoint: endpoint ?? inRegion(place, region), region };
  return endpoint === undefined
    ? place
    : { ...place, endpoint, region: null, fallback: set.region ?? set.fallback ?? null };
}

/** The endpoint of the environment, moved to the region of the option where it is a host of OSS in another one. */
function inRegion({ endpoint, cname }: WrittenPlace, region: string): string | null {
  const id = regionOfText(region);
  if (endpoint === null || id === null) return endpoint;
  return formatEndpoint(bucketPlace({ endpoint, region: '', cname }, id).endpoint);
}

function readSignVersion(text: string | undefined): SignVersion {
  if (text === undefined || text === 'v4' || text === 'v1') return text ?? 'v4';
  throw choiceError('--sign-version', ['v4', 'v1']);
}
