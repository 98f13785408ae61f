import type { Dispatcher } from 'undici';
import { WaybillError } from '../../failure.ts';
import type { AccessKey, ServerClock } from '../../oss/connection.ts';
import { within } from '../../http/within.ts';
import { formatEndpoint, parseServer } from '../../oss/endpoint.ts';
import { STS_TIMEOUT_MS } from '../../oss/limits.ts';
import { networkFailure } from '../../oss/exchange/network-failure.ts';
import type { AssumedSession, RoleSession } from './credentials.ts';
import { registerSecrets } from '../live-secrets.ts';
import { stsError } from './sts-failure.ts';
import { sendThrough } from './sts-transport.ts';

/** The STS server, and the caller's credentials. */
interface StsServer {
  readonly accessKey: AccessKey;
  /** URL or host. The protocol defaults to https. */
  readonly stsEndpoint: string;
  /** Dates requests; corrected if STS refuses a date. */
  readonly clock: ServerClock;
  readonly dispatcher: Dispatcher;
  /** Ends the call, with `cancelled`. */
  readonly signal?: AbortSignal | undefined;
}

/** Input of assumeRole(). */
export interface AssumeRoleRequest extends StsServer {
  readonly roleArn: string;
  readonly sessionName: string;
  /** 900 to the role's maximum, which is at most 43,200. */
  readonly durationSeconds: number;
  /** Session policy (JSON) of at most 2,048 characters. It can only narrow the role's permissions. */
  readonly policy?: string | undefined;
  /** Required by the trust policy of some roles for third parties. */
  readonly externalId?: string | undefined;
  /** Who is behind the session, in the audit log and for policies; sessions assumed with it keep it. */
  readonly sourceIdentity?: string | undefined;
}

/**
 * AssumeRole: a session of a role. If STS refuses the date of the request, synchronises the clock and tries once more.
 * @throws WaybillError `credentials` (role-refused and others), `input` for invalid fields, `network` or `oss`
 * @see https://www.alibabacloud.com/help/en/ram/developer-reference/api-sts-2015-04-01-assumerole
 */
export async function assumeRole(request: AssumeRoleRequest): Promise<AssumedSession> {
  try {
    return await callAssumeRole(request);
  } catch (error) {
    if (!isClockSkew(error) || !(await syncClock(request))) throw error;
    return await callAssumeRole(request);
  }
}

/** Who requests are signed as. Null: the reply doesn't say. */
export interface CallerIdentity {
  /** The ID of the Alibaba Cloud account that the key belongs to. */
  readonly accountId: string | null;
  /** `acs:ram::<account ID>:user/<name>`, or of a role's session `…:assumed-role/<role>/<session name>`. */
  readonly arn: string | null;
}

/**
 * GetCallerIdentity: who the key signs as.
 * @throws WaybillError `credentials`, `network` or `oss`
 * @see https://www.alibabacloud.com/help/en/ram/developer-reference/api-sts-2015-04-01-getcalleridentity
 */
export async function callerIdentity(server: StsServer): Promise<CallerIdentity> {
  const { client } = await makeClient(server);
  const reply = await sendThrough(server, () => client.getCallerIdentity()).catch((error: unknown) => {
    throw callError(error, server);
  });
  return { accountId: reply.body?.accountId ?? null, arn: reply.body?.arn ?? null };
}

/** The parts of the official client in use. Its own types require classes of the packages behind it. */
interface StsModule {
  readonly default: ClientClass | { readonly default: ClientClass };
  readonly AssumeRoleRequest: new (fields: Readonly<Record<string, string | number>>) => object;
}

type ClientClass = new (config: Readonly<Record<string, unknown>>) => {
  assumeRole(request: object): Promise<{ readonly body?: AssumeRoleReply }>;
  getCallerIdentity(): Promise<{ readonly body?: { readonly accountId?: string; readonly arn?: string } }>;
};

interface AssumeRoleReply {
  readonly credentials?: StsCredentials;
  readonly assumedRoleUser?: { readonly arn?: string };
}

