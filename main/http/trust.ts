import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls';
import * as tls from 'node:tls';

/** Newer Nodes' call: 22.15 reads the system's store. */
interface Stores {
  getCACertificates?(type: 'default' | 'system'): string[];
}

/** A certificate authority that the user added. */
export interface Authority {
  /** The common name, or the whole subject if there is none. */
  readonly name: string;
  /** SHA-256, `AB:CD:…`. */
  readonly fingerprint: string;
  /** Unix milliseconds. */
  readonly validUntil: number;
}

let context: SecureContext | undefined;
let certificates: readonly string[] | null = null;

/**
 * The certificate authorities (PEM) to trust: Node's own with NODE_EXTRA_CA_CERTS, the system's store where Node can
 * read it, and `added`. Null where that is no more than Node trusts by itself. Nothing is ever taken away.
 */
export function authorities(added: readonly string[], stores: Stores = tls as Stores): readonly string[] | null {
  const system = stores.getCACertificates?.('system') ?? [];
  if (system.length === 0 && added.length === 0) return null;
  return [...new Set([...(stores.getCACertificates?.('default') ?? rootCertificates), ...system, ...added])];
}

/** Makes this thread's new connections trust these authorities (PEM); null: Node's own. Verification stays on. */
export function trust(given: readonly string[] | null): void {
  certificates = given;
  // Made once: reading 150 certificates for each connection would take longer than the handshake.
  context = given === null ? undefined : createSecureContext({ ca: [...given] });
}

/** What trust() was given last: each thread has to be told by itself. */
export function trustedAuthorities(): readonly string[] | null {
  return certificates;
}

/** The option of a TLS connection that makes it trust what this thread trusts. */
export function trustOption(): { readonly secureContext?: SecureContext } {
  return context === undefined ? {} : { secureContext: context };
}
