import { policyCharacters } from '../../accounts/sts/policy.ts';
import { policyFault } from '../../accounts/sts/session-policy.ts';
import type { Core } from '../core.ts';
import type { Handlers } from '../ipc.ts';
import { copySecret } from '../security/secret-clipboard.ts';

type GrantCalls = Extract<keyof Handlers, `grants.${string}`>;

/** Answers the calls about temporary credentials, both issued and received. */
export function grantHandlers({
  grants,
  receivedGrants,
}: Pick<Core, 'grants' | 'receivedGrants'>): Pick<Handlers, GrantCalls> {
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
    'grants.open': ({ text, passphrase }) => receivedGrants.open(text, passphrase),
    'grants.accept': ({ pasteId, ...how }) => receivedGrants.accept(pasteId, how),
  };
}
