import { type Failure, WaybillError } from '../../failure.ts';
import type { Account } from '../account.ts';
import type { AccessKey } from '../../oss/connection.ts';
import { type AssumedSession, type Credentials, renewingCredentials } from './credentials.ts';
import { assumeRole, type AssumeRoleRequest, type CallerIdentity, callerIdentity } from './sts.ts';
import { MAX_CHAINED_SECONDS, MAX_SESSION_SECONDS } from './sts-limits.ts';

type Server = Pick<AssumeRoleRequest, 'stsEndpoint' | 'clock' | 'dispatcher' | 'signal'>;
type Wanted = Omit<AssumeRoleRequest, keyof Server | 'accessKey'>;

/** What OSS and STS answer when the session of temporary credentials is over. */
const OVER: ReadonlySet<Extract<Failure, { kind: 'credentials' }>['cause']> = new Set([
  'token-expired',
  'token-mismatch',
]);

/** Whether the session of temporary credentials is over. */
export function isSessionOver(error: unknown): boolean {
  return error instanceof WaybillError && error.failure.kind === 'credentials' && OVER.has(error.failure.cause);
}

/** What one account asks of STS, with its own credentials. */
export class RoleAssumer {
  readonly #base: Credentials;
  readonly #server: Server;
  /** Of the credentials that assumed a role last. */
  #longestSeconds = MAX_SESSION_SECONDS;

  constructor(base: Credentials, server: Server) {
    this.#base = base;
    this.#server = server;
  }

  /** A session of a role, no longer than the account's own credentials allow. @throws WaybillError as assumeRole() */
  async assume(wanted: Wanted): Promise<AssumedSession> {
    const session = async (): Promise<AssumedSession> => {
      const { accessKey } = await this.#base.session();
      this.#longestSeconds = longestSeconds(accessKey);
      const durationSeconds = Math.min(wanted.durationSeconds, this.#longestSeconds);
      return assumeRole({ ...wanted, ...this.#server, durationSeconds, accessKey });
    };
    try {
      return await session();
    } catch (error) {
      if (!isSessionOver(error) || !this.#base.renew()) throw error;
      return session();
    }
  }

  /** The sessions of a role, one after the other. */
  credentials(wanted: Wanted): Credentials {
    const { clock } = this.#server;
    return renewingCredentials({
      obtain: () => this.assume(wanted),
      durationMs: () => Math.min(wanted.durationSeconds, this.#longestSeconds) * 1000,
      clock,
    });
  }

  /** The longest session that these credentials can assume of any role, in seconds. @throws WaybillError as session() */
  async longestSeconds(): Promise<number> {
    return longestSeconds((await this.#base.session()).accessKey);
  }

  /** Who these credentials sign as. @throws WaybillError as callerIdentity() */
  async identityOf(credentials: Credentials): Promise<CallerIdentity> {
    return callerIdentity({ ...this.#server, accessKey: (await credentials.session()).accessKey });
  }
}

/** The longest session that an AccessKey can assume of any role, in seconds. One of a session gets MAX_CHAINED_SECONDS. */
export function longestSeconds({ securityToken }: AccessKey): number {
  return securityToken === null ? MAX_SESSION_SECONDS : MAX_CHAINED_SECONDS;
}

/**
 * What a session of any role is assumed with for an account whose role is `own`. External ID and source identity belong to that
 * role only.
 */
export function sessionNamesFor(
  own: Account['role'],
  { roleArn, sessionName }: Pick<Wanted, 'roleArn' | 'sessionName'>,
): Pick<Wanted, 'roleArn' | 'sessionName' | 'externalId' | 'sourceIdentity'> {
  return { ...(own?.roleArn === roleArn ? sessionNames(own) : {}), roleArn, sessionName };
}

/** What every session of a role is assumed with. */
export function sessionNames({
  roleArn,
  sessionName,
  externalId,
  sourceIdentity,
}: Pick<NonNullable<Account['role']>, 'roleArn' | 'sessionName' | 'externalId' | 'sourceIdentity'>) {
  return {
    roleArn,
    sessionName,
    externalId: externalId ?? undefined,
    sourceIdentity: sourceIdentity ?? undefined,
  };
}
