import { type Dispatcher, request } from 'undici';
import { WaybillError } from '../../failure.ts';
import type { AccessKey, ServerClock } from '../../oss/connection.ts';
import { formatEndpoint, parseEndpoint } from '../../oss/endpoint.ts';
import { networkFailure } from '../../oss/exchange/request.ts';
import type { RoleSession } from './credentials.ts';
import { stsError } from './sts-failure.ts';
import { sendThrough } from './sts-transport.ts';

/** Where STS is, and who asks. */
interface StsServer {
  readonly accessKey: AccessKey;
  /** URL text; https unless http:// is written. */
  readonly stsEndpoint: string;
  /** Dates the request, and learns the time if STS does not accept the date. */
  readonly clock: ServerClock;
  readonly dispatcher: Dispatcher;
}

/** One AssumeRole. */
export interface AssumeRoleRequest extends StsServer {
  readonly roleArn: string;
  readonly sessionName: string;
  /** 900 up to the role's maximum, at most 43,200. */
  readonly durationSeconds: number;
  /** Session policy (JSON) of at most 2,048 characters, which can only narrow what the role may do. */
  readonly policy?: string | undefined;
  /** Asked for by the trust policy of a role that third parties use. */
  readonly externalId?: string | undefined;
}

/** The STS endpoint of a region. @see https://www.alibabacloud.com/help/en/ram/developer-reference/api-sts-2015-04-01-endpoint */
export function stsEndpointOfRegion(region: string): string {
  return `https://sts.${region}.aliyuncs.com`;
}

/**
 * A session of a role. Dated by the server's time: a request of a wrong clock is sent once more.
 * @throws WaybillError `credentials`, `network` or `oss`
 * @see https://www.alibabacloud.com/help/en/ram/developer-reference/api-sts-2015-04-01-assumerole
 */
export async function assumeRole(question: AssumeRoleRequest): Promise<RoleSession> {
  try {
    return await ask(question);
  } catch (error) {
    if (!isClockSkew(error)) throw error;
    await learnTime(question);
    return await ask(question);
  }
}

/**
 * The number of the Alibaba Cloud account that the key belongs to, null where the answer has none.
 * @throws WaybillError `credentials`, `network` or `oss`
 * @see https://www.alibabacloud.com/help/en/ram/developer-reference/api-sts-2015-04-01-getcalleridentity
 */
export async function callerAccountId(server: StsServer): Promise<string | null> {
  const { client } = await makeClient(server);
  const reply = await sendThrough(server.dispatcher, () => client.getCallerIdentity()).catch((error: unknown) => {
    throw stsError(error, parseEndpoint(server.stsEndpoint).host);
  });
  return reply.body?.accountId ?? null;
}

/** The part of the official client that is used here: its own types ask for classes of the packages behind it. */
interface StsModule {
  readonly default: ClientClass | { readonly default: ClientClass };
  readonly AssumeRoleRequest: new (fields: Readonly<Record<string, string | number>>) => object;
}

type ClientClass = new (config: Readonly<Record<string, unknown>>) => {
  assumeRole(request: object): Promise<{ readonly body?: { readonly credentials?: StsCredentials } }>;
  getCallerIdentity(): Promise<{ readonly body?: { readonly accountId?: string } }>;
};

interface StsCredentials {
  readonly accessKeyId?: string;
  readonly accessKeySecret?: string;
  readonly securityToken?: string;
  readonly expiration?: string;
}

async function ask(question: AssumeRoleRequest): Promise<RoleSession> {
  const { AssumeRoleRequest, client } = await makeClient(question);
  const { host } = parseEndpoint(question.stsEndpoint);
  const fields = new AssumeRoleRequest({
    roleArn: question.roleArn,
    roleSessionName: question.sessionName,
    durationSeconds: question.durationSeconds,
    ...(question.policy === undefined ? {} : { policy: question.policy }),
    ...(question.externalId === undefined ? {} : { externalId: question.externalId }),
  });
  const reply = await sendThrough(question.dispatcher, () => client.assumeRole(fields)).catch((error: unknown) => {
    throw stsError(error, host);
  });
  const credentials = reply.body?.credentials;
  const validUntil = Date.parse(credentials?.expiration ?? '');
  if (
    credentials?.accessKeyId === undefined ||
    credentials.accessKeySecret === undefined ||
    credentials.securityToken === undefined ||
    Number.isNaN(validUntil)
  ) {
    throw new WaybillError({ kind: 'oss', status: 200, code: 'MalformedReply', message: 'STS sent no credentials.' });
  }
  const { accessKeyId, accessKeySecret, securityToken } = credentials;
  return { accessKey: { accessKeyId, accessKeySecret, securityToken }, validUntil };
}

/** The official client takes a while to load, and most runs need no role. */
async function makeClient({ accessKey, stsEndpoint, clock }: StsServer) {
  const imported: unknown = await import('@alicloud/sts20150401');
  const { default: given, AssumeRoleRequest } = imported as StsModule;
  // Node gives a CommonJS module as `default`, bundlers give its `default`.
  const Client = 'default' in given ? given.default : given;
  const endpoint = parseEndpoint(stsEndpoint);
  const client = new Client({
    accessKeyId: accessKey.accessKeyId,
    accessKeySecret: accessKey.accessKeySecret,
    ...(accessKey.securityToken === null ? {} : { securityToken: accessKey.securityToken }),
    endpoint: formatEndpoint(endpoint).replace(/^https?:\/\//, ''),
    protocol: endpoint.protocol,
    readTimeout: 15_000,
    globalParameters: { headers: { 'x-acs-date': new Date(clock.now()).toISOString().replace(/\.\d+/, '') } },
  });
  return { client, AssumeRoleRequest };
}

function isClockSkew(error: unknown): boolean {
  return error instanceof WaybillError && error.failure.kind === 'credentials' && error.failure.reason === 'clock-skew';
}

async function learnTime({ stsEndpoint, clock, dispatcher }: StsServer): Promise<void> {
  const endpoint = parseEndpoint(stsEndpoint);
  try {
    const reply = await request(formatEndpoint(endpoint), { method: 'GET', dispatcher });
    await reply.body.dump();
    const date = Date.parse(String(reply.headers['date']));
    if (!Number.isNaN(date)) clock.sync(date);
  } catch (error) {
    throw networkFailure(error, endpoint.host);
  }
}
