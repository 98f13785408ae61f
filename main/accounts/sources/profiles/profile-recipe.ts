import type { AccessKey } from '../../../oss/connection.ts';
import type { Environment } from '../../environment.ts';
import { registerSecrets } from '../../live-secrets.ts';
import { normalizeName } from '../../pasting/paste-fields.ts';
import { EXTERNAL_ID, ROLE_ARN, SESSION_NAME } from '../../sts/sts-limits.ts';
import { isSessionPolicy } from '../../sts/session-policy.ts';
import { own } from '../../../own.ts';
import type { Recipe } from '../recipe.ts';
import { ROLE_NAME, type SourceRole } from '../source.ts';
import { splitCommand } from '../split-command.ts';
import { credentialsUri, oidcRole } from '../variables.ts';
import type { ProfileFields } from './profile-fields.ts';

/** What a recipe is made with besides the profile itself. */
export interface RecipeContext {
  readonly environment: Environment;
  /** The recipe of another profile of the same file. @throws WaybillError `credentials` source-missing, source-unusable */
  readonly recipeOf: (profile: string) => Recipe;
}

type Mode = keyof typeof modes;

/** How each mode of the aliyun CLI and of ossutil, and each type of the SDKs, obtains credentials. */
const modes = {
  ak: (fields: ProfileFields) => keyRecipe(fields, pairOf(fields)),
  ststoken: (fields: ProfileFields) =>
    keyRecipe(fields, { ...pairOf(fields), securityToken: fields.matching('securityToken', PRINTABLE) }),
  ramrolearn: (fields: ProfileFields) => {
    const key = { ...pairOf(fields), securityToken: fields.get('securityToken') };
    return { kind: 'role', base: keyRecipe(fields, key), role: roleOf(fields) };
  },
  ecsramrole: ecsRecipe,
  ramrolearnwithrolename: (fields: ProfileFields) => ({ kind: 'role', base: ecsRecipe(fields), role: roleOf(fields) }),
  chainableramrolearn: (fields: ProfileFields, { recipeOf }: RecipeContext) => ({
    kind: 'role',
    base: recipeOf(fields.need('sourceProfile')),
    role: roleOf(fields),
  }),
  external: (fields: ProfileFields) => {
    const command = splitCommand(fields.need('command'), process.platform === 'win32');
    if (command === null) throw fields.unusable('process_command');
    return { kind: 'process', command };
  },
  credentialsuri: (fields: ProfileFields, { environment }: RecipeContext) => ({
    kind: 'uri',
    uri: credentialsUri(fields.get('uri'), environment),
  }),
  oidc: oidcRecipe,
  cloudsso: cloudSsoRecipe,
  oauth: oauthRecipe,
} as const satisfies Readonly<Record<string, (fields: ProfileFields, context: RecipeContext) => Recipe>>;

/** Other names of modes. */
const synonyms: Readonly<Record<string, Mode>> = { accesskey: 'ak', sts: 'ststoken', oidcrolearn: 'oidc' };

/**
 * What it takes to obtain a profile's credentials. Each mode reads its own settings and ignores those that another left
 * behind, as the aliyun CLI does.
 * @throws WaybillError `credentials` source-unusable
 * @see https://github.com/aliyun/aliyun-cli/blob/master/config/profile.go GetCredential
 * @see https://github.com/aliyun/credentials-nodejs/blob/master/src/providers/profile.ts
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/configure-ossutil2
 */
export function recipeOfProfile(fields: ProfileFields, context: RecipeContext): Recipe {
  const mode = modeOf(fields);
  if (mode === null) throw fields.unusable(fields.shown('mode') ?? 'mode');
  return modes[mode](fields, context);
}

/** Whether the profile is signed in through CloudSSO. */
export function isCloudSso(fields: ProfileFields): boolean {
  return modeOf(fields) === 'cloudsso';
}

/** Whether nobody has set the profile up yet: programs write such a one at their first start. */
export function isEmptyProfile(fields: ProfileFields): boolean {
  const isUnset = fields.get('mode') === null ? inferredMode(fields) === null : modeOf(fields) === 'ak';
  return isUnset && fields.get('accessKeyId') === null && fields.get('accessKeySecret') === null;
}

/** The mode as written, or as the aliyun CLI infers it from what else is there; null if it is another one. */
function modeOf(fields: ProfileFields): Mode | null {
  const written = normalizeName(fields.get('mode') ?? '');
  if (written === '') return inferredMode(fields);
  return own(synonyms, written) ?? (Object.hasOwn(modes, written) ? (written as Mode) : null);
}

