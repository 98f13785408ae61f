import type { AssumedRole } from '../../accounts/access.ts';
import type { BucketWay } from '../../accounts/account.ts';
import type { SourceRole } from '../../accounts/sources/source.ts';
import { stsEndpointFor } from '../../accounts/sts/sts-endpoint.ts';
import type { AssumedSession, Session } from '../../accounts/sts/credentials.ts';
import { readPlace, type WrittenPlace } from '../../accounts/written-place.ts';
import { own } from '../../own.ts';
import { type Connection, ServerClock, type SignVersion } from '../../oss/connection.ts';
import { bucketPlace } from '../../accounts/bucket-place.ts';
import { type Endpoint, formatEndpoint, isPublicHost, parseEndpoint } from '../../oss/endpoint.ts';
import { regionOfText } from '../../oss/regions.ts';
import { BucketWays } from '../../accounts/bucket-ways.ts';
import { listCustomDomains } from '../../oss/operations/custom-domains.ts';
import { isPackageForbidden } from '../../links/making/link-host.ts';
import { escapeControls } from '../../words/controls.ts';
import { inRole } from '../credentials/in-role.ts';
import { type Home, openSigner } from '../credentials/signer.ts';
import { text as sentence } from '../terminal/sentences.ts';
import { RememberedWays } from '../transfers/remembered-ways.ts';
import { usualFolder } from '../transfers/state-folder.ts';
import { chooseDomain } from './choose-domain.ts';
import type { CredentialValues } from './credential-options.ts';
import { choiceError, type CommandContext } from './command.ts';
import { readSessionRole, type SessionValues } from './session-options.ts';

/** ID of the account in the journal of a command, which has one, wherever its credentials come from. */
export const ENVIRONMENT = 'environment';

/** Values of serverOptions. */
export interface ServerValues extends CredentialValues {
  readonly endpoint?: string | undefined;
  readonly region?: string | undefined;
  readonly 'sign-version'?: string | undefined;
  readonly cname?: boolean | undefined;
  readonly domain?: string | undefined;
  readonly 'state-dir'?: string | undefined;
}

/** A connection with the credentials that options and environment choose. */
export interface EnvironmentConnection extends Connection {
  /** The session that signs now. */
  readonly session: Session;
  /** Discards a session that OSS refused as expired. False: only new credentials help. */
  readonly renew: () => boolean;
  /** The STS endpoint for these credentials. */
  readonly stsEndpoint: string;
  /** A session of a role, where the credentials have a way of their own to assume one. */
  readonly assume: ((wanted: AssumedRole) => Promise<AssumedSession>) | null;
  /** Ends the command. */
  readonly signal: AbortSignal;
  /** The endpoint that options and environment name, whichever custom domain requests use. */
  readonly server: Endpoint;
}

/**
 * Builds the connection that options and environment describe, for a bucket or the list of buckets. Where OSS refuses data
 * calls on its own host, it finds a custom domain of the bucket and remembers that for later commands. Sends OSS nothing;
 * credentials may have to be asked for.
 * @throws WaybillError `credentials`, `keychain` or `input`, UsageError
 */
export function connect(
  values: ServerValues,
  context: CommandContext,
  bucket: string | null,
): Promise<EnvironmentConnection> {
  return connectAs(null, values, context, bucket);
}

/** As connect(), with sessions of the role of --role-arn if there is one. @throws as connect(), and `file` for its policy */
export async function connectInRole(
  values: ServerValues & SessionValues,
  context: CommandContext,
  bucket: string | null,
): Promise<EnvironmentConnection> {
  return connectAs(await readSessionRole(values), values, context, bucket);
}

async function connectAs(
  role: SourceRole | null,
  values: ServerValues,
  context: CommandContext,
  bucket: string | null,
): Promise<EnvironmentConnection> {
  // A custom domain serves one bucket, not the list of buckets.
  const server = bucket === null ? { ...values, domain: undefined } : values;
  const { connection, home } = await openConnection(role, server, context);
  if (bucket !== null && values.domain !== undefined) {
    return { ...connection, endpoint: parseEndpoint(values.domain, { cname: true }) };
  }
  if (bucket === null || connection.server.addressing === 'cname') return connection;
  const folder = values['state-dir'] ?? usualFolder(context.env);
  return withWays(connection, { bucket, folder, known: own(home.ways, bucket) ?? null }, context);
}

/** The connection that options and environment describe, apart from custom domains that aren't named. */
async function openConnection(
  role: SourceRole | null,
  values: ServerValues,
  context: CommandContext,
): Promise<{ readonly connection: EnvironmentConnection; readonly home: Home }> {
  const { dispatcher, signal } = context;
  const clock = new ServerClock(context.now);
  const { home, credentials: open, assume } = await openSigner(values, context);
  const { endpoint, region, signVersion } = readServer(values, home);
  const stsEndpoint = home.stsEndpoint ?? stsEndpointFor({ endpoint, region });
  const base = open({ clock, stsEndpoint });
  const credentials = role === null ? base : inRole(base, role, { clock, stsEndpoint, dispatcher, signal });
  const session = await credentials.session();
  const connection = {
    ...{ endpoint, server: endpoint, region, signVersion, session, clock, stsEndpoint, dispatcher, signal },
    accessKey: async () => (await credentials.session()).accessKey,
    renew: () => credentials.renew(),
    assume: role === null ? assume : null,
  };
  return { connection, home };
}

/**
 * The server that options name, and for what they leave open, `home`. Reads nothing else.
 * @throws WaybillError `input`, UsageError
 */
export function readServer(values: ServerValues, home: Home): Pick<Connection, 'endpoint' | 'region' | 'signVersion'> {
  const signVersion = readSignVersion(values['sign-version']) ?? home.signVersion;
  const written = { ...writtenPlace(values, home.place), signsRegion: signVersion === 'v4' };
  const { endpoint, region } = readPlace(written);
  return { endpoint: parseEndpoint(endpoint, { cname: written.cname }), region, signVersion };
}

/** The same connection, at the custom domain of the bucket where it is known or found to need one. */
async function withWays(
  connection: EnvironmentConnection,
  { bucket, folder, known }: { readonly bucket: string; readonly folder: string; readonly known: BucketWay | null },
  context: CommandContext,
): Promise<EnvironmentConnection> {
  const { server, region } = connection;
  const remembered = new RememberedWays(folder, server, bucket);
  const way = (await remembered.read()) ?? known;
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

/** Options go first. The region that is set was meant for the endpoint that is set, not for that of the option. */
function writtenPlace({ endpoint, region, cname, domain }: ServerValues, set: WrittenPlace): WrittenPlace {
  const isDomain = cname === true || (endpoint === undefined && set.cname);
  const place = { ...set, cname: isDomain, isForDomain: domain !== undefined };
  if (region !== undefined) return { ...place, endpoint: endpoint ?? inRegion(place, region), region };
  return endpoint === undefined
    ? place
    : { ...place, endpoint, region: null, fallback: set.region ?? set.fallback ?? null };
}

/** The endpoint that is set, moved to the region of the option where it is a host of OSS in another one. */
function inRegion({ endpoint, cname }: WrittenPlace, region: string): string | null {
  const id = regionOfText(region);
  if (endpoint === null || id === null) return endpoint;
  return formatEndpoint(bucketPlace({ endpoint, region: '', cname }, id).endpoint);
}

function readSignVersion(text: string | undefined): SignVersion | undefined {
  if (text === undefined || text === 'v4' || text === 'v1') return text;
  throw choiceError('--sign-version', ['v4', 'v1']);
}
