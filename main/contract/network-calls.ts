import { z } from 'zod';
import type { NetworkTest } from '../http/dispatcher.ts';
import type { Authority } from '../http/trust.ts';
import { accountId, none } from './fields.ts';

export type { NetworkTest } from '../http/dispatcher.ts';
export type { Authority } from '../http/trust.ts';

/** Arguments of the calls about proxies and certificate authorities. */
export const networkCalls = {
  'network.test': z.strictObject({ accountId: accountId.nullable() }),
  'network.setPassword': z.strictObject({ password: z.string().min(1).max(1000).nullable() }),
  'network.authorities': none,
  'network.addAuthorities': none,
  'network.removeAuthority': z.strictObject({ fingerprint: z.string().max(200) }),
} satisfies Record<keyof NetworkResults, z.ZodType>;

/** Results of the calls about proxies and certificate authorities. */
export interface NetworkResults {
  /** Sends a request to the account's endpoint, or to a public one. Fails with `network` if there is no response. */
  'network.test': NetworkTest;
  /** Stores the proxy's password in the keychain; null deletes it. Without a keychain it lasts for this run. */
  'network.setPassword': null;
  /** Returns the certificate authorities that the user added. */
  'network.authorities': readonly Authority[];
  /**
   * Adds the authorities of a file and returns them all. The user picks the file in a dialog of main, so a page can't
   * make anything trusted by itself. Fails with `input` if the file holds no certificate.
   */
  'network.addAuthorities': readonly Authority[];
  /** Stops trusting an authority and returns the others. */
  'network.removeAuthority': readonly Authority[];
}
