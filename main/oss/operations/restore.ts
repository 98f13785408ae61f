import type { Connection } from '../connection.ts';
import type { ObjectRef } from '../names.ts';
import { givenParams } from '../exchange/reply-fields.ts';
import { sendForHeaders } from '../exchange/request.ts';
import { writeXml } from '../exchange/xml.ts';

/** How soon an archived object is to be readable, the fastest (and dearest) first. */
export const restoreTiers = ['Expedited', 'Standard', 'Bulk'] as const;

/** A restoration priority. */
export type RestoreTier = (typeof restoreTiers)[number];

/** How far restoring is. `until` is in Unix milliseconds, null where OSS doesn't say. */
export type RestoreState = { readonly at: 'ongoing' } | { readonly at: 'restored'; readonly until: number | null };

/**
 * Most days that a restored copy stays, and the priorities there are, for each class that must be restored at all.
 * @see https://www.alibabacloud.com/help/en/oss/user-guide/restore-objects-for-access
 */
const restoreRules: Readonly<Record<string, { readonly days: number; readonly tiers: readonly RestoreTier[] }>> = {
  Archive: { days: 7, tiers: ['Standard'] },
  ColdArchive: { days: 365, tiers: restoreTiers },
  DeepColdArchive: { days: 365, tiers: ['Expedited', 'Standard'] },
};

/** Whether objects of the class must be restored before they can be read. */
export function isArchived(storageClass: string): boolean {
  return storageClass in restoreRules;
}

/** Whether nobody can read an object at `nowMs` before it is restored, or restored again, by what OSS says of it. */
export function isFrozen(
  { storageClass, restore }: { readonly storageClass: string; readonly restore?: RestoreState | null },
  nowMs: number,
): boolean {
  if (!isArchived(storageClass)) return false;
  if (restore?.at !== 'restored') return true;
  return restore.until !== null && restore.until <= nowMs;
}

/**
 * Asks OSS to make an archived object readable for some days. What the class does not offer becomes what comes nearest:
 * its most days, or its Standard priority.
 * @throws WaybillError `oss` with code RestoreAlreadyInProgress while an earlier request is under way
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/restoreobject
 */
export async function restoreObject(
  connection: Connection,
  { bucket, key, versionId }: ObjectRef,
  wish: { readonly storageClass: string; readonly days: number; readonly tier: RestoreTier },
  signal?: AbortSignal,
): Promise<void> {
  const { days: most, tiers } = restoreRules[wish.storageClass] ?? { days: 365, tiers: ['Standard'] };
  const tier = tiers.find((one) => one === wish.tier) ?? 'Standard';
  const body = writeXml('RestoreRequest', [
    ['Days', String(Math.min(wish.days, most))],
    // Archive has one priority, and no element for it.
    ...(tiers.length > 1 ? [['JobParameters', [['Tier', tier]]] as const] : []),
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

/** Reads `x-oss-restore`, or what a listing says in RestoreInfo. */
export function restoreStateOf(text: string | undefined): RestoreState | null {
  const ongoing = /ongoing-request="(true|false)"/.exec(text ?? '')?.[1];
  if (text === undefined || ongoing === undefined) return null;
  if (ongoing === 'true') return { at: 'ongoing' };
  const until = Date.parse(/expiry-date="([^"]+)"/.exec(text)?.[1] ?? '');
  return { at: 'restored', until: Number.isNaN(until) ? null : until };
}
