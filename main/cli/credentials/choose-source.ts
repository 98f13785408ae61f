import { defaultChain, type NamedSource } from '../../accounts/sources/default-chain.ts';
import { currentProfile, findProfile } from '../../accounts/sources/profiles/profiles.ts';
import { sourceError } from '../../accounts/sources/source-failure.ts';
import type { SourceContext } from '../../accounts/sources/source.ts';
import { splitCommand } from '../../accounts/sources/split-command.ts';
import { valueOf } from '../../accounts/environment.ts';
import { UsageError } from '../arguments/command.ts';
import type { CredentialChoice } from '../arguments/credential-options.ts';
import { text } from '../terminal/sentences.ts';

/** Names the program of `--credentials process`: other users see arguments, and a program may be given a secret. */
const COMMAND = 'WAYBILL_CREDENTIALS_COMMAND';

type Place = Pick<SourceContext, 'environment' | 'home'>;
type SourceChoice = Exclude<CredentialChoice, { readonly kind: 'account' }>;
type Find<K> = (
  choice: Extract<SourceChoice, { readonly kind: K }>,
  place: Place,
) => Promise<NamedSource> | NamedSource;

/**
 * The source of a choice. A chain is followed once: who signs doesn't change while a command runs.
 * @throws UsageError; WaybillError `credentials` source-missing and others of files of profiles
 */
export async function chooseSource(choice: SourceChoice, place: Place): Promise<NamedSource> {
  // TypeScript can't correlate the entry looked up by `kind` with the type of this choice.
  return (sources[choice.kind] as (choice: SourceChoice, place: Place) => Promise<NamedSource> | NamedSource)(
    choice,
    place,
  );
}

const sources: { readonly [K in SourceChoice['kind']]: Find<K> } = {
  env: () => ({ kind: 'env' }),
  ecs: () => ({ kind: 'ecs', roleName: null }),
  oidc: () => ({ kind: 'oidc', role: null }),
  uri: () => ({ kind: 'uri', uri: null }),
  cloudsso: () => ({ kind: 'cloudsso', profile: null }),
  process: (_, { environment }) => programOf(environment),
  'named-profile': async ({ name }, place) => ({ kind: 'profile', profile: (await findProfile(name, place)).profile }),
  profile: async (_, place) => {
    const profile = await currentProfile(place);
    if (profile === null) throw sourceError('source-missing', { kind: 'profile', name: 'default' });
    return { kind: 'profile', profile };
  },
  chain: async (_, place) => {
    const found = await defaultChain(place);
    if (found === null) throw sourceError('source-missing', { kind: 'chain', name: '' });
    return found;
  },
};

function programOf(environment: Place['environment']): NamedSource {
  const written = valueOf(environment, COMMAND);
  const command = written === null ? null : splitCommand(written, process.platform === 'win32');
  if (command === null) throw new UsageError(text('cli.credentials.command', { variable: COMMAND }));
  return { kind: 'process', command: [...command] };
}
