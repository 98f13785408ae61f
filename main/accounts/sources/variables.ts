import { type Environment, firstValueOf, valueOf } from '../environment.ts';
import { safeServer } from '../sts/sts-endpoint.ts';
import type { Recipe } from './recipe.ts';
import { oidcSchema } from './source.ts';
import { sourceError } from './source-failure.ts';

type OidcRole = Extract<Recipe, { readonly kind: 'oidc' }>['role'];

/** Names the RAM role of the instance, and allows asking the metadata service at all. */
export const ECS_ROLE = 'ALIBABA_CLOUD_ECS_METADATA';

/** Another address of the metadata service (a URL), for tests. */
export const IMDS_ENDPOINT = 'ALIBABA_CLOUD_IMDS_ENDPOINT';

/** The aliyun CLI's variable that forbids programs and services as sources. */
const EXTERNAL_OFF = 'ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS';

const CREDENTIALS_URI = 'ALIBABA_CLOUD_CREDENTIALS_URI';

/** Settings of an OIDC role that a profile may have; null: it hasn't. */
export type WrittenOidc = Readonly<Record<'providerArn' | 'tokenFile' | 'roleArn' | 'sessionName', string | null>>;

/** The variables behind each setting, in order of precedence. RRSA sets the first of each in pods. */
const oidcVariables = {
  providerArn: ['ALIBABA_CLOUD_OIDC_PROVIDER_ARN', 'ALIBABACLOUD_OIDC_PROVIDER_ARN'],
  tokenFile: ['ALIBABA_CLOUD_OIDC_TOKEN_FILE', 'ALIBABACLOUD_OIDC_TOKEN_FILE'],
  roleArn: ['ALIBABA_CLOUD_ROLE_ARN', 'ALIBABACLOUD_ROLE_ARN'],
  sessionName: ['ALIBABA_CLOUD_ROLE_SESSION_NAME', 'ALIBABACLOUD_ROLE_SESSION_NAME'],
} as const satisfies Readonly<Record<keyof WrittenOidc, readonly string[]>>;

/**
 * The role that a profile and the environment describe together; null if it isn't all there, or can't be a role.
 * @see https://github.com/aliyun/credentials-nodejs/blob/master/src/providers/oidc_role_arn.ts
 * @see https://www.alibabacloud.com/help/en/ack/ack-managed-and-ack-dedicated/user-guide/use-rrsa-to-authorize-pods-to-access-different-cloud-services
 */
export function oidcRole(environment: Environment, written: Partial<WrittenOidc> = {}): OidcRole | null {
  const setting = (name: keyof WrittenOidc): string | null => written[name] ?? oidcVariable(environment, name);
  const read = oidcSchema.safeParse({
    providerArn: setting('providerArn'),
    tokenFile: setting('tokenFile'),
    roleArn: setting('roleArn'),
    sessionName: setting('sessionName') ?? 'waybill',
    durationSeconds: 3600,
    policy: null,
    stsEndpoint: null,
  });
  return read.data ?? null;
}

/** Whether the environment says that a token of OIDC is to be used. */
export function namesOidc(environment: Environment): boolean {
  return oidcVariable(environment, 'tokenFile') !== null && oidcVariable(environment, 'providerArn') !== null;
}

function oidcVariable(environment: Environment, name: keyof WrittenOidc): string | null {
  return firstValueOf(environment, oidcVariables[name]);
}

/**
 * The STS endpoint that the environment names, by https unless it is this computer; null if none. One that can't be valid stays
 * as it is, so that it is refused where it is used.
 * @see https://github.com/aliyun/credentials-nodejs/blob/master/src/providers/oidc_role_arn.ts ALIBABA_CLOUD_STS_REGION
 * @see https://github.com/aliyun/aliyun-cli/blob/master/config/profile.go ALIBABA_CLOUD_STS_ENDPOINT
 */
export function stsVariable(environment: Environment): string | null {
  const endpoint = valueOf(environment, 'ALIBABA_CLOUD_STS_ENDPOINT');
  if (endpoint !== null) return safeServer(endpoint) ?? endpoint;
  const region = valueOf(environment, 'ALIBABA_CLOUD_STS_REGION');
  return region === null ? null : regionalSts(region, isOn(environment, 'ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED'));
}

/** The STS endpoint of a region; null if the text is no region ID. */
export function regionalSts(region: string, inVpc: boolean): string | null {
  return /^[a-z0-9-]{1,64}$/.test(region) ? `https://${inVpc ? 'sts-vpc' : 'sts'}.${region}.aliyuncs.com` : null;
}

/** Whether the environment names a credentials URI. */
export function namesUri(environment: Environment): boolean {
  return valueOf(environment, CREDENTIALS_URI) !== null;
}

/**
 * The credentials URI that a profile or the environment names.
 * @throws WaybillError `credentials` source-missing; source-unusable if it isn't one, or is forbidden
 */
export function credentialsUri(written: string | null, environment: Environment): string {
  const origin = { kind: 'uri', name: '' } as const;
  const uri = written ?? valueOf(environment, CREDENTIALS_URI);
  if (uri === null) throw sourceError('source-missing', origin, CREDENTIALS_URI);
  if (isOn(environment, EXTERNAL_OFF)) throw sourceError('source-unusable', origin, EXTERNAL_OFF);
  if (!/^https?:\/\//i.test(uri) || !URL.canParse(uri)) throw sourceError('source-unusable', origin);
  return uri;
}

/** Refuses a program where the environment forbids them. @throws WaybillError `credentials` source-unusable */
export function checkProgramAllowed(environment: Environment): void {
  if (!isOn(environment, EXTERNAL_OFF)) return;
  throw sourceError('source-unusable', { kind: 'process', name: '' }, EXTERNAL_OFF);
}

/** Whether a variable that switches something says yes: `true`, or `1` as the aliyun CLI also has it. */
export function isOn(environment: Environment, name: string): boolean {
  return ['true', '1'].includes(valueOf(environment, name)?.toLowerCase() ?? '');
}
