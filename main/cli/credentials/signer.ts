import { homedir } from 'node:os';
import type { AssumedRole } from '../../accounts/access.ts';
import type { Account, BucketWay } from '../../accounts/account.ts';
import type { Accounts } from '../../accounts/accounts.ts';
import { draftOf } from '../../accounts/draft.ts';
import { environmentKey, environmentPlace, type Environment } from '../../accounts/environment.ts';
import { registerSecrets } from '../../accounts/live-secrets.ts';
import { listProfiles } from '../../accounts/sources/profiles/profiles.ts';
import type { NamedSource } from '../../accounts/sources/default-chain.ts';
import type { SourceContext } from '../../accounts/sources/source.ts';
import { stsVariable } from '../../accounts/sources/variables.ts';
import { sourceCredentials } from '../../accounts/sources/source-credentials.ts';
import { type AssumedSession, type Credentials, fixedCredentials } from '../../accounts/sts/credentials.ts';
import type { WrittenPlace } from '../../accounts/written-place.ts';
import type { SignVersion } from '../../oss/connection.ts';
import type { CommandContext } from '../arguments/command.ts';
import { type CredentialValues, readCredentialChoice } from '../arguments/credential-options.ts';
import { chooseSource } from './choose-source.ts';
import { openAccount } from './window-accounts.ts';

/** How OSS is reached where options say nothing. */
export interface Home {
  readonly place: WrittenPlace;
  readonly signVersion: SignVersion;
  /** Null: by the region. */
  readonly stsEndpoint: string | null;
  /** How the objects of buckets are reached, by the bucket's name. */
  readonly ways: Readonly<Record<string, BucketWay>>;
}

/** What sources are resolved with, but for the command's own context. */
type SignerContext = Pick<SourceContext, 'clock' | 'stsEndpoint'>;

/** Whose credentials sign a command. */
export interface Signer {
  readonly home: Home;
  /** Its session() throws WaybillError `credentials`, `keychain`, `network` or `input`. */
  readonly credentials: (context: SignerContext) => Credentials;
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
  const choice = readCredentialChoice(values);
  if (choice.kind === 'account') {
    const { accounts, account } = await openAccount({ ...values, account: choice.account }, context);
    return accountSigner(accounts, account);
  }
  return sourceSigner(await chooseSource(choice, placeOf(context)), context);
}

/** Where sources look for what they need. */
function placeOf({ env }: CommandContext): { readonly environment: Environment; readonly home: string } {
  return { environment: env, home: homedir() };
}

async function sourceSigner(source: NamedSource, context: CommandContext): Promise<Signer> {
  const { env, dispatcher, signal } = context;
  const key = source.kind === 'env' ? environmentKey(env) : null;
  // Variables don't change while a command runs: an expired token of theirs is not to be asked for again.
  const fixed = key === null ? null : fixedCredentials(() => Promise.resolve(registerSecrets(key)), null);
  const credentials = (given: SignerContext) =>
    fixed ?? sourceCredentials(source, { ...given, ...placeOf(context), dispatcher, signal });
  return { home: await sourceHome(source, context), credentials, assume: null };
}

/** The server is that of the environment, and then that of the profile. */
async function sourceHome(source: NamedSource, context: CommandContext): Promise<Home> {
  const set = environmentPlace(context.env);
  const rest = { signVersion: 'v4', stsEndpoint: stsVariable(context.env), ways: {} } as const;
  if (source.kind !== 'profile') return { place: set, ...rest };
  const { file, name } = source.profile;
  const { profiles } = await listProfiles(placeOf(context));
  const found = profiles.find(({ profile }) => profile.file === file && profile.name === name);
  const endpoint = set.endpoint ?? (set.region === null ? (found?.endpoint ?? null) : null);
  return { place: { ...set, endpoint, fallback: found?.region ?? set.fallback ?? null }, ...rest };
}

/** An account of the window, which knows where its server is, whatever the environment says. */
function accountSigner(accounts: Accounts, account: Account): Signer {
  const { endpoint, region, cname, signVersion, stsEndpoint } = draftOf(account);
  const access = accounts.access(account.id);
  const place = { endpoint, region: region === '' ? null : region, cname, signsRegion: signVersion === 'v4' };
  return {
    home: { place, signVersion, stsEndpoint, ways: account.ways ?? {} },
    credentials: () => access,
    assume: (wanted) => access.assume(wanted),
  };
}