interface StsCredentials {
  readonly accessKeyId?: string;
  readonly accessKeySecret?: string;
  readonly securityToken?: string;
  readonly expiration?: string;
}

async function callAssumeRole(request: AssumeRoleRequest): Promise<AssumedSession> {
  const { AssumeRoleRequest, client } = await makeClient(request);
  const fields = new AssumeRoleRequest({
    roleArn: request.roleArn,
    roleSessionName: request.sessionName,
    durationSeconds: request.durationSeconds,
    ...(request.policy === undefined ? {} : { policy: request.policy }),
    ...(request.externalId === undefined ? {} : { externalId: request.externalId }),
    ...(request.sourceIdentity === undefined ? {} : { sourceIdentity: request.sourceIdentity }),
  });
  const reply = await sendThrough(request, () => client.assumeRole(fields)).catch((error: unknown) => {
    throw callError(error, request);
  });
  return { ...sessionIn(reply.body?.credentials), arn: reply.body?.assumedRoleUser?.arn ?? null };
}

function callError(error: unknown, { stsEndpoint, signal }: Pick<StsServer, 'stsEndpoint' | 'signal'>): Error {
  return signal?.aborted === true
    ? new WaybillError({ kind: 'cancelled' })
    : stsError(error, parseServer(stsEndpoint).host);
}

/** @throws WaybillError `oss` MalformedReply */
function sessionIn(credentials: StsCredentials | undefined): RoleSession {
  const validUntil = Date.parse(credentials?.expiration ?? '');
  if (
    credentials?.accessKeyId === undefined ||
    credentials.accessKeySecret === undefined ||
    credentials.securityToken === undefined ||
    Number.isNaN(validUntil)
  ) {
    throw new WaybillError({
      kind: 'oss',
      cause: 'malformed',
      status: 200,
      code: 'MalformedReply',
      message: 'The reply from STS has no credentials.',
    });
  }
  const { accessKeyId, accessKeySecret, securityToken } = credentials;
  return { accessKey: registerSecrets({ accessKeyId, accessKeySecret, securityToken }), validUntil };
}

/** Loads the official client on first use: it is slow to load, and most accounts need no role. */
async function makeClient({ accessKey, stsEndpoint, clock }: StsServer) {
  const imported: unknown = await import('@alicloud/sts20150401');
  const { default: given, AssumeRoleRequest } = imported as StsModule;
  // Node exposes a CommonJS module as `default`, bundlers expose the `default` inside it.
  const Client = 'default' in given ? given.default : given;
  const endpoint = parseServer(stsEndpoint);
  const client = new Client({
    accessKeyId: accessKey.accessKeyId,
    accessKeySecret: accessKey.accessKeySecret,
    ...(accessKey.securityToken === null ? {} : { securityToken: accessKey.securityToken }),
    endpoint: formatEndpoint(endpoint).replace(/^https?:\/\//, ''),
    protocol: endpoint.protocol,
    readTimeout: STS_TIMEOUT_MS,
    globalParameters: { headers: { 'x-acs-date': new Date(clock.now()).toISOString().replace(/\.\d+/, '') } },
  });
  return { client, AssumeRoleRequest };
}

function isClockSkew(error: unknown): boolean {
  return error instanceof WaybillError && error.failure.kind === 'credentials' && error.failure.cause === 'clock-skew';
}

/** Sets the clock from the Date header of any reply. Returns false if that is no time to adopt. */
async function syncClock({ stsEndpoint, clock, dispatcher, signal: ended }: StsServer): Promise<boolean> {
  const endpoint = parseServer(stsEndpoint);
  try {
    const signal = within(STS_TIMEOUT_MS, ended);
    const reply = await dispatcher.request({ origin: formatEndpoint(endpoint), path: '/', method: 'GET', signal });
    // Only the head is of use, and a body may have no end.
    reply.body.on('error', () => undefined).destroy();
    const date = Date.parse(String(reply.headers['date']));
    return !Number.isNaN(date) && clock.sync(date);
  } catch (error) {
    if (ended?.aborted === true) throw new WaybillError({ kind: 'cancelled' });
    throw networkFailure(error, endpoint.host);
  }
}
