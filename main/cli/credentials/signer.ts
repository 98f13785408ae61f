import type { AssumedRole } from '../../accounts/access.ts';
import type { Account, BucketWay } from '../../accounts/account.ts';
import type { Accounts } from '../../accounts/accounts.ts';
import { draftOf } from '../../accounts/draft.ts';
import { environmentKey } from '../../accounts/environment.ts';
import { registerSecrets } from '../../accounts/live-secrets.ts';
import { type Credentials, fixedCredentials, type AssumedSession } from '../../accounts/sts/credentials.ts';
import type { WrittenPlace } from '../../accounts/written-place.ts';
import { WaybillError } from '../../failure.ts';
import type { Connection, SignVersion } from '../../oss/connection.ts';
import type { CommandContext } from '../arguments/command.ts';
import { openAccount } from './window-accounts.ts';

/** Values of credentialOptions. */
export interface CredentialValues {
  readonly account?: string | undefined;
  readonly 'user-data-dir'?: string | undefined;
}

/** How OSS is reached where options say nothing. */
export interface Home {
  readonly place: WrittenPlace;
  readonly signVersion: SignVersion;
  /** How the objects of buckets are reached, by the bucket's name. */
  readonly ways: Readonly<Record<string, BucketWay>>;
}

/** Whose credentials sign a command. */
export interface Signer {
  /** Theirs alone; null: that of the environment. */
  readonly home: Home | null;
  /** Its session() throws WaybillError `credentials`, `keychain` or `input`. */
  readonly credentials: (server: Pick<Connection, 'clock' | 'endpoint' | 'region'>) => Credentials;
  /** A session of a role; null: by AssumeRole with the credentials. */
  readonly assume: ((wanted: AssumedRole) => Promise<AssumedSession>) | null;
}

/** A command may use two buckets: what had to be typed for one counts for the other. */
const opened = new WeakMap<CommandContext, Promise<Signer>>();

/** Whose credentials sign, as options and environment say. @throws UsageError; WaybillError `keychain`, `file`, `input` */
export function openSigner(values: CredentialValues, context: CommandContext): Promise<Signer> {
  const signer = opened.get(context) ?? chooseSigner(values, context);
  opened.set(context, signer);
  return signer;
}

async function chooseSigner(values: CredentialValues, context: CommandContext): Promise<Signer> {
  const { account } = values;
  if (account === undefined) return environmentSigner(context);
  const found = await openAccount({ ...values, account }, context);
  return accountSigner(found.accounts, found.account);
}

/** The variables of the process. When a token of theirs expires isn't known. */
function environmentSigner({ env }: CommandContext): Signer {
  const key = environmentKey(env);
  if (key === null) throw new WaybillError({ kind: 'credentials', cause: 'missing' });
  const credentials = fixedCredentials(() => Promise.resolve(registerSecrets(key)), null);
  return { home: null, credentials: () => credentials, assume: null };
}

/** An account of the window, which knows where its server is, whatever the environment says. */
function accountSigner(accounts: Accounts, account: Account): Signer {
  const { endpoint, region, cname, signVersion } = draftOf(account);
  const access = accounts.access(account.id);
  const place = { endpoint, region: region === '' ? null : region, cname, signsRegion: signVersion === 'v4' };
  return {
    home: { place, signVersion, ways: account.ways ?? {} },
    credentials: () => access,
    assume: (wanted) => access.assume(wanted),
  };
}
