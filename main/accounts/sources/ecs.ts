import { z } from 'zod';
import { toFailure } from '../../failure.ts';
import { valueOf } from '../environment.ts';
import type { Session } from '../sts/credentials.ts';
import { ask, type SourceReply, type SourceRequest } from './ask.ts';
import { checkValid, issuedSchema, parsed, sessionOfIssued } from './issued.ts';
import { roleNameSchema, type SourceContext } from './source.ts';
import { sourceError } from './source-failure.ts';
import { IMDS_ENDPOINT, isOn } from './variables.ts';

/** The metadata service, as every ECS instance has it. */
const METADATA_SERVICE = 'http://100.100.100.200';

/** Switches the metadata service off, and its version 1. */
const OFF = 'ALIBABA_CLOUD_ECS_METADATA_DISABLED';
const V1_OFF = 'ALIBABA_CLOUD_IMDSV1_DISABLED';

/** Longest wait for one answer. The service is in the same host, and anywhere else there is nobody. */
const TIMEOUT_MS = 3000;

/** How long the token of a session with the service is valid, in seconds; the SDKs' six hours. */
const TOKEN_SECONDS = '21600';

const ROLES = '/latest/meta-data/ram/security-credentials/';

const origin = { kind: 'ecs', name: '' } as const;
const credentials = issuedSchema.extend({ Code: z.literal('Success') });

/**
 * The session that an ECS instance has of its RAM role. It asks with a token (IMDSv2); where the request for one fails, for
 * whatever reason, without one, as the SDKs do: a container, which is one hop further away, may get none. Where
 * ALIBABA_CLOUD_IMDSV1_DISABLED is set, that is an error.
 * @throws WaybillError `credentials` with a cause of sources
 * @see https://www.alibabacloud.com/help/en/ecs/user-guide/view-instance-metadata
 * @see https://github.com/aliyun/credentials-nodejs/blob/master/src/providers/ecs_ram_role.ts
 */
export async function ecsSession(roleName: string | null, context: SourceContext): Promise<Session> {
  const { environment, clock } = context;
  if (isOn(environment, OFF)) throw sourceError('source-unusable', origin, OFF);
  const token = await metadataToken(context);
  const role = roleName ?? (await attachedRole(token, context));
  const { text, date } = await metadata(`${ROLES}${role}`, { headers: withToken(token) }, context);
  const issued = parsed(text, credentials);
  if (issued === null) throw sourceError('source-malformed', origin);
  const session = sessionOfIssued(issued);
  checkValid(session, { clock, date, origin });
  return session;
}

/** The token that other requests are sent with; null where the service gives none. */
async function metadataToken(context: SourceContext): Promise<string | null> {
  const headers = { 'x-aliyun-ecs-metadata-token-ttl-seconds': TOKEN_SECONDS };
  try {
    const { text } = await metadata('/latest/api/token', { method: 'PUT', headers }, context);
    if (/^[\x21-\x7e]{1,4096}$/.test(text.trim())) return text.trim();
    throw sourceError('source-malformed', origin);
  } catch (error) {
    if (toFailure(error).kind === 'cancelled' || isOn(context.environment, V1_OFF)) throw error;
    return null;
  }
}

async function attachedRole(token: string | null, context: SourceContext): Promise<string> {
  const { text } = await metadata(ROLES, { headers: withToken(token) }, context);
  const role = roleNameSchema.safeParse(text.trim().split('\n')[0]);
  if (!role.success) throw sourceError('source-malformed', origin);
  return role.data;
}

function withToken(token: string | null): Readonly<Record<string, string>> {
  return token === null ? {} : { 'x-aliyun-ecs-metadata-token': token };
}

/** Asks the service, never through a proxy: it is a link-local address, and answers with credentials. */
async function metadata(
  path: string,
  { method, headers }: Pick<SourceRequest, 'headers'> & { readonly method?: 'PUT' },
  context: SourceContext,
): Promise<SourceReply> {
  const written = valueOf(context.environment, IMDS_ENDPOINT) ?? METADATA_SERVICE;
  if (!/^http:\/\//i.test(written) || !URL.canParse(written))
    throw sourceError('source-unusable', origin, IMDS_ENDPOINT);
  const question = {
    url: new URL(path, written),
    origin,
    headers,
    method: method ?? 'GET',
    timeoutMs: TIMEOUT_MS,
  } as const;
  const answer = await ask(question, context).catch((error: unknown) => {
    throw toFailure(error).kind === 'network' ? sourceError('source-silent', origin) : error;
  });
  if (answer.status === 200) return answer;
  throw sourceError(answer.status === 404 ? 'source-missing' : 'source-refused', origin, `HTTP ${answer.status}`);
}