/** @see https://github.com/aliyun/aliyun-cli/blob/master/config/profile.go AutoModeRecognition */
function inferredMode(fields: ProfileFields): Mode | null {
  const has = (...settings: Parameters<ProfileFields['get']>): boolean =>
    settings.every((name) => fields.get(name) !== null);
  if (has('accessKeyId') && has('accessKeySecret')) {
    if (has('securityToken')) return 'ststoken';
    return has('roleArn') ? 'ramrolearn' : 'ak';
  }
  if (has('roleName')) return 'ecsramrole';
  if (has('command')) return 'external';
  if (has('providerArn') && has('tokenFile') && has('roleArn')) return 'oidc';
  return has('signInUrl') ? 'cloudsso' : null;
}

/** What an HTTP header can carry. */
const PRINTABLE = /^[\x21-\x7e]{1,8192}$/;

function pairOf(fields: ProfileFields): AccessKey {
  return {
    accessKeyId: fields.matching('accessKeyId', PRINTABLE),
    accessKeySecret: fields.matching('accessKeySecret', PRINTABLE),
    securityToken: null,
  };
}

function keyRecipe(fields: ProfileFields, key: AccessKey, validUntil: number | null = null): Recipe {
  if (key.accessKeyId.startsWith('STS.') && key.securityToken === null) throw fields.unusable('sts_token');
  const accessKey = registerSecrets(key);
  const ends = key.securityToken === null ? null : (validUntil ?? ('unknown' as const));
  return { kind: 'key', session: { accessKey, validUntil: ends }, profile: fields.origin.name };
}

function ecsRecipe(fields: ProfileFields): Recipe {
  return { kind: 'ecs', roleName: fields.optional('roleName', ROLE_NAME) };
}

function oidcRecipe(fields: ProfileFields, { environment }: RecipeContext): Recipe {
  const written = {
    providerArn: fields.get('providerArn'),
    tokenFile: fields.get('tokenFile'),
    roleArn: fields.get('roleArn'),
    sessionName: fields.get('sessionName'),
  };
  const role = oidcRole(environment, written);
  if (role === null) throw fields.unusable('oidc_token_file');
  return {
    kind: 'oidc',
    role: {
      ...role,
      durationSeconds: fields.seconds(),
      policy: fields.get('policy'),
      stsEndpoint: fields.stsEndpoint(),
    },
  };
}

function cloudSsoRecipe(fields: ProfileFields): Recipe {
  const validUntil = fields.moment('tokenExpiry');
  const { origin } = fields;
  const token = fields.get('securityToken');
  const isCached =
    validUntil !== null &&
    token !== null &&
    fields.get('accessKeyId') !== null &&
    fields.get('accessKeySecret') !== null;
  const { accessToken } = registerSecrets({
    accessToken: fields.get('accessToken') ?? '',
    securityToken: fields.get('accessToken'),
  });
  return {
    kind: 'cloudsso',
    signIn: {
      profile: origin.name,
      signInUrl: fields.need('signInUrl'),
      accountId: fields.need('cloudAccount'),
      accessConfiguration: fields.need('accessConfiguration'),
      accessToken,
      validUntil: fields.moment('accessTokenExpiry') ?? 0,
      cached: isCached ? registerSecrets({ ...pairOf(fields), securityToken: token, validUntil }) : null,
    },
  };
}

/**
 * What the aliyun CLI fetched last. Fetching again would replace the refresh token, which only the CLI may write down: the
 * profile is read again when it has done so.
 */
function oauthRecipe(fields: ProfileFields): Recipe {
  const key = { ...pairOf(fields), securityToken: fields.matching('securityToken', PRINTABLE) };
  return keyRecipe(fields, key, fields.moment('tokenExpiry'));
}

function roleOf(fields: ProfileFields): SourceRole {
  const policy = fields.get('policy');
  if (policy !== null && !isSessionPolicy(policy)) throw fields.unusable('policy');
  return {
    roleArn: fields.matching('roleArn', ROLE_ARN),
    sessionName: fields.optional('sessionName', SESSION_NAME) ?? 'waybill',
    durationSeconds: fields.seconds(),
    externalId: fields.optional('externalId', EXTERNAL_ID),
    sourceIdentity: null,
    policy,
    stsEndpoint: fields.stsEndpoint(),
  };
}
