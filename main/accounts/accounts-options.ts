import type { Dispatcher } from 'undici';
import type { Connection } from '../oss/connection.ts';
import type { AccountStore } from './account-store.ts';
import type { DomainFinding } from './bucket-ways.ts';
import type { Environment } from './environment.ts';
import type { Keychain } from './keychain.ts';

/** Options of Accounts. */
export interface AccountsOptions {
  readonly store: AccountStore;
  readonly keychain: Keychain;
  readonly dispatcher: Dispatcher;
  /** Default: that of the process. */
  readonly environment?: Environment;
  /** The folder that `~` stands for. Default: that of the user. */
  readonly home?: string;
  /** Whether no source of credentials may be used. Default: never. */
  readonly areSourcesOff?: () => boolean;
  /** The local clock, in Unix milliseconds. */
  readonly localNow?: () => number;
  /** Ends what sources and STS are asked, at the end of a program. */
  readonly signal?: AbortSignal | undefined;
  /** Receives what a person should know about how the objects of a bucket are reached from now on. */
  readonly onFound?: (accountId: string, finding: DomainFinding) => void;
}

/** Runs an operation on a bucket as one account: Accounts.run(). */
export type RunAs = <T>(
  accountId: string,
  bucket: string,
  operation: (connection: Connection) => Promise<T>,
) => Promise<T>;
