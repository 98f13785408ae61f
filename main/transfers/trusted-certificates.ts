import * as tls from 'node:tls';

interface Stores {
  getCACertificates?(type: 'default'): string[];
  setDefaultCACertificates?(certificates: string[]): void;
}

/** Node 24's calls, which count for the thread that makes them alone; Node 20 has none of them. */
const stores = tls as object as Stores;

/** The certificate authorities (PEM) that this thread trusts; null where Node cannot tell. */
export function trustedCertificates(): string[] | null {
  return stores.getCACertificates?.('default') ?? null;
}

/** Makes this thread trust what another one does. */
export function trustCertificates(certificates: string[] | null): void {
  if (certificates !== null) stores.setDefaultCACertificates?.(certificates);
}
