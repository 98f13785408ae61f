import { strengthOf } from '../../accounts/passphrases/strength.ts';
import { suggestPassphrase } from '../../accounts/passphrases/suggestion.ts';
import { policyCharacters } from '../../accounts/sts/policy.ts';
import { policyFault } from '../../accounts/sts/session-policy.ts';
import type { Core } from '../core.ts';
import type { Handlers } from '../ipc.ts';
import type { GrantedPaths } from '../security/granted-paths.ts';
import { copySecret } from '../security/secret-clipboard.ts';
import { readSent } from '../security/read-sent.ts';

type GrantCalls = Extract<keyof Handlers, `grants.${string}` | `passphrases.${string}`>;

/** Answers the calls about temporary credentials, both issued and received, and about passphrases. */
export function grantHandlers(
  { grants, receivedGrants }: Pick<Core, 'grants' | 'receivedGrants'>,
  paths: GrantedPaths,
): Pick<Handlers, GrantCalls> {
  return {
    'grants.preview': ({ accountId, scope }) => grants.preview(accountId, scope),
    'grants.checkPolicy': ({ text }) => {
      const fault = policyFault(text);
      return { fault, characters: fault === null ? policyCharacters(text) : text.length };
    },
    'grants.make': (request) => grants.issue(request),
    'grants.copy': async ({ grantId, format, passphrase }) => {
      const { text, shown } = await grants.output(grantId, format, passphrase);
      await copySecret(text);
      return { shown };
    },
    'grants.open': async ({ passphrase, ...sent }) => receivedGrants.open(await readSent(sent, paths), passphrase),
    'passphrases.judge': ({ passphrase, use }) => strengthOf(passphrase, use),
    'passphrases.suggest': ({ use }) => suggestPassphrase(use),
    'grants.accept': ({ pasteId, ...how }) => receivedGrants.accept(pasteId, how),
  };
}
