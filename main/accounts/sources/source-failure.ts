import { type CredentialOrigin, WaybillError } from '../../failure.ts';
import type { SignerCause } from '../../causes.ts';

/** What can be wrong with a source of credentials. */
export type SourceCause = Extract<SignerCause, `source-${string}`>;

/**
 * The error of a source. `detail` is shown as a code, so it names a setting, a status or a file, and never holds what the
 * source answered.
 */
export function sourceError(cause: SourceCause, source: CredentialOrigin, detail?: string): WaybillError {
  return new WaybillError({
    kind: 'credentials',
    cause,
    source,
    ...(detail === undefined ? {} : { code: detail }),
  });
}
