import { z } from 'zod';
import type { NetworkTest } from '../http/http.ts';
import type { Authority } from '../http/trust.ts';

export type { NetworkTest } from '../http/http.ts';
export type { Authority } from '../http/trust.ts';

/** Calls about how servers are reached. */
export const networkCalls = {
  'network.test': z.strictObject({ accountId: z.uuid().nullable() }),
  'network.setPassword': z.strictObject({ password: z.string().min(1).max(1000).nullable() }),
  'network.authorities': z.strictObject({}),
  'network.addAuthorities': z.strictObject({}),
  'network.removeAuthority': z.strictObject({ fingerprint: z.string().max(200) }),
} satisfies Record<keyof NetworkResults, z.ZodType>;

/** What they give back. */
export interface NetworkResults {
  /** A request to where the account is, or to OSS. */
  'network.test': NetworkTest;
  /** The proxy's password, kept in the keychain; null forgets it. */
  'network.setPassword': null;
  'network.authorities': readonly Authority[];
  /** A person chooses the file: a page cannot make anything trusted by itself. */
  'network.addAuthorities': readonly Authority[];
  'network.removeAuthority': readonly Authority[];
}
