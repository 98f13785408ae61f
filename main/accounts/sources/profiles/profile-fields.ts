import type { CredentialOrigin } from '../../../failure.ts';
import { normalizeName } from '../../pasting/paste-fields.ts';
import { safeServer } from '../../sts/sts-endpoint.ts';
import { MAX_SESSION_SECONDS, MIN_SESSION_SECONDS } from '../../sts/sts-limits.ts';
import { sourceError } from '../source-failure.ts';
import { regionalSts } from '../variables.ts';

/** Names that a setting has in the files, whatever stands between their words, in order of precedence. */
const names = {
  mode: ['mode', 'type'],
  accessKeyId: ['access_key_id'],
  accessKeySecret: ['access_key_secret'],
  securityToken: ['sts_token', 'security_token'],
  tokenExpiry: ['sts_expiration'],
  roleArn: ['ram_role_arn', 'role_arn'],
  sessionName: ['ram_session_name', 'role_session_name'],
  roleName: ['ram_role_name', 'role_name', 'ecs_role_name'],
  seconds: ['expired_seconds', 'duration_seconds', 'token_timeout'],
  externalId: ['external_id'],
  policy: ['policy'],
  sourceProfile: ['source_profile'],
  providerArn: ['oidc_provider_arn'],
  tokenFile: ['oidc_token_file', 'oidc_token_file_path'],
  command: ['process_command'],
  uri: ['credentials_uri'],
  stsEndpoint: ['sts_endpoint'],
  stsRegion: ['sts_region'],
  usesVpc: ['enable_vpc'],
  signInUrl: ['cloud_sso_sign_in_url'],
  cloudAccount: ['cloud_sso_account_id'],
  accessConfiguration: ['cloud_sso_access_config'],
  accessToken: ['access_token'],
  accessTokenExpiry: ['cloud_sso_access_token_expire'],
  region: ['region', 'region_id'],
  endpoint: ['endpoint'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** Most characters of a setting that are shown: an AccessKey ID or an endpoint is shorter. */
const MAX_SHOWN = 128;

/** A setting of a profile, whatever the file calls it. */
export type Setting = keyof typeof names;

/** The settings of one profile. */
export class ProfileFields {
  readonly origin: CredentialOrigin;
  readonly #values: ReadonlyMap<string, string>;

  /** `values` are by normalised name, see normalizeName(). */
  constructor(profile: string, values: ReadonlyMap<string, string>) {
    this.origin = { kind: 'profile', name: profile };
    this.#values = values;
  }

  /** Like get(), no longer than what a screen has room for. */
  shown(setting: Setting): string | null {
    return this.get(setting)?.slice(0, MAX_SHOWN) ?? null;
  }

  /** Null: not set, or empty. */
  get(setting: Setting): string | null {
    for (const name of names[setting]) {
      const value = this.#values.get(normalizeName(name))?.trim() ?? '';
      if (value !== '') return value;
    }
    return null;
  }

  /** @throws WaybillError `credentials` source-unusable, naming the setting */
  need(setting: Setting): string {
    const value = this.get(setting);
    if (value === null) throw this.unusable(names[setting][0]);
    return value;
  }

  /** Like need(), for a value of a certain form. */
  matching(setting: Setting, pattern: RegExp): string {
    const value = this.need(setting);
    if (!pattern.test(value)) throw this.unusable(names[setting][0]);
    return value;
  }

  /** Like matching(); null: not set, or empty. */
  optional(setting: Setting, pattern: RegExp): string | null {
    return this.get(setting) === null ? null : this.matching(setting, pattern);
  }

  /** How long sessions last, in seconds; the SDKs' default is an hour. */
  seconds(): number {
    const written = Number(this.get('seconds') ?? 3600);
    return Number.isInteger(written) && written > 0
      ? Math.min(Math.max(written, MIN_SESSION_SECONDS), MAX_SESSION_SECONDS)
      : 3600;
  }

  /** A moment, written in Unix seconds, in milliseconds; null if there is none. */
  moment(setting: Setting): number | null {
    const seconds = Number(this.get(setting) ?? 0);
    return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : null;
  }

  /**
   * The STS endpoint that the profile names. The CLI speaks https to it, whatever the scheme; plain HTTP stays within the
   * computer.
   * @see https://github.com/aliyun/aliyun-cli/blob/master/config/profile.go resolveSTSEndpoint
   */
  stsEndpoint(): string | null {
    const written = this.get('stsEndpoint');
    if (written !== null) return safeServer(written) ?? this.#throw('stsEndpoint');
    const region = this.get('stsRegion');
    if (region === null) return null;
    return regionalSts(region, this.get('usesVpc') === 'true') ?? this.#throw('stsRegion');
  }

  /** `detail`: the setting or the mode at fault. */
  unusable(detail: string): Error {
    return sourceError('source-unusable', this.origin, detail);
  }

  #throw(setting: Setting): never {
    throw this.unusable(names[setting][0]);
  }
}
