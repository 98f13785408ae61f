import type { NamedSource } from '../../accounts/sources/default-chain.ts';
import { choiceError, UsageError } from './command.ts';
import { text as sentence } from '../terminal/sentences.ts';
import type { OptionTable } from '../usage/usage.ts';

/** A value of --credentials. */
type CredentialKind = Exclude<NamedSource['kind'], 'role'> | 'chain';

const kinds: readonly CredentialKind[] = ['env', 'oidc', 'profile', 'ecs', 'uri', 'process', 'cloudsso', 'chain'];

/** Options that choose whose credentials sign. */
export const credentialOptions = {
  credentials: {
    ...{ type: 'string', argument: 'FROM', value: kinds },
    meaning: `where credentials come from: ${kinds.join(', ')}. Default is chain: the first of env, oidc, profile, ecs and uri that is set up. env stands for OSS_ACCESS_KEY_ID, OSS_ACCESS_KEY_SECRET, and OSS_SESSION_TOKEN if they are temporary. process runs the program in WAYBILL_CREDENTIALS_COMMAND. docs/credentials.md names the variables of the others, and "waybill accounts" lists what there is`,
  },
  profile: {
    ...{ type: 'string', argument: 'NAME', value: 'profile' },
    meaning: 'sign as this profile of the aliyun CLI, the SDKs or ossutil',
  },
  account: {
    ...{ type: 'string', argument: 'NAME', value: 'account' },
    meaning: "sign as this account of Waybill's window, with its secret from the keychain",
  },
  'user-data-dir': {
    ...{ type: 'string', argument: 'DIR', value: 'folder' },
    meaning: "with --account: the folder of the window's state, if the window is started with this option",
  },
} as const satisfies OptionTable;

/** Values of credentialOptions. */
export interface CredentialValues {
  readonly account?: string | undefined;
  readonly profile?: string | undefined;
  readonly credentials?: string | undefined;
  readonly 'user-data-dir'?: string | undefined;
}

/** Whose credentials sign: an account's, a profile's, or those of a kind of source. */
export type CredentialChoice =
  | { readonly kind: 'account'; readonly account: string }
  | { readonly kind: 'named-profile'; readonly name: string }
  | { readonly kind: CredentialKind };

/** Reads credentialOptions, of which one chooses. @throws UsageError */
export function readCredentialChoice(values: CredentialValues): CredentialChoice {
  const { account, profile, credentials } = values;
  const [first, second] = (['account', 'profile', 'credentials'] as const).filter((name) => values[name] !== undefined);
  if (first !== undefined && second !== undefined) {
    throw new UsageError(sentence('cli.exclusive', { first: `--${first}`, second: `--${second}` }));
  }
  if (account === undefined && values['user-data-dir'] !== undefined) {
    throw new UsageError(sentence('cli.requires', { option: '--user-data-dir', other: '--account' }));
  }
  if (account !== undefined) return { kind: 'account', account };
  if (profile !== undefined) return { kind: 'named-profile', name: profile };
  const kind = kinds.find((one) => one === (credentials ?? 'chain'));
  if (kind === undefined) throw choiceError('--credentials', kinds);
  return { kind };
}
