import { environmentDraft, environmentPlace } from '../../accounts/environment.ts';
import type { WrittenPlace } from '../../accounts/written-place.ts';
import { WaybillError } from '../../failure.ts';
import { type AccessKey, type Connection, ServerClock, type SignVersion } from '../../oss/connection.ts';
import { registerSecrets } from '../../accounts/live-secrets.ts';
import { parseEndpoint } from '../../oss/endpoint.ts';
import { choiceError, type CommandContext } from './command.ts';

/** ID of the account that the environment variables describe; the command line has no other. */
export const ENVIRONMENT = 'environment';

/** Values of serverOptions. */
export interface ServerValues {
  readonly endpoint?: string | undefined;
  readonly region?: string | undefined;
  readonly 'sign-version'?: string | undefined;
  readonly cname?: boolean | undefined;
}

/** A connection with the credentials of the environment. */
export interface EnvironmentConnection extends Connection {
  readonly key: AccessKey;
}

/**
 * Builds the connection that options and environment describe. Sends nothing.
 * @throws WaybillError `credentials` `missing` or `input`, UsageError
 */
export function connect(
  values: ServerValues,
  { env, dispatcher }: Pick<CommandContext, 'env' | 'dispatcher'>,
): EnvironmentConnection {
  const signVersion = readSignVersion(values['sign-version']);
  const draft = environmentDraft(env, { ...writtenPlace(values, env), signsRegion: signVersion === 'v4' });
  if (draft === null) throw new WaybillError({ kind: 'credentials', cause: 'missing' });
  const { accessKeyId, accessKeySecret, securityToken } = draft;
  const key = registerSecrets({ accessKeyId, accessKeySecret, securityToken });
  return {
    endpoint: parseEndpoint(draft.endpoint, { cname: draft.cname }),
    region: draft.region,
    signVersion,
    key,
    accessKey: () => Promise.resolve(key),
    dispatcher,
    clock: new ServerClock(),
  };
}

/** Options go first. The region of the environment was meant for its endpoint, not for that of the option. */
function writtenPlace({ endpoint, region, cname }: ServerValues, env: CommandContext['env']): WrittenPlace {
  const set = environmentPlace(env);
  const place = { ...set, cname: cname === true };
  if (region !== undefined) return { ...place, endpoint: endpoint ?? set.endpoint, region };
  return endpoint === undefined
    ? place
    : { ...place, endpoint, region: null, fallback: set.region ?? set.fallback ?? null };
}

function readSignVersion(text: string | undefined): SignVersion {
  if (text === undefined || text === 'v4' || text === 'v1') return text ?? 'v4';
  throw choiceError('--sign-version', ['v4', 'v1']);
}
