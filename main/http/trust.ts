import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls';
import * as tls from 'node:tls';

/** The part of node:tls that reads certificate stores; Node has it since 22.15. */
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
 * The certificate authorities (PEM) to trust: Node's defaults with NODE_EXTRA_CA_CERTS, the system's store if Node can
 * read it, and `added`. Null if that is only what Node trusts anyway. No authority is ever removed.
 */
export function authorities(added: readonly string[], stores: Stores = tls as Stores): readonly string[] | null {
  const system = stores.getCACertificates?.('system') ?? [];
  if (system.length === 0 && added.length === 0) return null;
  return [...new Set([...(stores.getCACertificates?.('default') ?? rootCertificates), ...system, ...added])];
}

/** Makes new connections of this thread trust these authorities (PEM); null: Node's defaults. Verification stays on. */
export function trust(given: readonly string[] | null): void {
  certificates = given;
  // Created once: parsing 150 certificates per connection would take longer than the handshake.
  context = given === null ? undefined : createSecureContext({ ca: [...given] });
}

/** The authorities last passed to trust(), to be passed on to other threads: each has its own. */
export function trustedAuthorities(): readonly string[] | null {
  return certificates;
}

/** The TLS option that makes a connection trust what this thread trusts; empty for Node's defaults. */
export function trustOption(): { readonly secureContext?: SecureContext } {
  return context === undefined ? {} : { secureContext: context };
}
