import tls from 'node:tls';

/** The part of node:tls that newer Nodes have: 22.15 reads the system's store, 24.5 lets all of Node trust it. */
interface Stores {
  getCACertificates?(type: 'default' | 'system'): string[];
  setDefaultCACertificates?(certificates: string[]): void;
}

/**
 * Lets every connection trust what the system trusts, beside Node's own list and NODE_EXTRA_CA_CERTS: a company's CA is
 * in the system's store. Nothing is taken away, and verification stays on. Where Node cannot do it, false.
 */
export function trustSystemCertificates(stores: Stores = tls as Stores): boolean {
  if (stores.getCACertificates === undefined || stores.setDefaultCACertificates === undefined) return false;
  const system = stores.getCACertificates('system');
  if (system.length === 0) return false;
  stores.setDefaultCACertificates([...new Set([...stores.getCACertificates('default'), ...system])]);
  return true;
}
