import type { ObjectHead, RestoreTier, StorageClass } from '../../main/contract/contract.ts';
import { formatMoment } from '../../main/words/format.ts';
import type { MessageKey } from '../../main/words/locales.ts';
import type { Messages } from './messages.svelte.ts';

/** From the class read most to the one read least. */
export const storageClasses: readonly StorageClass[] = ['Standard', 'IA', 'Archive', 'ColdArchive', 'DeepColdArchive'];

/** A storage class in words; one that OSS made since then stands as OSS writes it. */
export function storageClassText(storageClass: string, { text }: Messages): string {
  const known = storageClasses.find((one) => one === storageClass);
  return known === undefined ? storageClass : text(`storage-class.${known}`);
}

/** What can be asked for when an archived object is restored. */
export interface RestoreOffer {
  readonly days: number;
  readonly tiers: readonly { readonly tier: RestoreTier; readonly takes: MessageKey }[];
}

const offers: Readonly<Record<string, RestoreOffer>> = {
  Archive: { days: 7, tiers: [{ tier: 'Standard', takes: 'restore.takes.minutes' }] },
  ColdArchive: {
    days: 365,
    tiers: [
      { tier: 'Expedited', takes: 'restore.takes.1h' },
      { tier: 'Standard', takes: 'restore.takes.5h' },
      { tier: 'Bulk', takes: 'restore.takes.12h' },
    ],
  },
  DeepColdArchive: {
    days: 365,
    tiers: [
      { tier: 'Expedited', takes: 'restore.takes.deep-12h' },
      { tier: 'Standard', takes: 'restore.takes.48h' },
    ],
  },
};

/** How objects of the class are restored; null where they can be read as they are. */
export function restoreOffer(storageClass: string): RestoreOffer | null {
  return offers[storageClass] ?? null;
}

interface Archivable {
  readonly storageClass: string;
  /** Without it, nothing was said of restoring. */
  readonly restore?: ObjectHead['restore'];
}

/** How far restoring is at `now`. A restored copy whose time is over is as if there had never been one. */
export function restoreAt(restore: Archivable['restore'], now: number): ObjectHead['restore'] {
  const isOver = restore?.at === 'restored' && restore.until !== null && restore.until <= now;
  return isOver ? null : (restore ?? null);
}

/** How archived an object is at `now`, as far as OSS says; null for what can be read at any time. */
export function coldness({ storageClass, restore }: Archivable, now: number): 'frozen' | 'ongoing' | 'restored' | null {
  if (restoreOffer(storageClass) === null) return null;
  return restoreAt(restore, now)?.at ?? 'frozen';
}

/** Whether nobody can read the object at `now` before it is restored, or restored again. */
export function isFrozen(object: Archivable, now: number): boolean {
  const cold = coldness(object, now);
  return cold === 'frozen' || cold === 'ongoing';
}

/** How far an archived object is from being readable, in a few words; null where it isn't archived. */
export function restoreStateText(
  head: Pick<ObjectHead, 'storageClass' | 'restore'>,
  messages: Messages,
  now: number,
): string | null {
  const { text, locale } = messages;
  const restore = restoreAt(head.restore, now);
  if (restoreOffer(head.storageClass) === null) return null;
  if (restore === null) return text('restore.state.frozen');
  if (restore.at === 'ongoing') return text('restore.state.ongoing');
  const { until } = restore;
  return until === null
    ? text('restore.readable')
    : text('restore.state.until', { moment: formatMoment(until, locale) });
}
