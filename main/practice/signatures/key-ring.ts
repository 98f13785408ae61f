import { createHash, createHmac, randomBytes } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { ACCOUNT_ID, type Identity, type Key, type KeySource } from './identity.ts';
import { type PolicyDocument, parsePolicy } from './policy.ts';
import { Refusal } from '../protocol/refusal.ts';
import { isSame } from './signed-request.ts';

/** A RAM user of the practice account. */
export interface PracticeUser {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly name: string;
  /** Names the user in bucket policies; the name by default. */
  readonly uid?: string;
  /** Permissions of the user; everything by default. */
  readonly policy?: PolicyDocument;
}

/** A RAM role of the practice account. */
export interface PracticeRole {
  /** `acs:ram::<account>:role/<name>` */
  readonly arn: string;
  /** The role's name where ARN and name differ in letter case; STS and bucket policies then use the name. */
  readonly name?: string;
  /** Longest session in seconds, 3,600 to 43,200. */
  readonly maxSessionSeconds: number;
  /** Upper limit of a session's permissions; everything by default. */
  readonly policy?: PolicyDocument;
  /** External ID that the trust policy requires in AssumeRole. */
  readonly externalId?: string;
  /** Identity provider whose tokens the trust policy takes in AssumeRoleWithOIDC. */
  readonly provider?: {
    /** `acs:ram::<account>:oidc-provider/<name>` */
    readonly arn: string;
    /** What a token's `aud` must be. */
    readonly audience: string;
  };
}

/** The credentials that AssumeRole returns. */
export interface SessionCredentials {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly securityToken: string;
  /** Unix milliseconds. */
  readonly expiresAt: number;
}

interface SessionClaims {
  readonly id: string;
  readonly expiresAt: number;
  readonly roleArn: string;
  readonly sessionName: string;
  readonly policy: string | null;
}

const TOKEN_PREFIX = 'CAIS';

/** Characters of a token's seal: 30 bytes, so that no padding stands inside the token, as in those of STS. */
const MAC_LENGTH = 40;

/**
 * The AccessKeys of the practice server. Sessions aren't stored: a security token carries its own claims, signed
 * with the account's secret, so it survives a restart like a real one.
 */
export class KeyRing implements KeySource {
  readonly roles: readonly PracticeRole[];
  readonly #users: ReadonlyMap<string, Key>;
  readonly #seal: Buffer;
  readonly #now: () => number;

  constructor(options: {
    readonly account: { readonly accessKeyId: string; readonly accessKeySecret: string };
    readonly users: readonly PracticeUser[];
    readonly roles: readonly PracticeRole[];
    readonly now: () => number;
  }) {
    const { account } = options;
    this.roles = options.roles;
    this.#now = options.now;
    this.#seal = createHash('sha256').update(`sessions:${account.accessKeySecret}`).digest();
    const owner: Identity = {
      type: 'account',
      accessKeyId: account.accessKeyId,
      name: 'owner',
      principal: ACCOUNT_ID,
      policy: null,
      sessionPolicy: null,
    };
    const users = options.users.map((user): [string, Key] => [
      user.accessKeyId,
      {
        accessKeySecret: user.accessKeySecret,
        identity: {
          type: 'user',
          accessKeyId: user.accessKeyId,
          name: user.name,
          principal: user.uid ?? user.name,
          policy: user.policy ?? null,
          sessionPolicy: null,
        },
      },
    ]);
    this.#users = new Map([
      [account.accessKeyId, { accessKeySecret: account.accessKeySecret, identity: owner }],
      ...users,
    ]);
  }

  find(accessKeyId: string, securityToken: string | null): Key {
    if (securityToken !== null) return this.#findSession(accessKeyId, securityToken);
    const key = this.#users.get(accessKeyId);
    if (key) return key;
    throw invalidAccessKeyId(accessKeyId, '0002-00000902');
  }

  /** Creates a session of a role. `policy` is the JSON text of the session policy. */
  issue(
    role: PracticeRole,
    options: { sessionName: string; validForMs: number; policy: string | null },
  ): SessionCredentials {
    const claims: SessionClaims = {
      id: `STS.${randomBytes(18).toString('base64url').replace(/[-_]/g, 'x')}`,
      expiresAt: Math.floor((this.#now() + options.validForMs) / 1000) * 1000,
      roleArn: role.arn,
      sessionName: options.sessionName,
      policy: options.policy,
    };
    const body = deflateRawSync(JSON.stringify(claims)).toString('base64');
    return {
      accessKeyId: claims.id,
      accessKeySecret: this.#secretOf(claims.id),
      securityToken: `${TOKEN_PREFIX}${this.#macOf(body)}${body}`,
      expiresAt: claims.expiresAt,
    };
  }

  #findSession(accessKeyId: string, token: string): Key {
    if (!accessKeyId.startsWith('STS.')) throw invalidAccessKeyId(accessKeyId, '0002-00000002');
    const claims = this.#open(token);
    if (claims === null) {
      throw forbidden('InvalidSecurityToken', 'The security token you provided is invalid.', '0002-00000008');
    }
    if (claims.id !== accessKeyId) {
      throw forbidden(
        'AccessKeyIdAndSecurityTokenNotMatch',
        'The OSS access key id and security token you provided does not match.',
      );
    }
    if (claims.expiresAt <= this.#now()) throw securityTokenExpired();
    const role = this.roles.find(({ arn }) => arn === claims.roleArn);
    const name = `${role?.name ?? claims.roleArn.split('/').at(-1) ?? ''}/${claims.sessionName}`;
    return {
      accessKeySecret: this.#secretOf(claims.id),
      identity: {
        type: 'assumed-role',
        accessKeyId,
        name,
        principal: `arn:sts::${ACCOUNT_ID}:assumed-role/${name}`,
        policy: role?.policy ?? null,
        sessionPolicy: claims.policy === null ? null : parsePolicy(claims.policy),
      },
    };
  }

  #open(token: string): SessionClaims | null {
    const mac = token.slice(TOKEN_PREFIX.length, TOKEN_PREFIX.length + MAC_LENGTH);
    const body = token.slice(TOKEN_PREFIX.length + MAC_LENGTH);
    if (!token.startsWith(TOKEN_PREFIX) || !isSame(mac, this.#macOf(body))) return null;
    return JSON.parse(inflateRawSync(Buffer.from(body, 'base64')).toString('utf8')) as SessionClaims;
  }

  #macOf(body: string): string {
    return createHmac('sha256', this.#seal).update(body).digest('base64').slice(0, MAC_LENGTH);
  }

  #secretOf(id: string): string {
    return createHmac('sha256', this.#seal).update(`secret:${id}`).digest('base64url').slice(0, 44);
  }
}

/** 403 `SecurityTokenExpired`. */
export function securityTokenExpired(): Refusal {
  return forbidden('SecurityTokenExpired', 'The security token you provided has expired.');
}

function invalidAccessKeyId(accessKeyId: string, ec: string): Refusal {
  return new Refusal(403, {
    code: 'InvalidAccessKeyId',
    message: 'The OSS Access Key Id you provided does not exist in our records.',
    ec,
    extra: { OSSAccessKeyId: accessKeyId },
  });
}

function forbidden(code: string, message: string, ec?: string): Refusal {
  return new Refusal(403, { code, message, ...(ec === undefined ? {} : { ec }) });
}
