import { policyCharacters } from '../../accounts/sts/policy.ts';
import { policyFault } from '../../accounts/sts/session-policy.ts';
import type { Grants } from '../../links/grants/grants.ts';
import type { Handlers } from '../ipc.ts';
import { copySecret } from '../security/secret-clipboard.ts';

type GrantCalls = Extract<keyof Handlers, `grants.${string}`>;

/** Temporary credentials that are handed out, and those that were received. */
export function grantHandlers(grants: Grants): Pick<Handlers, GrantCalls> {
  return {
    'grants.preview': ({ accountId, scope }) => grants.preview(accountId, scope),
    'grants.checkPolicy': ({ text }) => {
      const fault = policyFault(text);
      return { fault, characters: fault === null ? policyCharacters(text) : text.length };
    },
    'grants.make': (request) => grants.make(request),
    'grants.copy': async ({ grantId, format, passphrase }) => {
      const { text, shown } = await grants.output(grantId, format, passphrase);
      await copySecret(text);
      return { shown };
    },
    'grants.open': ({ text, passphrase }) => grants.open(text, passphrase),
    'grants.accept': ({ pasteId, ...how }) => grants.accept(pasteId, how),
  };
}
