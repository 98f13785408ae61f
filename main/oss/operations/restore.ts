import { own } from '../../own.ts';
import type { Connection } from '../connection.ts';
import type { ObjectRef } from '../names.ts';
import { givenParams } from '../exchange/reply-fields.ts';
import { sendForHeaders } from '../exchange/request.ts';
import { writeXml } from '../exchange/xml.ts';

/** Restore priorities, the fastest and most expensive first. */
export const restoreTiers = ['Expedited', 'Standard', 'Bulk'] as const;

/** A restore priority. */
export type RestoreTier = (typeof restoreTiers)[number];

/**
 * Progress of a restore. `until`: when the restored copy expires, in Unix milliseconds; null if OSS doesn't report it.
 */
export type RestoreState = { readonly at: 'ongoing' } | { readonly at: 'restored'; readonly until: number | null };

/**
 * The longest life of a restored copy in days, and the available priorities, per archive class.
 * @see https://www.alibabacloud.com/help/en/oss/user-guide/restore-objects-for-access
 */
const restoreRules: Readonly<Record<string, { readonly days: number; readonly tiers: readonly RestoreTier[] }>> = {
  Archive: { days: 7, tiers: ['Standard'] },
  ColdArchive: { days: 365, tiers: restoreTiers },
  DeepColdArchive: { days: 365, tiers: ['Expedited', 'Standard'] },
};

/** Whether objects of this class must be restored before they can be read. */
export function isArchived(storageClass: string): boolean {
  return Object.hasOwn(restoreRules, storageClass);
}

/**
 * Whether an archived object can't be read at `nowMs` (Unix milliseconds): not restored, or its restored copy has
 * expired.
 */
export function isFrozen(
  { storageClass, restore }: { readonly storageClass: string; readonly restore?: RestoreState | null },
  nowMs: number,
): boolean {
  if (!isArchived(storageClass)) return false;
  if (restore?.at !== 'restored') return true;
  return restore.until !== null && restore.until <= nowMs;
}

/** What a restore asks for. */
export interface RestoreTerms {
  readonly days: number;
  readonly tier: RestoreTier;
}

/** What the storage class offers of these terms: more days become its maximum, another priority becomes Standard. */
export function offeredTerms(storageClass: string, wanted: RestoreTerms): RestoreTerms {
  const { days, tiers } = own(restoreRules, storageClass) ?? { days: 365, tiers: ['Standard'] };
  return {
    days: Math.min(wanted.days, days),
    tier: tiers.find((offered) => offered === wanted.tier) ?? 'Standard',
  };
}

/**
 * RestoreObject: makes an archived object readable for a number of days, which takes minutes to hours; of the terms, what
 * {@link offeredTerms} leaves.
 * @throws WaybillError `oss` RestoreAlreadyInProgress while an earlier request is running
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/restoreobject
 */
export async function restoreObject(
  connection: Connection,
  { bucket, key, versionId }: ObjectRef,
  options: RestoreTerms & { readonly storageClass: string },
  signal?: AbortSignal,
): Promise<void> {
  const { storageClass } = options;
  const { days, tier } = offeredTerms(storageClass, options);
  const hasTiers = (own(restoreRules, storageClass)?.tiers.length ?? 1) > 1;
  const body = writeXml('RestoreRequest', [
    ['Days', String(days)],
    // Archive has a single priority and no element for it.
    ...(hasTiers ? [['JobParameters', [['Tier', tier]]] as const] : []),
  ]);
  await sendForHeaders(connection, {
    method: 'POST',
    bucket,
    key,
    params: { restore: null, ...givenParams({ versionId }) },
    headers: { 'content-type': 'application/xml' },
    body: Buffer.from(body),
    signal,
  });
}

/** Parses the x-oss-restore header, or RestoreInfo of a listing: `ongoing-request="false", expiry-date="…"`. */
export function restoreStateOf(text: string | undefined): RestoreState | null {
  const ongoing = /ongoing-request="(true|false)"/.exec(text ?? '')?.[1];
  if (text === undefined || ongoing === undefined) return null;
  if (ongoing === 'true') return { at: 'ongoing' };
  const until = Date.parse(/expiry-date="([^"]+)"/.exec(text)?.[1] ?? '');
  return { at: 'restored', until: Number.isNaN(until) ? null : until };
}
