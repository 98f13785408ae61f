import { z } from 'zod';
import { malformedReply, toFailure } from '../../failure.ts';
import { STS_TIMEOUT_MS } from '../../oss/limits.ts';
import { formsOf, withoutSecrets } from '../../oss/exchange/echoes.ts';
import { readText } from '../../local-files/read-text.ts';
import { registerSecrets } from '../live-secrets.ts';
import type { Session } from '../sts/credentials.ts';
import { safeServer } from '../sts/sts-endpoint.ts';
import { stsError } from '../sts/sts-failure.ts';
import { ask } from './ask.ts';
import { checkValid, issuedSchema, parsed, sessionOfIssued } from './issued.ts';
import type { Recipe } from './recipe.ts';
import type { SourceContext } from './source.ts';
import { sourceError } from './source-failure.ts';

/** Longest token, in bytes. AssumeRoleWithOIDC takes 20,000 characters. */
const MAX_TOKEN_BYTES = 64 * 1024;

const origin = { kind: 'oidc', name: '' } as const;
const answerSchema = z.object({ Credentials: issuedSchema });
const errorSchema = z.object({ Code: z.string(), Message: z.string().default(''), RequestId: z.string().default('') });

/**
 * AssumeRoleWithOIDC: a session of a role, for the token in a file, which is read again each time. The request isn't
 * signed: the token says who asks.
 * @throws WaybillError `credentials` with a cause of sources, or role-refused; `input`, `network`, `oss`
 * @see https://www.alibabacloud.com/help/en/ram/developer-reference/api-sts-2015-04-01-assumerolewithoidc
 * @see https://github.com/aliyun/credentials-nodejs/blob/master/src/providers/oidc_role_arn.ts
 * @see https://www.alibabacloud.com/help/en/ram/developer-reference/api-sts-2015-04-01-errorcodes
 */
export async function oidcSession(
  { role }: Extract<Recipe, { readonly kind: 'oidc' }>,
  context: SourceContext & { readonly stsEndpoint: string },
): Promise<Session> {
  const { clock } = context;
  const server = safeServer(role.stsEndpoint ?? context.stsEndpoint);
  if (server === null) throw sourceError('source-unusable', origin, 'sts_endpoint');
  const token = await readToken(role.tokenFile);
  const query = new URLSearchParams({
    ...{ Action: 'AssumeRoleWithOIDC', Version: '2015-04-01', Format: 'JSON' },
    Timestamp: new Date(clock.now()).toISOString().replace(/\.\d+/, ''),
  });
  const form = new URLSearchParams({
    ...{ OIDCProviderArn: role.providerArn, RoleArn: role.roleArn, RoleSessionName: role.sessionName },
    DurationSeconds: String(role.durationSeconds),
    ...(role.policy === null ? {} : { Policy: role.policy }),
    OIDCToken: token,
  });
  const { status, text, date } = await ask(
    {
      url: new URL(`/?${query.toString()}`, server),
      ...{ origin, method: 'POST', body: form.toString(), timeoutMs: STS_TIMEOUT_MS },
      headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
    },
    context,
  );
  if (status !== 200) throw refusal(status, withoutSecrets(text, formsOf([token])), new URL(server).host);
  const issued = parsed(text, answerSchema)?.Credentials;
  if (issued === undefined) throw malformedReply(status, 'The reply from STS has no credentials.');
  const session = sessionOfIssued(issued);
  checkValid(session, { clock, date, origin });
  return session;
}

/** The error of a refusal. That of an expired token names another cause than the role. */
function refusal(status: number, text: string, host: string): Error {
  const said = parsed(text, errorSchema);
  if (said === null) return malformedReply(status, 'The reply is not from STS.');
  if (said.Code === 'AuthenticationFail.OIDCToken.Expired') return sourceError('source-expired', origin, said.Code);
  const error = Object.assign(new Error(said.Message), {
    statusCode: status,
    code: said.Code,
    requestId: said.RequestId,
  });
  return stsError(error, host);
}

async function readToken(path: string): Promise<string> {
  const text = await readText(path, MAX_TOKEN_BYTES).catch((error: unknown) => {
    const failure = toFailure(error);
    throw failure.kind === 'file' && failure.reason === 'missing' ? sourceError('source-missing', origin, path) : error;
  });
  const token = text?.trim() ?? '';
  // A JSON Web Token: three parts in base64url.
  if (!/^[\w-]+\.[\w-]+\.[\w-]*$/.test(token)) throw sourceError('source-unusable', origin, path);
  registerSecrets({ securityToken: token });
  return token;
}
