import type { ObjectHead, RestoreTier, StorageClass } from '../../main/contract/contract.ts';
import { own } from '../../main/own.ts';
import { formatMoment } from '../../main/words/format.ts';
import type { MessageKey } from '../../main/words/locales.ts';
import type { Messages } from './messages.svelte.ts';

/** From the most read class to the least read. */
export const storageClasses: readonly StorageClass[] = ['Standard', 'IA', 'Archive', 'ColdArchive', 'DeepColdArchive'];

/** The name of a storage class; an unknown one is shown as OSS writes it. */
export function storageClassText(storageClass: string, { text }: Messages): string {
  const known = storageClasses.find((one) => one === storageClass);
  return known === undefined ? storageClass : text(`storage-class.${known}`);
}

/** The options for restoring an archived object. */
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

/** How objects of the class are restored; null if they are readable as they are. */
export function restoreOffer(storageClass: string): RestoreOffer | null {
  return own(offers, storageClass) ?? null;
}

/**
 * True for the one class whose objects a bucket can let people read without a restore. OSS decides: a list doesn't tell.
 * @see https://www.alibabacloud.com/help/en/oss/user-guide/archive-direct-reading
 */
export function mayReadDirectly(storageClass: string): boolean {
  return storageClass === 'Archive';
}

interface Archivable {
  readonly storageClass: string;
  /** Missing if OSS said nothing about a restore. */
  readonly restore?: ObjectHead['restore'];
}

/** The state of the restore at `now`. An expired copy counts as none. */
export function restoreAt(restore: Archivable['restore'], now: number): ObjectHead['restore'] {
  const isOver = restore?.at === 'restored' && restore.until !== null && restore.until <= now;
  return isOver ? null : (restore ?? null);
}

/** The archive state of an object at `now`, as far as OSS says; null if it is always readable. */
export function coldness({ storageClass, restore }: Archivable, now: number): 'frozen' | 'ongoing' | 'restored' | null {
  if (restoreOffer(storageClass) === null) return null;
  return restoreAt(restore, now)?.at ?? 'frozen';
}

/** Whether the object must be restored, or restored again, before it is readable at `now`. */
export function isFrozen(object: Archivable, now: number): boolean {
  const cold = coldness(object, now);
  return cold === 'frozen' || cold === 'ongoing';
}

/** A short text on the restore of an archived object; null if it isn't archived. */
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
