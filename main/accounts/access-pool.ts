import type { Dispatcher } from 'undici';
import { WaybillError } from '../failure.ts';
import { ServerClock } from '../oss/connection.ts';
import { Access, type Identity, stsEndpointOf } from './access.ts';
import type { Account } from './account.ts';
import { baseCredentials, type SignerFields } from './base-credentials.ts';
import type { DomainFinding } from './bucket-ways.ts';
import { probe, type Probe } from './check-access.ts';
import type { AccountSecret } from './keychain.ts';
import type { SourceContext } from './sources/source.ts';

/** Dependencies of AccessPool. `localNow` is the local clock, in Unix milliseconds. */
interface PoolParts {
  readonly dispatcher: Dispatcher;
  readonly localNow: () => number;
  /** Where sources of credentials are looked up. */
  readonly place: Pick<SourceContext, 'environment' | 'home' | 'areSourcesOff'>;
  readonly signal: AbortSignal | undefined;
  readonly load: (account: Account) => Promise<AccountSecret>;
  readonly onFound: (accountId: string, finding: DomainFinding) => void;
}

/** How each account reaches OSS: one Access an account, and one clock a server. */
export class AccessPool {
  readonly #parts: PoolParts;
  readonly #access = new Map<string, Access>();
  readonly #clocks = new Map<string, ServerClock>();

  constructor(parts: PoolParts) {
    this.#parts = parts;
  }

  /** The account's access, created on first use. */
  of(account: Account): Access {
    const { id } = account;
    const { load, onFound } = this.#parts;
    const access =
      this.#access.get(id) ??
      this.#make(
        account,
        () => load(account),
        (finding) => onFound(id, finding),
      );
    this.#access.set(id, access);
    return access;
  }

  /** The account's access, if it was used since the last drop(). */
  known(id: string): Access | undefined {
    return this.#access.get(id);
  }

  /** Forgets an account's sessions, and what it is like. */
  drop(id: string): void {
    this.#access.delete(id);
  }

  /** Forgets the sessions of all accounts. Running work is unaffected. */
  clear(): void {
    this.#access.clear();
  }

  /** Tests an account that isn't kept yet. @throws WaybillError as probe() */
  probe(identity: Identity & SignerFields, secret: AccountSecret | null): Promise<Probe> {
    return probe((onFound) => this.#make(identity, () => loaded(secret), onFound), identity);
  }

  /** The clock of the server at this endpoint. */
  clockOf(endpoint: string): ServerClock {
    const clock = this.#clocks.get(endpoint) ?? new ServerClock(this.#parts.localNow);
    this.#clocks.set(endpoint, clock);
    return clock;
  }

  #make(
    identity: Identity & SignerFields,
    loadSecret: () => Promise<AccountSecret>,
    onFound: (finding: DomainFinding) => void,
  ): Access {
    const { dispatcher, place, signal } = this.#parts;
    const clock = this.clockOf(identity.endpoint);
    const stsEndpoint = stsEndpointOf(identity);
    const context = { ...place, dispatcher, clock, stsEndpoint, signal };
    const base = baseCredentials(identity, { loadSecret, context });
    return new Access({ identity, base, dispatcher, clock, signal, onFound });
  }
}

function loaded(secret: AccountSecret | null): Promise<AccountSecret> {
  if (secret !== null) return Promise.resolve(secret);
  return Promise.reject(new WaybillError({ kind: 'credentials', cause: 'missing' }));
}
