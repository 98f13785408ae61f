import type { AccessKey } from '../oss/connection.ts';
import type { KeyAccount } from './account.ts';
import type { AccountSecret } from './keychain.ts';
import { registerSecrets } from './live-secrets.ts';
import type { SourceContext, StoredSource } from './sources/source.ts';
import { sourceCredentials } from './sources/source-credentials.ts';
import { type Credentials, fixedCredentials } from './sts/credentials.ts';

/** The fields of an account that say where its own credentials are. */
export type SignerFields =
  | Pick<KeyAccount, 'kind' | 'accessKeyId' | 'tokenValidUntil'>
  | { readonly kind: 'sourced'; readonly source: StoredSource };

/** Dependencies of baseCredentials(). `loadSecret` is asked for an AccessKey only. */
interface BaseParts {
  readonly loadSecret: () => Promise<AccountSecret>;
  /** What sources are resolved with. */
  readonly context: SourceContext;
}

/** An account's own credentials, with which requests are signed or a role is assumed: its AccessKey, or what a source gives. */
export function baseCredentials(signer: SignerFields, { loadSecret, context }: BaseParts): Credentials {
  if (signer.kind === 'sourced') return sourceCredentials(signer.source, context);
  const { accessKeyId, tokenValidUntil } = signer;
  return fixedCredentials(async () => accessKeyOf(accessKeyId, await loadSecret()), tokenValidUntil);
}

function accessKeyOf(accessKeyId: string, { accessKeySecret, securityToken }: AccountSecret): AccessKey {
  return registerSecrets({ accessKeyId, accessKeySecret, securityToken });
}
